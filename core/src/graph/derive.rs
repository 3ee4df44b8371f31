//! From a change to the facts that follow from it.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::Graph;
use super::owners::by_hand;
use crate::change::Change;
use crate::id::{GrantId, GroupId, PersonId, Span, UserId};
use crate::model::{EdgeKey, EdgeKind, Grant, Group, User};
use crate::view::{Fact, FactChange, FactKey, GrantFact, Member, Principal, Via};

impl Graph {
    /// Carries out a change that was checked and does not hold yet.
    pub(super) fn carry_out(&mut self, change: &Change) {
        match change {
            Change::SetOrg { enabled } => {
                self.enabled = *enabled;
                self.put(FactKey::Org, Some(Fact::Org { enabled: *enabled }));
            }
            Change::SetUser(user) => self.set_user(user),
            Change::RemoveUser(id) => self.remove_user(*id),
            Change::SetPerson { user, person } => self.set_person(*user, *person),
            Change::SetGroup(group) => self.set_group(group),
            Change::RemoveGroup(id) => self.remove_group(*id),
            Change::SetEdge(key, span) => {
                self.owners.remove(key);
                self.set_edge(key, *span);
            }
            Change::SetOwner { group, user, span } => {
                let key = by_hand(*user, *group);
                self.owners.insert(key);
                self.set_edge(&key, *span);
            }
            Change::RemoveEdge(key) => self.remove_edge(key),
            Change::SetRole(role) => self.set_role(role),
            Change::RemoveRole(id) => self.remove_role(*id),
            Change::SetScope { scope, parents } => self.set_scope(scope, Some(parents)),
            Change::RemoveScope(scope) => self.set_scope(scope, None),
            Change::SetGrant(grant) => {
                self.remove_grant(grant.id);
                self.put(FactKey::Grant(grant.principal, grant.id), Some(grant_fact(grant)));
                self.role_index.learn_grant(grant.role, grant.id);
                self.conditions.learn(grant);
                self.grants.insert(grant.id, grant.clone());
            }
            Change::RemoveGrant(id) => self.remove_grant(*id),
        }
    }

    /// Replaces a fact, and remembers what it was when the change began.
    pub(super) fn put(&mut self, key: FactKey, fact: Option<Fact>) {
        if let FactKey::Edge(member, group, via) = key {
            match fact {
                Some(_) => self.facts_by_group.insert((group, member, via)),
                None => self.facts_by_group.remove(&(group, member, via)),
            };
        }
        let puts = fact.is_some();
        let before = match fact {
            Some(fact) => self.facts.insert(key.clone(), fact),
            None => self.facts.remove(&key),
        };
        if puts || before.is_some() {
            self.replaced.entry(key).or_insert(before);
        }
    }

    /// The facts that are not what they were when the change began, each with what it was, in the order of their
    /// keys.
    pub(super) fn changed_facts(&mut self) -> Vec<(FactChange, Option<Fact>)> {
        let replaced = core::mem::take(&mut self.replaced);
        let changed = replaced.into_iter().filter(|(key, before)| self.facts.get(key) != before.as_ref());
        let now =
            changed.map(|(key, before)| (FactChange { fact: self.facts.get(&key).cloned(), key }, before));
        now.collect()
    }

    fn set_user(&mut self, user: &User) {
        let fact = Fact::User { name: user.name.clone(), active: user.active };
        self.put(FactKey::User(user.id), Some(fact));
        let before = self.users.insert(user.id, user.clone());
        // To a rule, all fields of a new user are news, the absent ones too.
        let rules: BTreeSet<GroupId> = match &before {
            Some(before) => {
                let fields = user.profile.changed_fields(&before.profile);
                fields.flat_map(|field| self.rules.comparing(field)).collect()
            }
            None => self.rules.all().collect(),
        };
        for group in rules {
            self.derive_rule(user.id, group);
        }
        self.follow_user(before.as_ref(), Some(user));
    }

    fn remove_user(&mut self, id: UserId) {
        self.remove_what_names(Member::User(id));
        self.set_person(id, None);
        let before = self.users.remove(&id);
        let ruled: Vec<GroupId> = self.memberships(Member::User(id)).map(|(group, ..)| group).collect();
        for group in ruled {
            self.put(FactKey::Edge(Member::User(id), group, Via::Rule), None);
        }
        self.cut.retain(|(user, _), _| *user != id);
        self.put(FactKey::User(id), None);
        self.follow_user(before.as_ref(), None);
    }

    fn set_person(&mut self, user: UserId, person: Option<PersonId>) {
        match person {
            Some(person) => self.persons.insert(user, person),
            None => self.persons.remove(&user),
        };
        self.put(FactKey::Person(user), person.map(|id| Fact::Person { id }));
    }

