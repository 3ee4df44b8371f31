//! Facts put into the tables, and taken out again.

use alloc::string::String;
use alloc::vec::Vec;

use super::{EVERYONE, Edge, Grant, GroupRow, REALM, Row, Spans, State, Terms};
use crate::id::{GrantId, GroupId, PersonId, RoleId, ScopeId, UserId};
use crate::limits::CONDITIONS_MAX;
use crate::view::fact::{Effect, Fact, FactChange, FactKey, GrantFact, Member, Principal, Via};
use crate::view::order;
use crate::view::snapshot::StateError;

/// What several changes leave to be worked out.
#[derive(Default)]
pub(crate) struct Edited {
    /// Groups whose lines are no longer true, and those of all groups below them.
    groups: Vec<u32>,
    /// More conditions than a set can hold.
    too_many_conditions: bool,
}

impl State {
    /// Puts or drops a fact and gives the change that takes it back.
    pub(crate) fn put(&mut self, change: FactChange, edited: &mut Edited) -> FactChange {
        let FactChange { key, fact } = change;
        let before = match (&key, fact) {
            (FactKey::Org, fact) => self.put_org(fact.as_ref()),
            (FactKey::Role(id), fact) => self.put_role(*id, fact, edited),
            (FactKey::Scope(id), fact) => self.put_scope(id, fact),
            (FactKey::Group(id), fact) => self.put_group(*id, fact, edited),
            (FactKey::User(id), fact) => self.put_user(*id, fact),
            (FactKey::Edge(member, group, via), fact) => self.put_edge(*member, (*group, *via), fact, edited),
            (FactKey::Grant(..), fact) => self.put_grant(&key, fact, edited),
            (FactKey::Person(user), fact) => self.put_person(*user, fact.as_ref()),
        };
        FactChange { key, fact: before }
    }

    /// Works out what follows from the changes that `edited` saw.
    pub(crate) fn settle(&mut self, edited: &Edited) {
        if !edited.groups.is_empty() {
            self.derive_below(&edited.groups);
        }
    }

    fn put_org(&mut self, fact: Option<&Fact>) -> Option<Fact> {
        let before = self.org_enabled.map(|enabled| Fact::Org { enabled });
        self.org_enabled = if let Some(Fact::Org { enabled }) = fact { Some(*enabled) } else { None };
        before
    }

    fn put_role(&mut self, id: RoleId, fact: Option<Fact>, edited: &mut Edited) -> Option<Fact> {
        let role = self.role_number(id);
        let before = self.role_fact(role);
        let (present, name, permissions, includes) = match fact {
            Some(Fact::Role { name, permissions, includes }) => (true, name, permissions, includes),
            _ => (false, String::new(), Vec::new(), Vec::new()),
        };
        let mut numbers: Vec<u32> =
            permissions.iter().map(|permission| self.permissions.names.number(permission)).collect();
        order::sort(&mut numbers);
        self.set_permissions(role, &numbers);
        for included in self.roles.includes.get(role).to_vec() {
            self.roles.unname_once(included);
        }
        let mut numbers: Vec<u32> = includes.iter().map(|id| self.role_number(*id)).collect();
        order::sort(&mut numbers);
        numbers.iter().for_each(|included| self.roles.name_once(*included));
        self.roles.includes.replace(role, &numbers);
        self.roles.names.set(role, &name);
        if let Some(row) = self.roles.rows.get_mut(role as usize) {
            row.present = present;
        }
        edited.groups.extend_from_slice(self.roles.holders.get(role));
        before
    }

    fn set_permissions(&mut self, role: u32, permissions: &[u32]) {
        for permission in self.roles.permissions.get(role).to_vec() {
            if let Ok(at) = self.permissions.roles.get(permission).binary_search(&role) {
                self.permissions.roles.remove(permission, at);
            }
        }
        self.roles.permissions.replace(role, permissions);
        for permission in permissions {
            let at = self.permissions.roles.get(*permission).partition_point(|one| *one < role);
            self.permissions.roles.insert(*permission, at, role);
        }
    }

    /// The number of a role, which is added if need be: then not present yet.
    fn role_number(&mut self, id: RoleId) -> u32 {
        self.roles.find(id).unwrap_or_else(|| self.roles.push(id, false))
    }

    fn put_scope(&mut self, id: &ScopeId, fact: Option<Fact>) -> Option<Fact> {
        let scope = self.scopes.number(id.as_str());
        let before = self.scope_fact(scope);
        let parents = if let Some(Fact::Scope { parents }) = fact { parents } else { Vec::new() };
        let mut numbers: Vec<u32> =
            parents.iter().map(|parent| self.scopes.number(parent.as_str())).collect();
        order::sort(&mut numbers);
        self.scopes.set_parents(scope, &numbers);
        before
    }

