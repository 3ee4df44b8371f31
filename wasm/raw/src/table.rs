//! What was looked up in the open states, each under a number.
//!
//! A number belongs to the state that it was looked up in and is never given out again, so one that is kept too long,
//! or passed with another state, is noticed.

use alloc::vec::Vec;

/// Entries that one table keeps: a bound for a host that looks up again and again, and never closes a state.
pub const ENTRIES_MAX: usize = 1 << 22;

/// Words by number, each with the handle of its state.
#[derive(Debug)]
pub struct Table {
    /// The number of the entry at the front.
    first: u32,
    /// Words of an entry: the handle of its state, or 0 once it is forgotten, and what is kept of it.
    width: usize,
    // INVARIANT: whole entries.
    words: Vec<u32>,
}

impl Table {
    /// An empty table of things of so many words, whose first number will be 1.
    #[must_use]
    pub const fn new(words: usize) -> Self {
        Self { first: 1, width: 1 + words, words: Vec::new() }
    }

    /// Keeps a thing of `state`; its number, which is positive. None when the table is full, or has given out all
    /// numbers.
    pub fn keep(&mut self, state: u32, thing: &[u32]) -> Option<i32> {
        let kept = self.words.len() / (1 + thing.len());
        let number = i32::try_from(self.first as usize + kept).ok().filter(|_| kept < ENTRIES_MAX)?;
        self.words.push(state);
        self.words.extend_from_slice(thing);
        Some(number)
    }

    /// The thing of this number; none when it is not there (any more), or of another state.
    #[inline(always)]
    #[must_use]
    pub fn of<const WORDS: usize>(&self, state: u32, number: u32) -> Option<&[u32; WORDS]> {
        let at = (number.wrapping_sub(self.first) as usize).checked_mul(1 + WORDS)?;
        match self.words.get(at..)? {
            // No state has the handle 0, whatever a host says.
            [owner, rest @ ..] if *owner == state && state != 0 => rest.first_chunk(),
            _ => None,
        }
    }

    /// Forgets all things of `state`, and gives back the room of what is gone at the front.
    pub fn forget(&mut self, state: u32) {
        let (mut at, mut gone) = (0, 0);
        while let Some(owner) = self.words.get_mut(at) {
            if *owner == state {
                *owner = 0;
            }
            if *owner == 0 && gone == at {
                gone += self.width;
                self.first += 1;
            }
            at += self.width;
        }
        if gone > 0 {
            self.words = self.words.split_off(gone);
        }
    }
}

#[cfg(test)]
mod tests;
