//! An opened snapshot or slice, and everything that it can be asked.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use cohort_core::decide::{
    AmbiguousName, Check, ConditionSet, Decision, DenyReason, Outcome, Permission, Place, RoleCheck, User,
    check, decide, has_role,
};
use cohort_core::explain::explain;
use cohort_core::id::RoleId;
use cohort_core::view::{Snapshot, Subject};
use cohort_core::who_can::{Cursor, WhoCan, WhoCanError, users_who_can};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::answer;
use crate::fault::Fault;
use crate::kept::Kept;
use crate::question::{Question, Row};
use crate::selection::Selected;

/// Bytes of memory that a byte of a snapshot or delta takes at most, with what is worked out while it is read.
const MEMORY_PER_BYTE: usize = 8;
/// What a small one takes besides.
const MEMORY_AT_LEAST: usize = 1 << 16;
/// What no role has as its id.
const NO_ROLE: RoleId = RoleId::from_u128(0);
/// Places in lists that are remembered for going on.
const CURSORS_MAX: usize = 64;

/// One organisation at one revision.
#[wasm_bindgen]
pub struct State {
    snapshot: Snapshot,
    users: Kept<User>,
    permissions: Kept<Permission>,
    places: Kept<Place>,
    conditions: Kept<ConditionSet>,
    /// The number of the oldest, and the places.
    cursors: (u32, Vec<Cursor>),
    last: Option<Decision>,
}

/// Whether there is memory for what so many bytes hold: what opens and applies cannot go on without.
#[wasm_bindgen]
#[must_use]
pub fn has_room(bytes: u32) -> bool {
    let wanted = (bytes as usize).saturating_mul(1 + MEMORY_PER_BYTE).saturating_add(MEMORY_AT_LEAST);
    let mut room: Vec<u8> = Vec::new();
    room.try_reserve_exact(wanted).is_ok()
}

#[wasm_bindgen]
impl State {
    /// Opens the payload of a verified envelope.
    ///
    /// # Errors
    /// The code of the refusal.
    pub fn open(bytes: &[u8]) -> Result<State, Fault> {
        let snapshot = Snapshot::open(bytes)?;
        Ok(Self {
            snapshot,
            users: Kept::new(),
            permissions: Kept::new(),
            places: Kept::new(),
            conditions: Kept::new(),
            cursors: (0, Vec::new()),
            last: None,
        })
    }

    /// Applies the payload of a verified envelope.
    ///
    /// # Errors
    /// The code of the refusal; the state is as before.
    pub fn apply(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        Ok(self.snapshot.apply(bytes)?)
    }

    /// The number of a user; none for nobody.
    ///
    /// # Errors
    /// `ambiguous_user`.
    pub fn user(&self, name: &str) -> Result<Option<u32>, Fault> {
        self.snapshot.user(name)?.map(|user| self.users.keep(user)).transpose()
    }

    /// The id of the user of this name or id; empty for nobody.
    ///
    /// # Errors
    /// `ambiguous_user`.
    pub fn id(&self, name: &str) -> Result<String, Fault> {
        match self.snapshot.subject(name) {
            Subject::User(id) => Ok(id.to_string()),
            Subject::Unknown => Ok(String::new()),
            Subject::Ambiguous => Err(AmbiguousName.into()),
        }
    }

    /// The number of a permission; none for one that no role has.
    ///
    /// # Errors
    /// `too_many_handles`.
    pub fn permission(&self, name: &str) -> Result<Option<u32>, Fault> {
        self.snapshot.permission(name).map(|permission| self.permissions.keep(permission)).transpose()
    }

    /// Whether any role has this permission.
    #[must_use]
    pub fn has_permission(&self, name: &str) -> bool {
        self.snapshot.knows_permission(name)
    }

    /// The number of a place.
    ///
    /// # Errors
    /// `malformed_scope`.
    pub fn place(&self, scope: &str, parent: &str) -> Result<u32, Fault> {
        self.places.keep(self.snapshot.place_in(scope, parent)?)
    }

    /// The number of conditions.
    ///
    /// # Errors
    /// `too_many_handles`.
    pub fn conditions(&self, row: &str, between: u32) -> Result<u32, Fault> {
        let names = if row.is_empty() { Vec::new() } else { Row::new(row, between).rest() };
        self.conditions.keep(self.snapshot.conditions(&names))
    }

    /// Decides by numbers; below 0 when one of them belongs to nothing.
    pub fn check(&mut self, user: u32, permission: u32, place: u32, conditions: u32, at: f64) -> i32 {
        let decision = self.checked(user, permission, place, conditions, at);
        self.told(decision)
    }

    /// Decides by names: user, permission, scope, parent, conditions.
    pub fn decide(&mut self, row: &str, between: u32, at: f64, at_least: f64) -> i32 {
        let question = Question::of(Row::new(row, between), at, at_least);
        let decision = decide(&self.snapshot, &question.query());
        self.told(Some(decision))
    }