    fn put_group(&mut self, id: GroupId, fact: Option<Fact>, edited: &mut Edited) -> Option<Fact> {
        let group = self.group_number(id);
        let before = self.group_fact(group);
        let (slug, state) = match fact {
            Some(Fact::Group { slug, state }) => (slug, Some(state)),
            _ => (String::new(), None),
        };
        self.groups.slugs.set(group, &slug);
        if let Some(row) = self.groups.rows.get_mut(group as usize)
            && row.state != state
        {
            row.state = state;
            edited.groups.push(group);
        }
        before
    }

    /// The number of a group, which is added if need be: then without a state yet.
    fn group_number(&mut self, id: GroupId) -> u32 {
        let row = GroupRow { id, state: None, usual: Via::Manual, members: 0 };
        self.groups.find(id).unwrap_or_else(|| self.groups.push(row))
    }

    fn put_user(&mut self, id: UserId, fact: Option<Fact>) -> Option<Fact> {
        let user = self.users.number(id);
        let before = self.user_fact(user);
        let (present, name, active) = match fact {
            Some(Fact::User { name, active }) => (true, name, active),
            _ => (false, String::new(), false),
        };
        if self.users.has_names {
            self.users.names.set(user, &name);
        }
        let is_plain = matches!(self.users.row(user), Some(Row::Plain(_)));
        if is_plain && present && active {
            return before;
        }
        if let Some(more) = self.users.more_mut(user, &self.groups) {
            (more.present, more.active) = (present, active);
        }
        before
    }

    fn put_edge(
        &mut self,
        member: Member,
        (group, via): (GroupId, Via),
        fact: Option<Fact>,
        edited: &mut Edited,
    ) -> Option<Fact> {
        let group = self.group_number(group);
        let spans = if let Some(Fact::Edge { spans }) = fact { Some(Spans::new(&spans)) } else { None };
        let is_in = spans.is_some();
        let before = match member {
            Member::User(id) => {
                self.settle_usual(group, via);
                let user = self.users.number(id);
                let before = self.users.set_edge(user, (group, via), spans, &self.groups);
                if let Some(row) = self.groups.rows.get_mut(group as usize) {
                    row.members = row.members + u32::from(is_in) - u32::from(before.is_some());
                }
                before
            }
            Member::Group(id) => {
                let below = self.group_number(id);
                edited.groups.push(below);
                self.set_parent(below, (group, via), spans)
            }
        };
        before.map(|spans| Fact::Edge { spans: spans.as_slice().to_vec() })
    }

    /// A group without members takes the first one's origin for its usual one.
    fn settle_usual(&mut self, group: u32, via: Via) {
        if let Some(row) = self.groups.rows.get_mut(group as usize)
            && row.members == 0
        {
            row.usual = via;
        }
    }

    fn set_parent(&mut self, below: u32, (group, via): (u32, Via), spans: Option<Spans>) -> Option<Spans> {
        let parents = self.groups.parents.get(below);
        match (parents.binary_search_by_key(&(group, via), Edge::key), spans) {
            (Ok(at), Some(spans)) => {
                let edge = self.groups.parents.get_mut(below).get_mut(at)?;
                Some(core::mem::replace(&mut edge.spans, spans))
            }
            (Ok(at), None) => {
                let before = parents.get(at)?.spans.clone();
                self.groups.parents.remove(below, at);
                let child = self.groups.children.get(group).iter().position(|child| *child == below);
                child.into_iter().for_each(|at| self.groups.children.remove(group, at));
                Some(before)
            }
            (Err(at), Some(spans)) => {
                self.groups.parents.insert(below, at, Edge { group, via, spans });
                self.groups.children.append(group, below);
                None
            }
            (Err(_), None) => None,
        }
    }

    fn put_grant(&mut self, key: &FactKey, fact: Option<Fact>, edited: &mut Edited) -> Option<Fact> {
        let FactKey::Grant(principal, id) = key else { return None };
        let grant = match fact {
            Some(Fact::Grant(fact)) => {
                let grant = self.grant_of(*id, &fact, edited);
                self.count_grant(&grant);
                Some(grant)
            }
            _ => None,
        };
        let before = match principal {
            Principal::Everyone => self.set_group_grant(EVERYONE, *id, grant, edited),
            Principal::Group(group) => {
                let group = self.group_number(*group);
                self.set_group_grant(group, *id, grant, edited)
            }
            Principal::User(user) => {
                let user = self.users.number(*user);
                if grant.is_none() && matches!(self.users.row(user), Some(Row::Plain(_))) {
                    return None;
                }
                let more = self.users.more_mut(user, &self.groups)?;
                replaced(&mut more.grants, *id, grant)
            }
            Principal::Person(person) => self.set_person_grant(*person, *id, grant),
        }?;
        self.discount_grant(&before);
        Some(self.grant_fact(&before))
    }

