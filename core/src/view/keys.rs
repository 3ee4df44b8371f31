//! Things by number, and numbers by what the things are known by: an id, or another number.

use alloc::vec::Vec;

use super::index::Index;

/// What things are known by: the halves of an id's bits, which ascend as ids do.
pub(crate) type Key = [u64; 2];

/// The key in the bytes of a uuid.
pub(crate) const fn key_in(bytes: &[u8; 16]) -> Key {
    let bits = u128::from_be_bytes(*bytes);
    [(bits >> 64) as u64, bits as u64]
}

/// The key of a number.
pub(crate) const fn key_of(number: u32) -> Key {
    [0, number as u64]
}

/// One key for each number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    keys: Vec<Key>,
    index: Index,
}

impl Keys {
    /// None.
    pub(crate) const EMPTY: Self = Self { keys: Vec::new(), index: Index::EMPTY };

    /// Makes room for about `count` where none are yet; `seed` goes into their hashes.
    pub(crate) fn prepare(&mut self, seed: u64, count: usize) {
        self.index.prepare(seed, count);
        self.keys.reserve_exact(count);
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The key of `number`; zeros for one that was never given out.
    #[inline(never)]
    pub(crate) fn get(&self, number: u32) -> Key {
        self.keys.get(number as usize).copied().unwrap_or_default()
    }

    /// The number of a key.
    pub(crate) fn find(&self, key: &Key) -> Option<u32> {
        self.index.find(self.index.hash_key(key), &mut |number| self.get(number) == *key)
    }

    /// The number of a key, which is given the next one if it has none.
    pub(crate) fn number(&mut self, key: &Key) -> u32 {
        self.find(key).unwrap_or_else(|| self.push(key))
    }

    /// The number that a key, which has none, is given.
    #[inline(never)]
    pub(crate) fn push(&mut self, key: &Key) -> u32 {
        let number = self.keys.len() as u32;
        self.keys.push(*key);
        let keys = &self.keys;
        self.index.insert(number, &|index, number| {
            index.hash_key(&keys.get(number as usize).copied().unwrap_or_default())
        });
        number
    }
}
