//! Facts put into the tables, and taken out again.

use alloc::vec::Vec;

use super::grant::Terms;
use super::{EVERYONE, Edge, Grant, Grants, Spans, State};
use crate::view::fact::{GroupState, Via};
use crate::view::format::{DENY, DROPPED};
use crate::view::keys::key_in;
use crate::view::told::{self, Tag, Told};
use crate::view::wire::Writer;

/// What several changes leave to be worked out.
#[derive(Default)]
pub(crate) struct Edited {
    /// Groups whose lines are no longer true, and those of all groups below them.
    groups: Vec<u32>,
    /// More conditions than a set can hold.
    pub(super) too_many_conditions: bool,
}

impl State {
    /// Puts or drops a fact, and writes the change that takes it back to `undo`.
    pub(crate) fn put(&mut self, told: &Told<'_>, spans: &[u32], undo: &mut Writer, edited: &mut Edited) {
        let at = undo.as_bytes().len();
        undo.u8(0);
        undo.raw(told.key);
        let value_at = undo.as_bytes().len();
        let was_there = match told.tag {
            Tag::Org => self.put_org(told, undo),
            Tag::Role => self.put_role(told, undo, edited),
            Tag::Scope => self.put_scope(told, undo),
            Tag::Group => self.put_group(told, undo, edited),
            Tag::User => self.put_user(told, undo),
            Tag::Edge => self.put_edge(told, spans, undo, edited),
            Tag::Grant => self.put_grant(told, spans, undo, edited),
            Tag::Person => self.put_person(told, undo),
        };
        if was_there {
            undo.set(at, told.tag as u8);
        } else {
            undo.set(at, told.tag as u8 | DROPPED);
            undo.truncate(value_at);
        }
    }

    /// Works out what follows from the changes that `edited` saw.
    pub(crate) fn settle(&mut self, edited: &Edited) {
        if !edited.groups.is_empty() {
            self.derive_below(&edited.groups);
        }
    }

    fn put_org(&mut self, told: &Told<'_>, undo: &mut Writer) -> bool {
        let before = self.org_enabled;
        undo.u8(u8::from(before == Some(true)));
        self.org_enabled = (!told.is_dropped).then_some(told.flags == 1);
        before.is_some()
    }

    fn put_role(&mut self, told: &Told<'_>, undo: &mut Writer, edited: &mut Edited) -> bool {
        let role = self.roles.number(&told.id);
        let was_there = self.tell_role(role, undo);
        let Self { roles, permissions, .. } = self;
        for permission in roles.permissions.get(role).to_vec() {
            permissions.roles.remove(permission, role);
        }
        roles.permissions.replace(role, &[]);
        told.texts.each(&mut |name| {
            let permission = permissions.names.number(name);
            roles.permissions.insert(role, permission);
            permissions.roles.insert(permission, role);
            permissions.mark_role(permission, role, roles.is_denied(role));
        });
        for included in roles.includes.get(role).to_vec() {
            roles.name(included, -1);
        }
        roles.includes.replace(role, &[]);
        for id in told.includes {
            let included = roles.number(&key_in(id));
            roles.name(included, 1);
            roles.includes.insert(role, included);
        }
        roles.names.set(role, told.text);
        if let Some(row) = roles.rows.get_mut(role as usize) {
            row.present = !told.is_dropped;
        }
        edited.groups.extend_from_slice(roles.holders.get(role));
        was_there
    }

    fn put_scope(&mut self, told: &Told<'_>, undo: &mut Writer) -> bool {
        let scope = self.scopes.number(told.text);
        let was_there = self.tell_scope(scope, undo);
        let mut parents = Vec::new();
        told.texts.each(&mut |text| {
            let parent = self.scopes.number(text);
            parents.insert(parents.partition_point(|one| *one < parent), parent);
        });
        self.scopes.set_parents(scope, &parents);
        was_there
    }

    fn put_group(&mut self, told: &Told<'_>, undo: &mut Writer, edited: &mut Edited) -> bool {
        let group = self.groups.number(&told.id);
        let was_there = self.tell_group(group, undo);
        self.groups.slugs.set(group, told.text);
        let state = (!told.is_dropped).then_some(GroupState::of(told.flags));
        if let Some(row) = self.groups.rows.get_mut(group as usize)
            && row.state != state
        {
            row.state = state;
            edited.groups.push(group);
        }
        was_there
    }

    fn put_user(&mut self, told: &Told<'_>, undo: &mut Writer) -> bool {
        let user = self.users.number(&told.id);
        let was_there = self.tell_user(user, undo);
        if self.users.has_names {
            self.users.names.set(user, told.text);
        }
        self.users.set_state(user, (!told.is_dropped, told.flags == 1), &self.groups);
        was_there
    }

