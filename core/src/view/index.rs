//! Numbers found by the hash of what they stand for.
//!
//! The table holds numbers only; whoever asks compares what the number stands for, so an entry that is out of date
//! is passed over and nothing ever has to be taken out.

use alloc::vec::Vec;

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
    /// An empty table for about `count` numbers.
    pub(crate) fn new(seed: u64, count: usize) -> Self {
        let slots = if count == 0 { 0 } else { slots_for(count) };
        Self { slots: alloc::vec![0; slots], used: 0, seed }
    }

    /// The hash of `bytes` in this table.
    pub(crate) fn hash(&self, bytes: &[u8]) -> u64 {
        hash(self.seed, bytes)
    }

    /// The numbers that may stand for what has this hash.
    pub(crate) fn candidates(&self, hash: u64) -> impl Iterator<Item = u32> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = hash as usize;
        core::iter::from_fn(move || {
            let slot = *self.slots.get(at & mask)?;
            at = at.wrapping_add(1);
            slot.checked_sub(1)
        })
    }

    /// Adds `number`; `hash_of` gives the hash of every number that is in the table, should it have to grow.
    pub(crate) fn insert(&mut self, hash: u64, number: u32, hash_of: impl Fn(u64, u32) -> u64) {
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            self.grow(hash_of);
        }
        self.place(hash, number);
    }

    /// The numbers that may stand for the thing of this id.
    pub(crate) fn of_id(&self, id: u128) -> impl Iterator<Item = u32> {
        self.candidates(self.hash(&id.to_le_bytes()))
    }

    /// Adds `number`, whose id is `id_of(number)`.
    pub(crate) fn insert_id(&mut self, number: u32, id_of: impl Fn(u32) -> u128) {
        let hash_of = |seed, number| hash(seed, &id_of(number).to_le_bytes());
        self.insert(hash_of(self.seed, number), number, hash_of);
    }

    /// A number whose thing has the number `key` elsewhere, which `key_of` gives of each.
    pub(crate) fn of_key(&self, key: u32, key_of: impl Fn(u32) -> Option<u32>) -> Option<u32> {
        self.candidates(self.hash(&key.to_le_bytes())).find(|number| key_of(*number) == Some(key))
    }

    /// Adds `number`, of which `key_of` gives the key.
    pub(crate) fn insert_key(&mut self, number: u32, key_of: impl Fn(u32) -> Option<u32>) {
        let hash_of = |seed, number| hash(seed, &key_of(number).unwrap_or(0).to_le_bytes());
        self.insert(hash_of(self.seed, number), number, hash_of);
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

    fn grow(&mut self, hash_of: impl Fn(u64, u32) -> u64) {
        let slots = slots_for(self.used * 2 + 4);
        let before = core::mem::replace(&mut self.slots, alloc::vec![0; slots]);
        self.used = 0;
        for number in before.into_iter().filter_map(|slot| slot.checked_sub(1)) {
            self.place(hash_of(self.seed, number), number);
        }
    }
}

/// Slots for `count` numbers: at most three quarters full.
fn slots_for(count: usize) -> usize {
    (count + count / 3 + 2).next_power_of_two()
}

/// A hash of `bytes` that differs with `seed`.
pub(crate) fn hash(seed: u64, bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |state: u64, word: u64| (state.rotate_left(23) ^ word).wrapping_mul(FACTOR);
    let (words, rest) = bytes.as_chunks::<8>();
    let state = words.iter().fold(seed, |state, word| mix(state, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    let state = mix(mix(state, u64::from_le_bytes(last)), bytes.len() as u64);
    // The low bits choose the slot; the multiplications mixed upward.
    state ^ state >> 29 ^ state >> 47
}
