//! Questions by handle: names are looked up once, and no text and no memory is taken per question.

use cohort_core::decide::{self, AmbiguousName, Check, ConditionSet, StaleHandle};
use cohort_core::id::Instant;

use super::Face;
use crate::answer;
use crate::error::AbiError;
use crate::question;

/// A question by handles, as numbers.
#[derive(Clone, Copy, Debug)]
pub struct Handles {
    /// From [`Face::user`].
    pub user: u32,
    /// From [`Face::permission`].
    pub permission: u32,
    /// From [`Face::place`]; 0 for the organisation.
    pub place: u32,
    /// From [`Face::conditions`]; 0 for none.
    pub conditions: u32,
    /// The moment that is asked about, in milliseconds.
    pub at: i64,
}

impl Face {
    /// Looks the user up whose id or name is in this range; a positive handle, or 0 for nobody.
    pub fn user(&mut self, handle: u32, address: usize, len: usize) -> i32 {
        let found = self.user_found(handle, address, len);
        self.reported(found).unwrap_or_else(|code| code)
    }

    fn user_found(&mut self, handle: u32, address: usize, len: usize) -> Result<i32, AbiError> {
        let subject = question::text(self.arena.read(address, len)?)?;
        let user = self.state(handle)?.user(subject).map_err(|AmbiguousName| AbiError::AmbiguousName)?;
        user.map_or(Ok(0), |user| self.users.keep(handle, user))
    }

    /// Looks the permission up whose name is in this range; a positive handle, or 0 for one that no role has.
    pub fn permission(&mut self, handle: u32, address: usize, len: usize) -> i32 {
        let found = self.permission_found(handle, address, len);
        self.reported(found).unwrap_or_else(|code| code)
    }

    fn permission_found(&mut self, handle: u32, address: usize, len: usize) -> Result<i32, AbiError> {
        let name = question::text(self.arena.read(address, len)?)?;
        let permission = self.state(handle)?.permission(name);
        permission.map_or(Ok(0), |permission| self.permissions.keep(handle, permission))
    }

    /// Looks the scope up that is in one range, in the parent in another, which may be empty; a positive handle.
    pub fn place(&mut self, handle: u32, scope: (usize, usize), parent: (usize, usize)) -> i32 {
        let found = self.place_found(handle, scope, parent);
        self.reported(found).unwrap_or_else(|code| code)
    }

    fn place_found(
        &mut self,
        handle: u32,
        scope: (usize, usize),
        parent: (usize, usize),
    ) -> Result<i32, AbiError> {
        let scope = question::text(self.arena.read(scope.0, scope.1)?)?;
        let parent = question::text(self.arena.read(parent.0, parent.1)?)?;
        let parent = if parent.is_empty() { "org" } else { parent };
        let place = self.state(handle)?.place_in(scope, parent).map_err(AbiError::Scope)?;
        self.places.keep(handle, place)
    }

    /// Looks the conditions up that are in this range; a positive handle.
    pub fn conditions(&mut self, handle: u32, address: usize, len: usize) -> i32 {
        let found = self.conditions_found(handle, address, len);
        self.reported(found).unwrap_or_else(|code| code)
    }

    fn conditions_found(&mut self, handle: u32, address: usize, len: usize) -> Result<i32, AbiError> {
        let names = question::conditions(self.arena.read(address, len)?)?;
        let conditions = self.state(handle)?.conditions(&names);
        self.conditions.keep(handle, conditions)
    }

    /// Answers a question; the outcome's number, which is positive. The record is written too unless `answer` is 0.
    pub fn check(&mut self, handle: u32, asked: &Handles, answer: usize) -> i32 {
        let checked = self.checked(handle, asked, answer);
        self.reported(checked).unwrap_or_else(|code| code)
    }

    fn checked(&mut self, handle: u32, asked: &Handles, answer: usize) -> Result<i32, AbiError> {
        let state = self.state(handle)?;
        let check = Check {
            user: *self.users.of(handle, asked.user)?,
            permission: *self.permissions.of(handle, asked.permission)?,
            place: match asked.place {
                0 => state.org_place(),
                place => *self.places.of(handle, place)?,
            },
            conditions: self.asserted(handle, asked.conditions)?,
            at: Instant::from_millis(asked.at),
        };
        let decision = decide::check(state, &check).map_err(|StaleHandle| stale(asked.user))?;
        if answer != 0 {
            self.arena.write(answer, &answer::to_bytes(&decision))?;
        }
        Ok(answer::outcome_code(&decision.outcome))
    }

    fn asserted(&self, handle: u32, conditions: u32) -> Result<Option<ConditionSet>, AbiError> {
        match conditions {
            0 => Ok(None),
            conditions => self.conditions.of(handle, conditions).map(|found| Some(*found)),
        }
    }

    /// Works out what a user may do in the whole organisation at `at`; a positive handle.
    pub fn select(&mut self, handle: u32, user: u32, conditions: u32, at: i64) -> i32 {
        let selected = self.selected(handle, user, conditions, at);
        self.reported(selected).unwrap_or_else(|code| code)
    }

    fn selected(&mut self, handle: u32, user: u32, conditions: u32, at: i64) -> Result<i32, AbiError> {
        let conditions = self.asserted(handle, conditions)?;
        let who = *self.users.of(handle, user)?;
        let selection = self.state(handle)?.select(who, conditions, Instant::from_millis(at));
        self.selections.keep(handle, selection.map_err(|StaleHandle| stale(user))?)
    }

    /// Whether the selected user may do `permission` in the whole organisation: 1 or 0.
    pub fn can(&mut self, selection: u32, permission: u32) -> i32 {
        let can = self.could(selection, permission);
        self.reported(can).map_or_else(|code| code, i32::from)
    }

    fn could(&self, selection: u32, permission: u32) -> Result<bool, AbiError> {
        let (handle, selection) = self.selections.get(selection)?;
        let found = *self.permissions.of(handle, permission)?;
        selection.can(found).map_err(|StaleHandle| stale(permission))
    }

    /// Up to when a selection holds without news; [`i64::MIN`] when there is none of this number.
    pub fn selection_valid_until(&mut self, selection: u32) -> i64 {
        let valid_until = self.selections.get(selection).map(|(_, found)| found.valid_until().as_millis());
        self.reported(valid_until).unwrap_or(i64::MIN)
    }

    /// Forgets a selection; 0.
    pub fn unselect(&mut self, selection: u32) -> i32 {
        let forgotten = self.selections.forget(selection);
        self.status(forgotten)
    }
}

/// The table refuses handles of other states before the core has to.
const fn stale(found: u32) -> AbiError {
    AbiError::Stale { found }
}

#[cfg(test)]
mod tests;