    /// Why, in one line.
    #[must_use]
    pub fn explain(&self, row: &str, between: u32, at: f64, at_least: f64) -> String {
        let question = Question::of(Row::new(row, between), at, at_least);
        explain(&self.snapshot, &question.query()).to_text(&self.snapshot)
    }

    /// Decides whether a user has a role: its id or name, scope, parent, conditions; below 0 for a number that belongs
    /// to nothing.
    ///
    /// # Errors
    /// `malformed_scope`.
    pub fn has_role(&mut self, user: u32, row: &str, between: u32, at: f64) -> Result<i32, Fault> {
        let mut row = Row::new(row, between);
        let role = row.text();
        let role = role.parse().ok().or_else(|| self.snapshot.role_named(role)).unwrap_or(NO_ROLE);
        let place = self.snapshot.place_in(row.text(), row.text())?;
        let conditions = Some(self.snapshot.conditions(&row.rest()));
        let at = answer::instant(at);
        let asked = self.users.get(user).map(|user| RoleCheck { user, role, place, conditions, at });
        let decision = asked.and_then(|asked| has_role(&self.snapshot, &asked).ok());
        Ok(self.told(decision))
    }

    /// The users who may, ids in lines: scope, parent, conditions; at most `limit` of them, from the place `from` in the list or its beginning.
    /// The last line is empty, or where the list goes on.
    ///
    /// # Errors
    /// `malformed_scope`, `stale_handle`, `slice`.
    pub fn who_can(
        &mut self,
        permission: u32,
        row: &str,
        between: u32,
        at: f64,
        from: Option<u32>,
        limit: u32,
    ) -> Result<String, Fault> {
        let cursor = from.map(|number| self.cursor(number).ok_or(WhoCanError::Stale)).transpose()?;
        let permission = self.permissions.get(permission).ok_or(WhoCanError::Stale)?;
        let mut row = Row::new(row, between);
        let place = self.snapshot.place_in(row.text(), row.text())?;
        let conditions = Some(self.snapshot.conditions(&row.rest()));
        let asked = WhoCan { permission, place, conditions, at: answer::instant(at) };
        let page = users_who_can(&self.snapshot, &asked, cursor, limit as usize)?;
        let mut lines = String::new();
        for user in page.users {
            lines.push_str(&user.to_string());
            lines.push('\n');
        }
        if let Some(next) = page.next {
            lines.push_str(&self.remember(next).to_string());
        }
        Ok(lines)
    }

    /// Works out what a user may do.
    #[must_use]
    pub fn select(&self, user: u32, conditions: u32, at: f64) -> Option<Selected> {
        let (user, conditions) = (self.users.get(user)?, self.conditions.get(conditions)?);
        let selection = self.snapshot.select(user, Some(conditions), answer::instant(at)).ok()?;
        Some(Selected { selection, permissions: self.permissions.clone() })
    }

    /// Up to when the last decision holds.
    #[must_use]
    pub fn until(&self) -> f64 {
        self.last.as_ref().map_or(f64::MIN, |decision| answer::millis(decision.valid_until))
    }

    /// The conditions that would have to be asserted for the last decision to allow, in lines.
    #[must_use]
    pub fn required(&self) -> String {
        match self.last.as_ref().map(|decision| decision.outcome) {
            Some(Outcome::Deny(DenyReason::ConditionRequired(conditions))) => {
                conditions.names(&self.snapshot).join("\n")
            }
            _ => String::new(),
        }
    }

    /// The revision that answers.
    #[must_use]
    pub fn revision(&self) -> f64 {
        answer::number(self.snapshot.header().revision)
    }

    /// From when on this state may not be used.
    #[must_use]
    pub fn valid_until(&self) -> f64 {
        answer::millis(self.snapshot.header().valid_until)
    }
}

impl State {
    fn told(&mut self, decision: Option<Decision>) -> i32 {
        let code = decision.as_ref().map_or(answer::STALE, answer::code);
        self.last = decision;
        code
    }

    fn checked(&self, user: u32, permission: u32, place: u32, conditions: u32, at: f64) -> Option<Decision> {
        let user = self.users.get(user)?;
        let permission = self.permissions.get(permission)?;
        let place = self.places.get(place)?;
        let conditions = Some(self.conditions.get(conditions)?);
        let at = answer::instant(at);
        check(&self.snapshot, &Check { user, permission, place, conditions, at }).ok()
    }

    fn cursor(&self, number: u32) -> Option<Cursor> {
        let (first, cursors) = &self.cursors;
        cursors.get(number.checked_sub(*first)? as usize).copied()
    }

    /// The number of a place in a list; the oldest is forgotten for it.
    fn remember(&mut self, cursor: Cursor) -> u32 {
        let (first, cursors) = &mut self.cursors;
        if cursors.len() == CURSORS_MAX {
            cursors.remove(0);
            *first += 1;
        }
        cursors.push(cursor);
        *first + cursors.len() as u32 - 1
    }
}
