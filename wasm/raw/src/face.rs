//! Everything that one instance of the module holds, and what each exported function does with it.

mod by_handle;

use alloc::boxed::Box;
use alloc::vec::Vec;

use cohort_core::decide::{Decision, Query, Selection, decide};
use cohort_core::explain::line;
use cohort_core::view::Snapshot;

use crate::answer;
use crate::arena::Arena;
use crate::error::{Refused, Report};
use crate::question;
use crate::shelf::Shelf;
use crate::table::Table;

pub use by_handle::Handles;

/// States open at once in one instance: one per organisation of a busy gateway, and a bound for a host that
/// forgets to close.
pub const STATES_MAX: usize = 1024;

/// One instance of the module.
///
/// Addresses are those of [`Arena`]; every method that can fail returns the negative [`Report::code`] and leaves
/// the error's text in [`Face::result`].
pub struct Face {
    arena: Arena,
    states: Shelf<Snapshot>,
    users: Table,
    permissions: Table,
    places: Table,
    conditions: Table,
    /// Each with the handle of its state.
    selections: Shelf<(u32, Selection)>,
    report: Report,
}

impl Default for Face {
    fn default() -> Self {
        Self::new()
    }
}

impl Face {
    /// An instance in which nothing is open.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            arena: Arena::new(),
            states: Shelf::empty(),
            users: Table::new(1),
            permissions: Table::new(1),
            places: Table::new(4),
            conditions: Table::new(2),
            selections: Shelf::empty(),
            report: Report::empty(),
        }
    }

    /// The address of `len` zero bytes for the host to fill; 0 when [`Arena::alloc`] gives none.
    pub fn alloc(&mut self, len: usize) -> usize {
        self.arena.alloc(len).unwrap_or(0)
    }

    /// Takes back what [`Face::alloc`] handed out, and 0 bytes at 0, which are none; 0.
    pub fn free(&mut self, address: usize, len: usize) -> i32 {
        self.status(|face| {
            let is_freed = (address, len) == (0, 0) || face.arena.free(address, len);
            if is_freed { Ok(()) } else { Err(face.report.range(address, len)) }
        })
    }

    /// Opens the snapshot in this range; its handle, which is positive.
    pub fn open(&mut self, address: usize, len: usize) -> i32 {
        self.number(|face| {
            if face.states.is_full(STATES_MAX) {
                return Err(face.report.too_many_open());
            }
            let opened = Snapshot::open(face.bytes(address, len)?).map(Box::new);
            let snapshot = opened.map_err(|cause| face.report.open(&cause))?;
            Ok(face.states.keep(snapshot))
        })
    }

    /// Moves a state by the delta in this range; 0. On an error the state is as it was. Selections of an earlier
    /// revision are forgotten.
    pub fn apply(&mut self, handle: u32, address: usize, len: usize) -> i32 {
        self.status(|face| {
            let Self { arena, states, report, .. } = face;
            let state = states.get_mut(handle).ok_or_else(|| report.handle(handle))?;
            let delta = arena.read(address, len).ok_or_else(|| report.range(address, len))?;
            let before = state.header().revision;
            state.apply(delta).map_err(|cause| report.apply(&cause))?;
            if state.header().revision != before {
                face.forget_selections(handle);
            }
            Ok(())
        })
    }

    /// Forgets a state, and all that was looked up or selected in it; 0.
    pub fn close(&mut self, handle: u32) -> i32 {
        self.status(|face| {
            face.states.take(handle).ok_or_else(|| face.report.handle(handle))?;
            for table in [&mut face.users, &mut face.permissions, &mut face.places, &mut face.conditions] {
                table.forget(handle);
            }
            face.forget_selections(handle);
            Ok(())
        })
    }

    fn forget_selections(&mut self, handle: u32) {
        self.selections.forget(|(state, _)| *state == handle);
    }

    /// Answers the question in this range into the record at `answer`; 0.
    pub fn decide(&mut self, handle: u32, address: usize, len: usize, answer: usize) -> i32 {
        self.status(|face| {
            let mut conditions = Vec::new();
            let (state, query) = face.asked(handle, address, len, &mut conditions)?;
            let decision = decide(state, &query);
            face.answer(&decision, answer)
        })
    }

    /// Answers the question in this range with a line of text in [`Face::result`]; the line's bytes.
    pub fn explain(&mut self, handle: u32, address: usize, len: usize) -> i32 {
        self.number(|face| {
            let mut conditions = Vec::new();
            let (state, query) = face.asked(handle, address, len, &mut conditions)?;
            let line = line(state, &query);
            let bytes = i32::try_from(line.len()).unwrap_or(i32::MAX);
            face.report.tell(line);
            Ok(bytes)
        })
    }

    /// The question in this range and the state that it is put to.
    fn asked<'a>(
        &'a self,
        handle: u32,
        address: usize,
        len: usize,
        conditions: &'a mut Vec<&'a str>,
    ) -> Result<(&'a Snapshot, Query<'a>), Refused> {
        let state = self.state(handle)?;
        let query = question::query(self.bytes(address, len)?, conditions);
        Ok((state, query.map_err(|cause| self.report.question(cause))?))
    }

    /// Writes the record of `decision`.
    fn answer(&mut self, decision: &Decision, address: usize) -> Result<(), Refused> {
        let record = self.arena.room(address).and_then(|room| room.first_chunk_mut());
        *record.ok_or_else(|| self.report.range(address, answer::ANSWER_BYTES))? = answer::to_bytes(decision);
        Ok(())
    }

    /// The revision of a state; [`i64::MIN`] when none is open under `handle`.
    pub fn revision(&mut self, handle: u32) -> i64 {
        let revision = self.state(handle).map(|state| state.header().revision.number());
        revision.map_or(i64::MIN, |number| i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// Up to when a state may be used without news; [`i64::MIN`], which no state has, when none is open under
    /// `handle`.
    pub fn valid_until(&mut self, handle: u32) -> i64 {
        self.state(handle).map_or(i64::MIN, |state| state.header().valid_until.as_millis())
    }

    /// The text of the last explanation or error.
    #[must_use]
    pub fn result(&mut self) -> &str {
        self.report.text()
    }

    #[inline(never)]
    fn state(&self, handle: u32) -> Result<&Snapshot, Refused> {
        match self.states.get(handle) {
            Some(state) => Ok(state),
            None => Err(self.report.handle(handle)),
        }
    }

    fn bytes(&self, address: usize, len: usize) -> Result<&[u8], Refused> {
        self.arena.read(address, len).ok_or_else(|| self.report.range(address, len))
    }

    fn status(&mut self, act: impl FnOnce(&mut Self) -> Result<(), Refused>) -> i32 {
        self.number(|face| act(face).map(|()| 0))
    }

    /// What `act` gives, or the number of the error whose text is now the result.
    #[inline(always)]
    fn number(&mut self, act: impl FnOnce(&mut Self) -> Result<i32, Refused>) -> i32 {
        act(self).unwrap_or_else(|Refused| self.report.code())
    }
}

#[cfg(test)]
mod tests;