    fn put_edge(&mut self, told: &Told<'_>, spans: &[u32], undo: &mut Writer, edited: &mut Edited) -> bool {
        let key = (self.groups.number(&told.id), Via::of(told.via));
        let (group, via) = key;
        let mut words = Vec::new();
        if !told.is_dropped {
            Edge { group, via, spans: Spans::new(spans) }.push(&mut words);
        }
        let (kind, holder) = told.holder;
        let mut was_there = false;
        if kind == told::USER {
            let user = self.users.number(&holder);
            self.each_edge(user, &mut |edge| was_there |= edge.tell_if(key, undo));
            let Self { groups, users, .. } = self;
            let row = groups.rows.get_mut(group as usize);
            if let Some(row) = row {
                if row.members == 0 {
                    // A group without members takes the first one's origin for its usual one.
                    row.usual = via;
                }
                row.members = row.members + u32::from(!told.is_dropped) - u32::from(was_there);
            }
            users.set_edge(user, key, &words, groups);
            return was_there;
        }
        let below = self.groups.number(&holder);
        edited.groups.push(below);
        self.groups.parents(below).for_each(|edge| was_there |= edge.tell_if(key, undo));
        let at = self.groups.parents(below).at(key);
        self.groups.parents.splice(below, at, &words);
        if was_there {
            self.groups.children.remove(group, below);
        }
        if !told.is_dropped {
            self.groups.children.insert(group, below);
        }
        was_there
    }

    fn put_grant(&mut self, told: &Told<'_>, spans: &[u32], undo: &mut Writer, edited: &mut Edited) -> bool {
        let mut words = Vec::new();
        let terms = if told.is_dropped { None } else { Some(self.terms(told, edited)) };
        if let Some(terms) = &terms {
            Grant::push(&mut words, &told.id, terms, spans);
            self.count_grant(terms);
        }
        let (kind, holder) = told.holder;
        let number = match kind {
            told::USER => self.users.number(&holder),
            told::GROUP => self.groups.number(&holder),
            told::EVERYONE => EVERYONE,
            _ => self.persons.number(&holder),
        };
        let before = self.grants_of(kind, number).get(&told.id);
        let before = before.map(|grant| {
            self.tell_grant(&grant, undo);
            (grant.role(), grant.scope())
        });
        let is_group = matches!(kind, told::GROUP | told::EVERYONE);
        let lists = match kind {
            told::USER => None,
            told::PERSON => Some(&mut self.person_grants),
            _ => Some(&mut self.grants),
        };
        match lists {
            None => self.users.set_grant(number, &told.id, &words, &self.groups),
            Some(lists) => {
                let at = Grants::new(lists.get(number)).at(&told.id);
                lists.splice(number, at, &words);
            }
        }
        if let Some((role, scope)) = before {
            self.roles.name(role, -1);
            self.scopes.count_grant(scope, -1);
        }
        if is_group {
            edited.groups.push(number);
            before.iter().for_each(|(role, _)| self.roles.holders.remove(*role, number));
            terms.iter().for_each(|terms| self.roles.holders.insert(terms.role, number));
        }
        before.is_some()
    }

    /// The grants to somebody of a kind and number.
    pub(super) fn grants_of(&self, kind: u8, number: u32) -> Grants<'_> {
        match kind {
            told::PERSON => self.grants_of_person(Some(number)),
            told::USER => self.users.row(number).grants(),
            _ => self.grants(number),
        }
    }

    /// What the tables call what a grant is told to say.
    fn terms(&mut self, told: &Told<'_>, edited: &mut Edited) -> Terms {
        let mut requires = 0;
        told.texts.each(&mut |condition| match self.conditions.learn(condition) {
            Some(bit) => requires |= 1 << bit,
            None => edited.too_many_conditions = true,
        });
        let (role, scope) = (self.roles.number(&told.other), self.scopes.number(told.scope));
        Terms { role, scope, flags: told.flags, requires }
    }

    /// Counts what a grant names.
    pub(super) fn count_grant(&mut self, terms: &Terms) {
        let Self { roles, permissions, scopes, .. } = self;
        roles.name(terms.role, 1);
        scopes.count_grant(terms.scope, 1);
        if terms.flags & DENY == 0 {
            return;
        }
        if let Some(row) = roles.rows.get_mut(terms.role as usize) {
            row.denied = true;
        }
        for permission in roles.permissions.get(terms.role) {
            permissions.mark_role(*permission, terms.role, true);
        }
    }

    fn put_person(&mut self, told: &Told<'_>, undo: &mut Writer) -> bool {
        let user = self.users.number(&told.id);
        let before = self.users.row(user).person();
        undo.uuid(self.persons.get(before.unwrap_or(u32::MAX)));
        let person = if told.is_dropped { None } else { Some(self.persons.number(&told.other)) };
        self.users.set_person(user, person, &self.groups);
        before.is_some()
    }
}
