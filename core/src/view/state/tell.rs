//! From the tables back to what a delta would tell.

use alloc::vec::Vec;

use super::{EVERYONE, Edge, GROUPS_FROM, Grant, SCOPES_FROM, State};
use crate::view::fact::{Fact, FactKey, Facts, Via};
use crate::view::format::{self, UserNames};
use crate::view::keys::Key;
use crate::view::order;
use crate::view::told::{self, Tag};
use crate::view::wire::{Reader, Writer};

/// What holds about something, as the value of a change: whether there is any.
impl State {
    pub(super) fn tell_role(&self, role: u32, to: &mut Writer) -> bool {
        let roles = &self.roles;
        to.text(roles.names.get(role));
        let permissions = roles.permissions.get(role);
        let names = permissions.iter().map(|permission| self.permissions.names.get(*permission));
        tell_texts(names.collect(), to);
        let mut includes: Vec<Key> = roles.includes.get(role).iter().map(|one| roles.ids.get(*one)).collect();
        order::sort(&mut includes);
        to.count(includes.len());
        for id in includes {
            to.uuid(id);
        }
        roles.is_present(role)
    }

    pub(super) fn tell_scope(&self, scope: u32, to: &mut Writer) -> bool {
        let parents = self.scopes.parents(scope);
        tell_texts(parents.iter().map(|parent| self.scopes.names.get(*parent)).collect(), to);
        !parents.is_empty()
    }

    pub(super) fn tell_group(&self, group: u32, to: &mut Writer) -> bool {
        let state = self.groups.state(group);
        to.text(self.groups.slugs.get(group));
        to.u8(state.map_or(0, |state| state as u8));
        state.is_some()
    }

    pub(super) fn tell_user(&self, user: u32, to: &mut Writer) -> bool {
        if self.users.has_names {
            to.text(self.users.names.get(user));
        }
        let row = self.users.row(user);
        to.u8(u8::from(row.is_active()));
        row.is_present()
    }

    pub(super) fn tell_grant(&self, grant: &Grant<'_>, to: &mut Writer) {
        to.uuid(self.roles.ids.get(grant.role()));
        to.text(self.scopes.names.get(grant.scope()));
        to.u8(grant.flags());
        let mut names = Vec::new();
        self.conditions.each(grant.requires(), &mut |name| names.push(name));
        to.texts(names.into_iter());
        format::write_span(to, grant.spans().first());
    }
}

impl Edge<'_> {
    /// Tells the spans of the edge if this is its key; whether it is.
    pub(super) fn tell_if(&self, key: (u32, Via), to: &mut Writer) -> bool {
        if self.key() != key {
            return false;
        }
        to.count(self.spans.len());
        for span in self.spans.iter() {
            format::write_span(to, span);
        }
        true
    }
}

fn tell_texts(mut texts: Vec<&str>, to: &mut Writer) {
    order::sort(&mut texts);
    to.texts(texts.into_iter());
}

/// The same as facts, which cost more.
impl State {
    /// Everything that the tables say.
    pub(crate) fn facts(&self) -> Facts {
        let mut facts = Facts::new();
        facts.extend(self.org_enabled.map(|enabled| (FactKey::Org, Fact::Org { enabled })));
        facts.extend((0..self.roles.rows.len() as u32).filter_map(|role| self.role_fact(role)));
        facts.extend((SCOPES_FROM..self.scopes.len() as u32).filter_map(|scope| self.scope_fact(scope)));
        facts.extend(
            self.grants(EVERYONE)
                .filter_map(|grant| self.grant_fact((told::EVERYONE, Key::default()), &grant)),
        );
        for group in GROUPS_FROM..self.groups.len() as u32 {
            let holder = (told::GROUP, self.groups.key(group));
            facts.extend(self.group_fact(group));
            facts.extend(self.groups.parents(group).filter_map(|edge| self.edge_fact(holder, &edge)));
            facts.extend(self.grants(group).filter_map(|grant| self.grant_fact(holder, &grant)));
        }
        for user in 0..self.users.len() as u32 {
            let holder = (told::USER, self.users.id(user));
            facts.extend(self.user_fact(user));
            self.each_edge(user, &mut |edge| facts.extend(self.edge_fact(holder, &edge)));
            facts.extend(self.person_fact(user));
            facts.extend(self.users.row(user).grants().filter_map(|grant| self.grant_fact(holder, &grant)));
        }
        for person in 0..self.persons.len() as u32 {
            let holder = (told::PERSON, self.persons.get(person));
            let grants = self.grants_of_person(Some(person));
            facts.extend(grants.filter_map(|grant| self.grant_fact(holder, &grant)));
        }
        facts
    }

    pub(crate) fn role_fact(&self, role: u32) -> Option<(FactKey, Fact)> {
        self.fact(Tag::Role, |to| {
            to.uuid(self.roles.ids.get(role));
            self.tell_role(role, to)
        })
    }

    pub(crate) fn scope_fact(&self, scope: u32) -> Option<(FactKey, Fact)> {
        self.fact(Tag::Scope, |to| {
            to.text(self.scopes.names.get(scope));
            self.tell_scope(scope, to)
        })
    }

    pub(crate) fn group_fact(&self, group: u32) -> Option<(FactKey, Fact)> {
        self.fact(Tag::Group, |to| {
            to.uuid(self.groups.key(group));
            self.tell_group(group, to)
        })
    }

    pub(crate) fn user_fact(&self, user: u32) -> Option<(FactKey, Fact)> {
        self.fact(Tag::User, |to| {
            to.uuid(self.users.id(user));
            self.tell_user(user, to)
        })
    }

    pub(crate) fn person_fact(&self, user: u32) -> Option<(FactKey, Fact)> {
        let person = self.users.row(user).person()?;
        self.fact(Tag::Person, |to| {
            to.uuid(self.users.id(user));
            to.uuid(self.persons.get(person));
            true
        })
    }

    /// An edge of a holder, whose kind and id these are.
    pub(crate) fn edge_fact(&self, holder: (u8, Key), edge: &Edge<'_>) -> Option<(FactKey, Fact)> {
        self.fact(Tag::Edge, |to| {
            tell_holder(holder, to);
            to.uuid(self.groups.key(edge.group));
            to.u8(edge.via as u8);
            edge.tell_if(edge.key(), to)
        })
    }

    /// A grant to a holder, whose kind and id these are.
    pub(crate) fn grant_fact(&self, holder: (u8, Key), grant: &Grant<'_>) -> Option<(FactKey, Fact)> {
        self.fact(Tag::Grant, |to| {
            tell_holder(holder, to);
            to.uuid(grant.key());
            self.tell_grant(grant, to);
            true
        })
    }

    /// The fact whose key and value `tell` writes, if there is one.
    fn fact(&self, tag: Tag, tell: impl Fn(&mut Writer) -> bool) -> Option<(FactKey, Fact)> {
        let mut to = Writer::default();
        to.count(1);
        to.u8(tag as u8);
        if !tell(&mut to) {
            return None;
        }
        let names = if self.users.has_names { UserNames::Told } else { UserNames::Withheld };
        let change = told::changes(Reader::new(to.as_bytes()), names).ok()?.pop()?;
        Some((change.key, change.fact?))
    }
}

fn tell_holder((kind, id): (u8, Key), to: &mut Writer) {
    to.u8(kind);
    if kind != told::EVERYONE {
        to.uuid(id);
    }
}
