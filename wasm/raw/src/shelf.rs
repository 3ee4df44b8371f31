//! Things under numbers that are never given out again.

use alloc::boxed::Box;
use alloc::vec::Vec;

/// Things by number.
///
/// Cost: finding one follows at most the logarithm of how many there are; taking one away also moves the entries behind it.
#[derive(Debug)]
pub struct Shelf<T> {
    /// The number given out last.
    last: u32,
    // INVARIANT: in ascending order of numbers. Boxed, so that moving an entry is cheap.
    things: Vec<(u32, Box<T>)>,
}

impl<T> Shelf<T> {
    /// One with nothing on it, whose first number will be 1.
    #[must_use]
    pub const fn empty() -> Self {
        Self { last: 0, things: Vec::new() }
    }

    /// Whether `max` things are kept, or all numbers were given out.
    #[must_use]
    pub const fn is_full(&self, max: usize) -> bool {
        self.things.len() >= max || self.last >= i32::MAX.unsigned_abs()
    }

    /// Keeps a thing; its number, which is positive.
    pub fn keep(&mut self, thing: Box<T>) -> i32 {
        self.last += 1;
        self.things.push((self.last, thing));
        self.last.cast_signed()
    }

    /// The thing of this number; none when there is none (any more).
    #[inline(always)]
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&T> {
        let (_, thing) = self.things.get(self.at(number))?;
        Some(thing)
    }

    /// The same, to change it.
    #[must_use]
    pub fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        let at = self.at(number);
        let (_, thing) = self.things.get_mut(at)?;
        Some(thing)
    }

    /// Takes the thing of this number away.
    pub fn take(&mut self, number: u32) -> Option<Box<T>> {
        let at = self.at(number);
        (at < self.things.len()).then(|| self.things.remove(at).1)
    }

    /// Takes away all things of which `is_gone`.
    pub fn forget(&mut self, is_gone: impl Fn(&T) -> bool) {
        self.things.retain(|(_, thing)| !is_gone(thing));
    }

    /// Where the thing of this number is; where there is none when it is gone.
    #[inline(always)]
    fn at(&self, number: u32) -> usize {
        // Where it is as long as none between it and the first was taken away.
        let first = self.things.first().map_or(0, |(first, _)| *first);
        let guess = number.wrapping_sub(first) as usize;
        match self.things.get(guess) {
            Some((one, _)) if *one == number => guess,
            _ => self.sought(number),
        }
    }

    // Not an option: that would have whoever asks make room for one in memory.
    #[inline(never)]
    fn sought(&self, number: u32) -> usize {
        self.things.binary_search_by_key(&number, |(one, _)| *one).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests;
