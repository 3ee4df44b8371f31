//! Questions by handle: names are looked up once, and no text and no memory is taken per question.

use cohort_core::decide::{self, Check, ConditionSet, Permission, Place, Selection, StaleHandle, User};
use cohort_core::id::Instant;

use super::Face;
use crate::answer;
use crate::error::Refused;
use crate::question;
use crate::table::{ENTRIES_MAX, Table};

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
        self.number(|face| {
            let subject = face.text(address, len)?;
            let user = face.state(handle)?.user(subject).map_err(|cause| face.report.ambiguous(cause))?;
            user.map_or(Ok(0), |user| face.kept(|face| face.users.keep(handle, &user.words())))
        })
    }

    /// Looks the permission up whose name is in this range; a positive handle, or 0 for one that no role has.
    pub fn permission(&mut self, handle: u32, address: usize, len: usize) -> i32 {
        self.number(|face| {
            let name = face.text(address, len)?;
            let permission = face.state(handle)?.permission(name);
            permission.map_or(Ok(0), |found| face.kept(|face| face.permissions.keep(handle, &found.words())))
        })
    }

    /// Looks the scope up that is in one range, in the parent in another, which may be empty; a positive handle.
    pub fn place(&mut self, handle: u32, scope: (usize, usize), parent: (usize, usize)) -> i32 {
        self.number(|face| {
            let scope = face.text(scope.0, scope.1)?;
            let parent = face.text(parent.0, parent.1)?;
            let parent = if parent.is_empty() { "org" } else { parent };
            let place = face.state(handle)?.place_in(scope, parent);
            let place = place.map_err(|cause| face.report.scope(cause))?;
            face.kept(|face| face.places.keep(handle, &place.words()))
        })
    }

    /// Looks the conditions up that are in this range; a positive handle.
    pub fn conditions(&mut self, handle: u32, address: usize, len: usize) -> i32 {
        self.number(|face| {
            let names = question::conditions(face.bytes(address, len)?);
            let names = names.map_err(|cause| face.report.question(cause))?;
            let conditions = face.state(handle)?.conditions(&names);
            face.kept(|face| face.conditions.keep(handle, &conditions.words()))
        })
    }

    fn text(&self, address: usize, len: usize) -> Result<&str, Refused> {
        question::text(self.bytes(address, len)?).map_err(|cause| self.report.question(cause))
    }

    fn kept(&mut self, keep: impl FnOnce(&mut Self) -> Option<i32>) -> Result<i32, Refused> {
        keep(self).ok_or_else(|| self.report.too_many_handles())
    }

    /// Answers a question; the outcome's number, which is positive. The record is written too unless `answer` is 0.
    pub fn check(&mut self, handle: u32, asked: &Handles, answer: usize) -> i32 {
        self.number(|face| {
            let state = face.state(handle)?;
            let user = face.found(&face.users, handle, asked.user)?;
            let permission = face.found(&face.permissions, handle, asked.permission)?;
            let place = match asked.place {
                0 => state.org_place(),
                place => Place::from_words(*face.found(&face.places, handle, place)?, state),
            };
            let conditions = face.asserted(handle, asked.conditions)?;
            let check = Check {
                user: User::from_words(*user, state),
                permission: Permission::from_words(*permission, state),
                place,
                conditions: conditions.map(|words| ConditionSet::from_words(*words, state)),
                at: Instant::from_millis(asked.at),
            };
            let decision = decide::check(state, &check);
            let decision = decision.map_err(|StaleHandle| face.report.stale(asked.user))?;
            if answer != 0 {
                face.answer(&decision, answer)?;
            }
            Ok(answer::outcome_code(&decision.outcome))
        })
    }

    /// The words of `table` under this number.
    #[inline(always)]
    fn found<'a, const WORDS: usize>(
        &self,
        table: &'a Table,
        handle: u32,
        number: u32,
    ) -> Result<&'a [u32; WORDS], Refused> {
        // Not `ok_or_else`: this is asked of every question, and stays a call otherwise.
        match table.of(handle, number) {
            Some(words) => Ok(words),
            None => Err(self.report.stale(number)),
        }
    }

    fn asserted(&self, handle: u32, conditions: u32) -> Result<Option<&[u32; 2]>, Refused> {
        match conditions {
            0 => Ok(None),
            conditions => self.found(&self.conditions, handle, conditions).map(Some),
        }
    }

    /// Works out what a user may do in the whole organisation at `at`; a positive handle.
    pub fn select(&mut self, handle: u32, user: u32, conditions: u32, at: i64) -> i32 {
        self.number(|face| {
            let conditions = face.asserted(handle, conditions)?;
            let who = face.found(&face.users, handle, user)?;
            let state = face.state(handle)?;
            let conditions = conditions.map(|words| ConditionSet::from_words(*words, state));
            let selection = state.select(User::from_words(*who, state), conditions, Instant::from_millis(at));
            let selection = selection.map_err(|StaleHandle| face.report.stale(user))?;
            if face.selections.is_full(ENTRIES_MAX) {
                return Err(face.report.too_many_handles());
            }
            Ok(face.selections.keep((handle, selection).into()))
        })
    }

    /// Whether the selected user may do `permission` in the whole organisation: 1 or 0.
    pub fn can(&mut self, selection: u32, permission: u32) -> i32 {
        self.number(|face| {
            let (handle, selection) = face.selection(selection)?;
            let found = face.found(&face.permissions, *handle, permission)?;
            let found = Permission::of_selection(*found, selection);
            selection.can(found).map(i32::from).map_err(|StaleHandle| face.report.stale(permission))
        })
    }

    /// Up to when a selection holds without news; [`i64::MIN`] when there is none of this number.
    pub fn selection_valid_until(&mut self, selection: u32) -> i64 {
        self.selection(selection).map_or(i64::MIN, |(_, selection)| selection.valid_until().as_millis())
    }

    /// Forgets a selection; 0.
    pub fn unselect(&mut self, selection: u32) -> i32 {
        self.status(|face| match face.selections.take(selection) {
            Some(_) => Ok(()),
            None => Err(face.report.stale(selection)),
        })
    }

    #[inline(always)]
    fn selection(&self, selection: u32) -> Result<&(u32, Selection), Refused> {
        match self.selections.get(selection) {
            Some(one) => Ok(one),
            None => Err(self.report.stale(selection)),
        }
    }
}

#[cfg(test)]
mod tests;
