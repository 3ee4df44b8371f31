//! Numbers found by the hash of what they stand for.
//!
//! The table holds numbers only; whoever asks compares what the number stands for, so an entry that is out of date
//! is passed over and nothing ever has to be taken out.

use alloc::vec::Vec;

use super::keys::Key;

/// Numbers by hash: open addressing, at most three quarters full.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    // INVARIANT: a power of two long, or empty; a slot holds a number plus one, or 0.
    slots: Vec<u32>,
    used: usize,
    // Unknown when names are chosen, so that nobody can choose names that collide.
    seed: u64,
}

impl Index {
    /// No numbers.
    pub(crate) const EMPTY: Self = Self { slots: Vec::new(), used: 0, seed: 0 };

    /// Makes room for about `count` numbers in a table that is empty; their hashes will differ with `seed`.
    pub(crate) fn prepare(&mut self, seed: u64, count: usize) {
        self.seed = seed;
        if count > 0 {
            self.slots.resize(slots_for(count), 0);
        }
    }

    /// The hash of `bytes` in this table.
    pub(crate) fn hash(&self, bytes: &[u8]) -> u64 {
        hash(self.seed, bytes)
    }

    /// The hash of a key in this table.
    pub(crate) fn hash_key(&self, [high, low]: &Key) -> u64 {
        finish(mix(mix(self.seed, *high), *low))
    }

    /// The first number of those that may stand for what has this hash which `is_it` takes.
    pub(crate) fn find(&self, hash: u64, is_it: &mut dyn FnMut(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize;
        loop {
            let number = self.slots.get(at & mask)?.checked_sub(1)?;
            if is_it(number) {
                return Some(number);
            }
            at = at.wrapping_add(1);
        }
    }

    /// Adds `number`; `hash_of` gives the hash, in this table, of every number that is in it, should it have to grow.
    pub(crate) fn insert(&mut self, number: u32, hash_of: &dyn Fn(&Self, u32) -> u64) {
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            let before = core::mem::take(&mut self.slots);
            self.prepare(self.seed, self.used * 2 + 4);
            self.used = 0;
            for slot in before {
                if let Some(number) = slot.checked_sub(1) {
                    self.place(hash_of(self, number), number);
                }
            }
        }
        self.place(hash_of(self, number), number);
    }

    fn place(&mut self, hash: u64, number: u32) {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if *slot == 0 {
                *slot = number + 1;
                self.used += 1;
                return;
            }
            at = (at + 1) & mask;
        }
    }
}

/// Slots for `count` numbers: at most three quarters full.
fn slots_for(count: usize) -> usize {
    (count + count / 3 + 2).next_power_of_two()
}

/// A hash of `bytes` that differs with `seed`.
pub(crate) fn hash(seed: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut state = seed;
    for word in words {
        state = mix(state, u64::from_le_bytes(*word));
    }
    let mut last = 0;
    for byte in rest.iter().rev() {
        last = last << 8 | u64::from(*byte);
    }
    finish(mix(mix(state, last), bytes.len() as u64))
}

const fn mix(state: u64, word: u64) -> u64 {
    (state.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The low bits choose the slot; the multiplications mixed upward.
const fn finish(state: u64) -> u64 {
    state ^ state >> 29 ^ state >> 47
}