    fn grant_of(&mut self, id: GrantId, fact: &GrantFact, edited: &mut Edited) -> Grant {
        let mut requires = 0;
        for condition in &fact.requires {
            match self.condition_number(condition) {
                Some(at) => requires |= 1 << at,
                None => edited.too_many_conditions = true,
            }
        }
        let role = self.role_number(fact.role);
        let scope = self.scopes.number(fact.scope.as_str());
        Grant::new(id, role, (scope, fact.reach, fact.effect), Terms::new(requires, fact.span))
    }

    fn condition_number(&mut self, name: &str) -> Option<usize> {
        let known = self.conditions.all.iter().position(|one| one == name);
        // A place is never given to another name: a caller may still hold a set that means the first one.
        known.or_else(|| {
            (self.conditions.all.len() < CONDITIONS_MAX).then(|| {
                self.conditions.all.push(String::from(name));
                self.conditions.all.len() - 1
            })
        })
    }

    /// Counts what a grant names.
    pub(super) fn count_grant(&mut self, grant: &Grant) {
        self.roles.name_once(grant.role);
        self.scopes.count_grant(grant.scope());
        if grant.effect() == Effect::Deny {
            self.roles.deny(grant.role);
        }
    }

    fn discount_grant(&mut self, grant: &Grant) {
        self.roles.unname_once(grant.role);
        self.scopes.discount_grant(grant.scope());
    }

    fn set_group_grant(
        &mut self,
        group: u32,
        id: GrantId,
        grant: Option<Grant>,
        edited: &mut Edited,
    ) -> Option<Grant> {
        edited.groups.push(group);
        let at = self.grants.get(group).binary_search_by_key(&id, |grant| grant.id);
        let before = at.ok().and_then(|at| self.grants.get(group).get(at).cloned());
        if let Some(before) = &before {
            let holders = self.roles.holders.get(before.role);
            let held = holders.iter().position(|holder| *holder == group);
            held.into_iter().for_each(|at| self.roles.holders.remove(before.role, at));
        }
        if let Some(grant) = &grant {
            self.roles.holders.append(grant.role, group);
        }
        match (at, grant) {
            (Ok(at), Some(grant)) => {
                if let Some(slot) = self.grants.get_mut(group).get_mut(at) {
                    *slot = grant;
                }
            }
            (Ok(at), None) => self.grants.remove(group, at),
            (Err(at), Some(grant)) => self.grants.insert(group, at, grant),
            (Err(_), None) => {}
        }
        before
    }

    fn set_person_grant(&mut self, person: PersonId, id: GrantId, grant: Option<Grant>) -> Option<Grant> {
        let at = self.persons.binary_search_by_key(&person, |(one, _)| *one);
        match (at, grant) {
            (Err(_), None) => None,
            (Err(at), Some(grant)) => {
                self.persons.insert(at, (person, alloc::vec![grant]));
                None
            }
            (Ok(at), grant) => {
                let (_, grants) = self.persons.get_mut(at)?;
                let before = replaced(grants, id, grant);
                if grants.is_empty() {
                    self.persons.remove(at);
                }
                before
            }
        }
    }

    fn put_person(&mut self, user: UserId, fact: Option<&Fact>) -> Option<Fact> {
        let user = self.users.number(user);
        let person = if let Some(Fact::Person { id }) = fact { Some(*id) } else { None };
        if person.is_none() && matches!(self.users.row(user), Some(Row::Plain(_))) {
            return None;
        }
        let more = self.users.more_mut(user, &self.groups)?;
        let before = core::mem::replace(&mut more.person, person);
        before.map(|id| Fact::Person { id })
    }

    /// Whether what the changed facts name is there, and nothing names those that were dropped.
    pub(crate) fn check(&self, keys: &[FactKey], edited: &Edited) -> Result<(), StateError> {
        if edited.too_many_conditions {
            return Err(StateError::TooManyConditions);
        }
        keys.iter().try_for_each(|key| self.check_one(key))
    }

