//! Everything that one instance of the module holds, and what each exported function does with it.

mod by_handle;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use cohort_core::decide::{ConditionSet, Permission, Place, Selection, User, decide};
use cohort_core::explain::line;
use cohort_core::view::Snapshot;

use crate::answer;
use crate::arena::Arena;
use crate::error::AbiError;
use crate::question::Question;
use crate::table::Table;

pub use by_handle::Handles;

/// States open at once in one instance: one per organisation of a busy gateway, and a bound for a host that
/// forgets to close.
pub const STATES_MAX: usize = 1024;

/// One instance of the module.
///
/// Addresses are those of [`Arena`]; every method that can fail returns a negative [`AbiError::code`] and leaves
/// the error's text in [`Face::result`].
#[derive(Debug, Default)]
pub struct Face {
    arena: Arena,
    // INVARIANT: in ascending order of handles, which are never reused, so that one kept past its close is noticed.
    states: Vec<(u32, Snapshot)>,
    last_handle: u32,
    users: Table<User>,
    permissions: Table<Permission>,
    places: Table<Place>,
    conditions: Table<ConditionSet>,
    selections: Table<Selection>,
    result: String,
}

impl Face {
    /// An instance in which nothing is open.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            arena: Arena::new(),
            states: Vec::new(),
            last_handle: 0,
            users: Table::new(),
            permissions: Table::new(),
            places: Table::new(),
            conditions: Table::new(),
            selections: Table::new(),
            result: String::new(),
        }
    }

    /// The address of `len` zero bytes for the host to fill; 0 when [`Arena::alloc`] gives none.
    pub fn alloc(&mut self, len: usize) -> usize {
        self.arena.alloc(len).unwrap_or(0)
    }

    /// Takes back what [`Face::alloc`] handed out; 0.
    pub fn free(&mut self, address: usize, len: usize) -> i32 {
        let freed = self.arena.free(address, len);
        self.status(freed)
    }

    /// Opens the snapshot in this range; its handle, which is positive.
    pub fn open(&mut self, address: usize, len: usize) -> i32 {
        let opened = self.opened(address, len);
        self.reported(opened).unwrap_or_else(|code| code)
    }

    fn opened(&mut self, address: usize, len: usize) -> Result<i32, AbiError> {
        let next = i32::try_from(self.last_handle + 1).map_err(|_| AbiError::TooManyOpen)?;
        if self.states.len() >= STATES_MAX {
            return Err(AbiError::TooManyOpen);
        }
        let snapshot = Snapshot::open(self.arena.read(address, len)?).map_err(AbiError::Open)?;
        self.last_handle += 1;
        self.states.push((self.last_handle, snapshot));
        Ok(next)
    }

    /// Moves a state by the delta in this range; 0. On an error the state is as it was. Selections of an earlier
    /// revision are forgotten.
    pub fn apply(&mut self, handle: u32, address: usize, len: usize) -> i32 {
        let applied = self.applied(handle, address, len);
        self.status(applied)
    }

    fn applied(&mut self, handle: u32, address: usize, len: usize) -> Result<(), AbiError> {
        let at = self.position(handle)?;
        let (_, state) = self.states.get_mut(at).ok_or(AbiError::Handle { found: handle })?;
        let before = state.header().revision;
        state.apply(self.arena.read(address, len)?).map_err(AbiError::Apply)?;
        if state.header().revision != before {
            self.selections.forget_all(handle);
        }
        Ok(())
    }

    /// Forgets a state, and all that was looked up or selected in it; 0.
    pub fn close(&mut self, handle: u32) -> i32 {
        let closed = self.closed(handle);
        self.status(closed)
    }

    fn closed(&mut self, handle: u32) -> Result<(), AbiError> {
        self.states.remove(self.position(handle)?);
        self.users.forget_all(handle);
        self.permissions.forget_all(handle);
        self.places.forget_all(handle);
        self.conditions.forget_all(handle);
        self.selections.forget_all(handle);
        Ok(())
    }

    /// Answers the question in this range into the record at `answer`; 0.
    pub fn decide(&mut self, handle: u32, address: usize, len: usize, answer: usize) -> i32 {
        let decided = self.decided(handle, address, len, answer);
        self.status(decided)
    }

    fn decided(&mut self, handle: u32, address: usize, len: usize, answer: usize) -> Result<(), AbiError> {
        let state = self.state(handle)?;
        let decision = decide(state, &Question::parse(self.arena.read(address, len)?)?.query());
        self.arena.write(answer, &answer::to_bytes(&decision))
    }

    /// Answers the question in this range with a line of text in [`Face::result`]; the line's bytes.
    pub fn explain(&mut self, handle: u32, address: usize, len: usize) -> i32 {
        let explained = self.explained(handle, address, len);
        match self.reported(explained) {
            Ok(text) => {
                self.result = text;
                i32::try_from(self.result.len()).unwrap_or(i32::MAX)
            }
            Err(code) => code,
        }
    }

    fn explained(&self, handle: u32, address: usize, len: usize) -> Result<String, AbiError> {
        let state = self.state(handle)?;
        let question = Question::parse(self.arena.read(address, len)?)?;
        Ok(line(state, &question.query()))
    }

    /// The revision of a state; [`i64::MIN`] when none is open under `handle`.
    pub fn revision(&mut self, handle: u32) -> i64 {
        let revision = self.state(handle).map(|state| state.header().revision.number());
        self.reported(revision).map_or(i64::MIN, |number| i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// Up to when a state may be used without news; [`i64::MIN`], which no state has, when none is open under
    /// `handle`.
    pub fn valid_until(&mut self, handle: u32) -> i64 {
        let valid_until = self.state(handle).map(|state| state.header().valid_until.as_millis());
        self.reported(valid_until).unwrap_or(i64::MIN)
    }

    /// The text of the last explanation or error.
    #[must_use]
    pub fn result(&self) -> &str {
        &self.result
    }

    fn state(&self, handle: u32) -> Result<&Snapshot, AbiError> {
        let (_, state) = self.states.get(self.position(handle)?).ok_or(AbiError::Handle { found: handle })?;
        Ok(state)
    }

    fn position(&self, handle: u32) -> Result<usize, AbiError> {
        let at = self.states.binary_search_by_key(&handle, |(one, _)| *one);
        at.map_err(|_| AbiError::Handle { found: handle })
    }

    fn status(&mut self, done: Result<(), AbiError>) -> i32 {
        self.reported(done).err().unwrap_or(0)
    }

    /// What was asked for, or the number of the error whose text is now the result.
    fn reported<T>(&mut self, done: Result<T, AbiError>) -> Result<T, i32> {
        done.map_err(|error| self.refused(&error))
    }

    /// Apart from [`Face::reported`], so that the usual way stays short.
    #[cold]
    #[inline(never)]
    fn refused(&mut self, error: &AbiError) -> i32 {
        self.result.clear();
        // Writing to a `String` cannot fail.
        let _ = write!(self.result, "{error}");
        error.code()
    }
}

#[cfg(test)]
mod tests;