    fn set_group(&mut self, group: &Group) {
        let fact = Fact::Group { slug: group.slug.clone(), state: group.state };
        self.put(FactKey::Group(group.id), Some(fact));
        let before = self.groups.insert(group.id, group.clone());
        if let Some(before) = &before {
            self.slugs.remove(&(before.slug.to_lowercase(), group.id));
        }
        self.slugs.insert((group.slug.to_lowercase(), group.id));
        if before.and_then(|before| before.rule) == group.rule {
            return;
        }
        self.index_rule(group);
        for user in self.users.keys().copied().collect::<Vec<_>>() {
            self.derive_rule(user, group.id);
        }
    }

    fn remove_group(&mut self, id: GroupId) {
        self.remove_what_names(Member::Group(id));
        if let Some(before) = self.groups.remove(&id) {
            self.slugs.remove(&(before.slug.to_lowercase(), id));
        }
        self.rules.forget(id);
        let ruled: Vec<Member> = self.members(id).map(|(member, _)| member).collect();
        for member in ruled {
            self.put(FactKey::Edge(member, id, Via::Rule), None);
        }
        self.cut.retain(|(_, group), _| *group != id);
        self.put(FactKey::Group(id), None);
    }

    /// Removes the edges and grants that name a user or a group.
    fn remove_what_names(&mut self, member: Member) {
        for key in self.edges_touching(member) {
            self.remove_edge(&key);
        }
        for id in self.grants_naming(member) {
            self.remove_grant(id);
        }
    }

    /// The edges of a user, or those into and out of a group.
    pub(super) fn edges_touching(&self, member: Member) -> Vec<EdgeKey> {
        let least = EdgeKey {
            group: GroupId::from_u128(0),
            member: Member::User(UserId::from_u128(0)),
            kind: EdgeKind::Include,
            via: Via::Manual,
        };
        let from_member = self.edges_by_member.range((member, least)..);
        let from_member = from_member.take_while(|(one, _)| *one == member).map(|(_, key)| *key);
        let group = match member {
            Member::User(_) => None,
            Member::Group(id) => Some(id),
        };
        let into_group = group.into_iter().flat_map(|group| {
            let from = EdgeKey { group, ..least };
            self.edges.range(from..).map(|(key, _)| *key).take_while(move |key| key.group == group)
        });
        from_member.chain(into_group).collect()
    }

    /// The grants whose principal is this user or group.
    pub(super) fn grants_naming(&self, member: Member) -> Vec<GrantId> {
        let principal = match member {
            Member::User(id) => Principal::User(id),
            Member::Group(id) => Principal::Group(id),
        };
        let first = FactKey::Grant(principal, GrantId::from_u128(0));
        let keys = self.facts.range(first..).map(|(key, _)| key);
        keys.map_while(|key| match key {
            FactKey::Grant(to, id) if *to == principal => Some(*id),
            _ => None,
        })
        .collect()
    }

    fn set_edge(&mut self, key: &EdgeKey, span: Span) {
        self.edges.insert(*key, span);
        self.edges_by_member.insert((key.member, *key));
        self.derive_edge(key);
    }

    fn remove_edge(&mut self, key: &EdgeKey) {
        self.owners.remove(key);
        self.edges.remove(key);
        self.edges_by_member.remove(&(key.member, *key));
        self.derive_edge(key);
    }

    fn derive_edge(&mut self, key: &EdgeKey) {
        match (key.kind, key.member) {
            (EdgeKind::Include, _) => {
                let fact = self.edges.get(key).map(|span| Fact::Edge { spans: alloc::vec![*span] });
                self.put(FactKey::Edge(key.member, key.group, key.via), fact);
            }
            (EdgeKind::Exclude, Member::User(user)) => self.derive_rule(user, key.group),
            (EdgeKind::Exclude, Member::Group(_)) => {}
        }
    }

    pub(super) fn remove_grant(&mut self, id: GrantId) {
        if let Some(grant) = self.grants.remove(&id) {
            self.role_index.forget_grant(grant.role, id);
            self.conditions.forget(&grant);
            self.put(FactKey::Grant(grant.principal, id), None);
        }
    }
}

fn grant_fact(grant: &Grant) -> Fact {
    let requires: BTreeSet<String> = grant.requires.iter().cloned().collect();
    Fact::Grant(GrantFact {
        role: grant.role,
        scope: grant.scope.clone(),
        reach: grant.reach,
        effect: grant.effect,
        requires: requires.into_iter().collect(),
        span: grant.span,
    })
}