    fn check_one(&self, key: &FactKey) -> Result<(), StateError> {
        match key {
            FactKey::Org if self.org_enabled.is_none() => Err(StateError::NoOrg),
            FactKey::Org => Ok(()),
            FactKey::Role(id) => self.check_role(*id),
            FactKey::Scope(id) => self.check_scope(id),
            FactKey::Group(id) => self.check_group(*id),
            FactKey::User(id) | FactKey::Person(id) => self.check_user(*id),
            FactKey::Edge(member, group, _) => {
                self.check_group(*group)?;
                match member {
                    Member::User(id) => self.check_user(*id),
                    Member::Group(id) => self.check_group(*id),
                }
            }
            FactKey::Grant(principal, id) => self.check_grant(*principal, *id),
        }
    }

    /// A role is there, or nothing names it.
    fn check_role(&self, id: RoleId) -> Result<(), StateError> {
        let role = self.roles.find(id);
        let row = role.and_then(|role| self.roles.rows.get(role as usize));
        if row.is_some_and(|row| !row.present && row.named > 0) {
            return Err(StateError::UnknownRole(id));
        }
        let includes = role.map_or(&[][..], |role| self.roles.includes.get(role));
        let absent =
            includes.iter().find(|one| self.roles.rows.get(**one as usize).is_none_or(|row| !row.present));
        absent.map_or(Ok(()), |absent| Err(StateError::UnknownRole(self.roles.id(*absent))))
    }

    /// A group is there, or nothing names it.
    fn check_group(&self, id: GroupId) -> Result<(), StateError> {
        let Some(group) = self.groups.find(id) else { return Ok(()) };
        let Some(row) = self.groups.rows.get(group as usize) else { return Ok(()) };
        let is_named = row.members > 0
            || !self.groups.parents.get(group).is_empty()
            || !self.groups.children.get(group).is_empty()
            || !self.grants.get(group).is_empty();
        if row.state.is_none() && is_named { Err(StateError::UnknownGroup(id)) } else { Ok(()) }
    }

    /// A user is there, or nothing names one.
    fn check_user(&self, id: UserId) -> Result<(), StateError> {
        match self.users.find(id).and_then(|user| self.users.row(user)) {
            Some(Row::More(more)) if !more.present => {
                let is_named = more.person.is_some() || !more.edges.is_empty() || !more.grants.is_empty();
                if is_named { Err(StateError::UnknownUser(id)) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    fn check_grant(&self, principal: Principal, id: GrantId) -> Result<(), StateError> {
        let (grants, is_person) = match principal {
            Principal::Everyone => (self.grants.get(EVERYONE), false),
            Principal::Group(group) => {
                self.check_group(group)?;
                (self.groups.find(group).map_or(&[][..], |group| self.grants.get(group)), false)
            }
            Principal::User(user) => {
                self.check_user(user)?;
                match self.users.find(user).and_then(|user| self.users.row(user)) {
                    Some(Row::More(more)) => (more.grants.as_slice(), false),
                    _ => (&[][..], false),
                }
            }
            Principal::Person(person) => (self.grants_of_person(person), true),
        };
        let Ok(at) = grants.binary_search_by_key(&id, |grant| grant.id) else { return Ok(()) };
        let Some(grant) = grants.get(at) else { return Ok(()) };
        if grant.scope() == REALM && !is_person {
            return Err(StateError::RealmGrant(id));
        }
        self.check_role(self.roles.id(grant.role))
    }

    /// Neither the scope nor one below it lies above itself, or below too many others.
    ///
    /// Cost: if others lie below it, all scopes.
    fn check_scope(&self, id: &ScopeId) -> Result<(), StateError> {
        let Some(scope) = self.scopes.names.find(id.as_str()) else { return Ok(()) };
        let all = 0..self.scopes.len() as u32;
        let mut moved = if self.scopes.has_below(scope) { all } else { scope..scope + 1 };
        match moved.find(|one| self.scopes.is_tangled(*one)) {
            Some(tangled) => Err(StateError::ScopeCycle(self.scope_id(tangled))),
            None => Ok(()),
        }
    }
}

/// Puts a grant in place, or takes it out; what it was before.
fn replaced(grants: &mut Vec<Grant>, id: GrantId, grant: Option<Grant>) -> Option<Grant> {
    match (grants.binary_search_by_key(&id, |grant| grant.id), grant) {
        (Ok(at), Some(grant)) => grants.get_mut(at).map(|slot| core::mem::replace(slot, grant)),
        (Ok(at), None) => Some(grants.remove(at)),
        (Err(at), Some(grant)) => {
            grants.insert(at, grant);
            None
        }
        (Err(_), None) => None,
    }
}
