//! From the tables back to facts.

use alloc::string::String;
use alloc::vec::Vec;

use super::{EVERYONE, GROUPS_FROM, Grant, NOBODY, Row, SCOPES_FROM, State};
use crate::id::{ScopeId, Span};
use crate::view::fact::{Fact, FactKey, Facts, GrantFact, Member, Principal, Via};
use crate::view::order;

impl State {
    /// Everything that the tables say.
    pub(crate) fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        facts.extend(self.org_enabled.map(|enabled| (FactKey::Org, Fact::Org { enabled })));
        for role in 0..self.roles.rows.len() as u32 {
            facts.extend(self.role_fact(role).map(|fact| (FactKey::Role(self.roles.id(role)), fact)));
        }
        for scope in SCOPES_FROM..self.scopes.len() as u32 {
            facts.extend(self.scope_fact(scope).map(|fact| (FactKey::Scope(self.scope_id(scope)), fact)));
        }
        for grant in self.grants.get(EVERYONE) {
            facts.insert(FactKey::Grant(Principal::Everyone, grant.id), self.grant_fact(grant));
        }
        for group in GROUPS_FROM..self.groups.rows.len() as u32 {
            self.add_group_facts(group, &mut facts);
        }
        for user in 0..self.users.len() as u32 {
            self.add_user_facts(user, &mut facts);
        }
        for (person, grants) in &self.persons {
            for grant in grants {
                facts.insert(FactKey::Grant(Principal::Person(*person), grant.id), self.grant_fact(grant));
            }
        }
        facts
    }

    fn add_group_facts(&self, group: u32, facts: &mut Facts) {
        let id = self.groups.id(group);
        facts.extend(self.group_fact(group).map(|fact| (FactKey::Group(id), fact)));
        for edge in self.groups.parents.get(group) {
            let key = FactKey::Edge(Member::Group(id), self.groups.id(edge.group), edge.via);
            facts.insert(key, Fact::Edge { spans: edge.spans.as_slice().to_vec() });
        }
        for grant in self.grants.get(group) {
            facts.insert(FactKey::Grant(Principal::Group(id), grant.id), self.grant_fact(grant));
        }
    }

    fn add_user_facts(&self, user: u32, facts: &mut Facts) {
        let id = self.users.id(user);
        facts.extend(self.user_fact(user).map(|fact| (FactKey::User(id), fact)));
        self.each_edge(user, |group, via, spans| {
            let key = FactKey::Edge(Member::User(id), self.groups.id(group), via);
            facts.insert(key, Fact::Edge { spans: spans.to_vec() });
        });
        if let Some(Row::More(more)) = self.users.row(user) {
            facts.extend(more.person.map(|id_of| (FactKey::Person(id), Fact::Person { id: id_of })));
            for grant in &more.grants {
                facts.insert(FactKey::Grant(Principal::User(id), grant.id), self.grant_fact(grant));
            }
        }
    }

    /// Calls `seen` for each group that a user has an edge into.
    pub(crate) fn each_edge(&self, user: u32, mut seen: impl FnMut(u32, Via, &[Span])) {
        match self.users.row(user) {
            Some(Row::Plain(units)) => {
                for group in units.as_flattened().iter().map(|slot| u32::from(*slot)) {
                    if group != NOBODY {
                        seen(group, self.groups.usual(group), &[Span::ALWAYS]);
                    }
                }
            }
            Some(Row::More(more)) => {
                more.edges.iter().for_each(|edge| seen(edge.group, edge.via, edge.spans.as_slice()));
            }
            None => {}
        }
    }

    pub(crate) fn role_fact(&self, role: u32) -> Option<Fact> {
        self.roles.rows.get(role as usize).filter(|row| row.present)?;
        let text = |permission: &u32| String::from(self.permissions.names.get(*permission));
        let mut permissions: Vec<String> = self.roles.permissions.get(role).iter().map(text).collect();
        order::sort(&mut permissions);
        let mut includes: Vec<_> =
            self.roles.includes.get(role).iter().map(|one| self.roles.id(*one)).collect();
        order::sort(&mut includes);
        Some(Fact::Role { name: String::from(self.roles.names.get(role)), permissions, includes })
    }

    pub(crate) fn scope_fact(&self, scope: u32) -> Option<Fact> {
        let mut parents: Vec<ScopeId> =
            self.scopes.parents(scope).iter().map(|one| self.scope_id(*one)).collect();
        order::sort(&mut parents);
        (!parents.is_empty()).then_some(Fact::Scope { parents })
    }

    pub(crate) fn group_fact(&self, group: u32) -> Option<Fact> {
        let state = self.groups.state(group)?;
        Some(Fact::Group { slug: String::from(self.groups.slugs.get(group)), state })
    }

    pub(crate) fn user_fact(&self, user: u32) -> Option<Fact> {
        let active = match self.users.row(user)? {
            Row::Plain(_) => true,
            Row::More(more) if more.present => more.active,
            Row::More(_) => return None,
        };
        Some(Fact::User { name: String::from(self.users.names.get(user)), active })
    }

    pub(crate) fn grant_fact(&self, grant: &Grant) -> Fact {
        Fact::Grant(GrantFact {
            role: self.roles.id(grant.role),
            scope: self.scope_id(grant.scope()),
            reach: grant.reach(),
            effect: grant.effect(),
            requires: self.conditions.names(grant.requires()).into_iter().map(String::from).collect(),
            span: grant.span(),
        })
    }

    /// The scope of a number.
    pub(crate) fn scope_id(&self, scope: u32) -> ScopeId {
        ScopeId::parse(self.scopes.names.get(scope)).unwrap_or_else(|_| ScopeId::org())
    }
}
