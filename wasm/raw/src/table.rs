//! What was looked up in the open states, each under a number.
//!
//! A number belongs to the state that it was looked up in and is never given out again, so one that is kept too long,
//! or passed with another state, is noticed.

use alloc::vec::Vec;

use crate::error::AbiError;

/// Entries that one table keeps: a bound for a host that looks up again and again, and never closes a state.
pub const ENTRIES_MAX: usize = 1 << 22;

/// Things by number, each with the handle of its state.
#[derive(Debug)]
pub struct Table<T> {
    /// The number of the entry at the front.
    first: u32,
    /// None where the thing was forgotten.
    entries: Vec<Option<(u32, T)>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Table<T> {
    /// An empty table, whose first number will be 1.
    #[must_use]
    pub const fn new() -> Self {
        Self { first: 1, entries: Vec::new() }
    }

    /// Keeps a thing of `state`; its number, which is positive.
    ///
    /// # Errors
    /// [`AbiError::TooManyHandles`] when the table is full, or has given out all numbers.
    pub fn keep(&mut self, state: u32, thing: T) -> Result<i32, AbiError> {
        let number = i32::try_from(self.first as usize + self.entries.len());
        let number = number.ok().filter(|_| self.entries.len() < ENTRIES_MAX);
        let number = number.ok_or(AbiError::TooManyHandles)?;
        self.entries.push(Some((state, thing)));
        Ok(number)
    }

    /// The thing of this number, and its state.
    ///
    /// # Errors
    /// [`AbiError::Stale`] when there is none (any more).
    #[inline]
    pub fn get(&self, number: u32) -> Result<(u32, &T), AbiError> {
        let at = number.checked_sub(self.first).map(|at| at as usize);
        let entry = at.and_then(|at| self.entries.get(at)?.as_ref());
        entry.map(|(state, thing)| (*state, thing)).ok_or(AbiError::Stale { found: number })
    }

    /// The thing of this number, if it is of `state`.
    ///
    /// # Errors
    /// [`AbiError::Stale`] when there is none, or it is of another state.
    #[inline]
    pub fn of(&self, state: u32, number: u32) -> Result<&T, AbiError> {
        let (owner, thing) = self.get(number)?;
        if owner == state { Ok(thing) } else { Err(AbiError::Stale { found: number }) }
    }

    /// Forgets the thing of this number.
    ///
    /// # Errors
    /// [`AbiError::Stale`] when there is none (any more).
    pub fn forget(&mut self, number: u32) -> Result<(), AbiError> {
        self.get(number)?;
        let at = (number - self.first) as usize;
        if let Some(entry) = self.entries.get_mut(at) {
            *entry = None;
        }
        self.give_back();
        Ok(())
    }

    /// Forgets all things of `state`.
    pub fn forget_all(&mut self, state: u32) {
        for entry in &mut self.entries {
            entry.take_if(|(owner, _)| *owner == state);
        }
        self.give_back();
    }

    /// Gives the room of what is gone at the front back, once that is half of it: so that each entry moves but a few
    /// times.
    fn give_back(&mut self) {
        let gone = self.entries.iter().take_while(|entry| entry.is_none()).count();
        if gone * 2 >= self.entries.len() {
            self.entries.drain(..gone);
            self.entries.shrink_to_fit();
            self.first += gone as u32;
        }
    }
}

#[cfg(test)]
mod tests;
