//! What has to hold when all changes of a delta are in.

use super::{EVERYONE, Edited, REALM, State};
use crate::id::{GrantId, GroupId, RoleId, ScopeId, UserId};
use crate::view::keys::Key;
use crate::view::snapshot::StateError;
use crate::view::told::{self, Tag, Told};

impl State {
    /// Whether what the changes named could be kept at all.
    pub(crate) const fn check_all(&self, edited: &Edited) -> Result<(), StateError> {
        if edited.too_many_conditions { Err(StateError::TooManyConditions) } else { Ok(()) }
    }

    /// Whether what a changed fact names is there, and nothing names one that was dropped.
    pub(crate) fn check(&self, told: &Told<'_>) -> Result<(), StateError> {
        match told.tag {
            Tag::Org if self.org_enabled.is_none() => Err(StateError::NoOrg),
            Tag::Org => Ok(()),
            Tag::Role => self.check_role(&told.id),
            Tag::Scope => self.check_scope(told.text),
            Tag::Group => self.check_group(&told.id),
            Tag::User | Tag::Person => self.check_user(&told.id),
            Tag::Edge => {
                self.check_group(&told.id)?;
                self.check_holder(told.holder)
            }
            Tag::Grant => {
                self.check_holder(told.holder)?;
                self.check_grant(told)
            }
        }
    }

    fn check_holder(&self, (kind, id): (u8, Key)) -> Result<(), StateError> {
        match kind {
            told::USER => self.check_user(&id),
            told::GROUP => self.check_group(&id),
            _ => Ok(()),
        }
    }

    /// A role is there, or nothing names it.
    fn check_role(&self, id: &Key) -> Result<(), StateError> {
        let roles = &self.roles;
        let Some(role) = roles.ids.find(id) else { return Ok(()) };
        let is_named = roles.rows.get(role as usize).is_some_and(|row| row.named > 0);
        if is_named && !roles.is_present(role) {
            return Err(StateError::UnknownRole(RoleId::from_key(*id)));
        }
        for included in roles.includes.get(role) {
            if !roles.is_present(*included) {
                return Err(StateError::UnknownRole(roles.id(*included)));
            }
        }
        Ok(())
    }

    /// A group is there, or nothing names it.
    fn check_group(&self, id: &Key) -> Result<(), StateError> {
        let groups = &self.groups;
        let Some(group) = groups.number_of(id) else { return Ok(()) };
        let is_named = groups.rows.get(group as usize).is_some_and(|row| row.members > 0)
            || !groups.parents(group).is_empty()
            || !groups.children.get(group).is_empty()
            || !self.grants(group).is_empty();
        if is_named && groups.state(group).is_none() {
            Err(StateError::UnknownGroup(GroupId::from_key(*id)))
        } else {
            Ok(())
        }
    }

    /// A user is there, or nothing names one.
    fn check_user(&self, id: &Key) -> Result<(), StateError> {
        let Some(user) = self.users.find(id) else { return Ok(()) };
        let row = self.users.row(user);
        let is_named = row.person().is_some() || !row.edges().is_empty() || !row.grants().is_empty();
        if is_named && !row.is_present() {
            Err(StateError::UnknownUser(UserId::from_key(*id)))
        } else {
            Ok(())
        }
    }

    /// What a grant names is there, and only a person's is on the realm.
    fn check_grant(&self, told: &Told<'_>) -> Result<(), StateError> {
        let (kind, id) = told.holder;
        let number = match kind {
            told::USER => self.users.find(&id),
            told::GROUP => self.groups.number_of(&id),
            told::EVERYONE => Some(EVERYONE),
            _ => self.persons.find(&id),
        };
        let grants = self.grants_of(kind, number.unwrap_or(u32::MAX));
        let Some(grant) = grants.get(&told.id) else { return Ok(()) };
        if grant.scope() == REALM && kind != told::PERSON {
            return Err(StateError::RealmGrant(GrantId::from_key(told.id)));
        }
        self.check_role(&self.roles.ids.get(grant.role()))
    }

    /// Neither the scope nor one below it lies above itself, or below too many others.
    ///
    /// Cost: if others lie below it, all scopes.
    fn check_scope(&self, text: &str) -> Result<(), StateError> {
        let Some(scope) = self.scopes.names.find(text) else { return Ok(()) };
        let mut moved =
            if self.scopes.has_below(scope) { 0..self.scopes.len() as u32 } else { scope..scope + 1 };
        match moved.find(|one| self.scopes.is_tangled(*one)) {
            Some(tangled) => Err(StateError::ScopeCycle(self.scope_id(tangled))),
            None => Ok(()),
        }
    }

    /// The scope of a number.
    pub(crate) fn scope_id(&self, scope: u32) -> ScopeId {
        ScopeId::parse(self.scopes.names.get(scope)).unwrap_or_else(|_| ScopeId::org())
    }
}
