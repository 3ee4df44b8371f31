//! The ids of users, and their numbers, which follow the lengths of their rows.
//!
//! The snapshot's ids lie here as they came, ascending; beside them what leads to a number: the class of each user's
//! row, and how many of each class come before every [`BLOCK`] users. That is a byte and a half a user, where two
//! tables of numbers would be eight.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::users::CLASSES;
use crate::view::keys::{Key, Keys, key_in};

/// Users between two counts.
const BLOCK: usize = 128;

/// Users of each class.
pub(super) type Counts = [u32; CLASSES];

/// The ids of all users.
#[derive(Clone, Debug, Default)]
pub(super) struct Ids {
    // INVARIANT: those of the snapshot, ascending; as they came, for WebAssembly takes long to turn bytes around.
    ids: Vec<[u8; 16]>,
    // INVARIANT: of the snapshot's users, in the order of their ids, as `blocks`.
    classes: Vec<u8>,
    /// How many of each class come before each block.
    blocks: Vec<Counts>,
    /// The number of the first user of each class.
    firsts: Counts,
    /// Those that deltas brought, numbered behind the snapshot's.
    added: Keys,
}

impl Ids {
    /// No ids.
    pub(super) const EMPTY: Self = Self {
        ids: Vec::new(),
        classes: Vec::new(),
        blocks: Vec::new(),
        firsts: [0; CLASSES],
        added: Keys::EMPTY,
    };

    /// Takes in the snapshot's ids, each of a user whose row is of the class beside it; false unless they ascend.
    pub(super) fn fill(&mut self, ids: &[[u8; 16]], classes: Vec<u8>, seed: u64) -> bool {
        for (id, next) in ids.iter().zip(ids.iter().skip(1)) {
            if !is_before(id, next) {
                return false;
            }
        }
        self.ids.reserve_exact(ids.len());
        self.ids.extend_from_slice(ids);
        self.blocks.reserve_exact(ids.len().div_ceil(BLOCK));
        let mut counts = Counts::default();
        for block in classes.chunks(BLOCK) {
            self.blocks.push(counts);
            for class in block {
                if let Some(count) = counts.get_mut(usize::from(*class)) {
                    *count += 1;
                }
            }
        }
        let mut next = 0;
        for (first, count) in self.firsts.iter_mut().zip(counts) {
            *first = next;
            next += count;
        }
        self.classes = classes;
        self.added.prepare(seed, 0);
        true
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ids.len() + self.added.len()
    }

    /// The number of the first user of each class.
    pub(super) const fn firsts(&self) -> &Counts {
        &self.firsts
    }

    /// The id of the user of this number.
    ///
    /// Cost: the logarithm of the users.
    pub(super) fn get(&self, user: u32) -> Key {
        match user.checked_sub(self.ids.len() as u32) {
            Some(added) => self.added.get(added),
            None => self.rank(user).and_then(|at| self.ids.get(at)).map(key_in).unwrap_or_default(),
        }
    }

    /// The number of a user who is or was there.
    ///
    /// Cost: the logarithm of the logarithm of the users, as ids are random or follow the time; at worst three times the
    /// logarithm.
    pub(super) fn find(&self, sought: &Key) -> Option<u32> {
        let (mut start, mut end) = (0, self.ids.len());
        let [mut low, mut high] =
            [self.ids.first(), self.ids.last()].map(|id| id.map_or(0, |id| key_in(id)[0]));
        let mut tries = 0;
        while start < end {
            tries += 1;
            // Where it would be if those in between were evenly spread; now and then in the middle, should they not be.
            let way = if tries % 3 == 0 {
                (end - start) / 2
            } else {
                share((low, sought[0], high), end - 1 - start)
            };
            let id = key_in(self.ids.get(start + way)?);
            match id.cmp(sought) {
                Ordering::Less => (start, low) = (start + way + 1, id[0]),
                Ordering::Greater => (end, high) = (start + way, id[0]),
                Ordering::Equal => return self.number(start + way),
            }
        }
        self.added.find(sought).map(|number| number + self.ids.len() as u32)
    }

    /// Adds a user whom the snapshot did not have; the number.
    pub(super) fn add(&mut self, id: &Key) -> u32 {
        self.added.push(id) + self.ids.len() as u32
    }

    /// The number of the user at this place among the snapshot's ids.
    fn number(&self, rank: usize) -> Option<u32> {
        let class = *self.classes.get(rank)?;
        let start = rank / BLOCK * BLOCK;
        let before = count(self.classes.get(start..rank)?, class);
        let class = usize::from(class);
        Some(self.firsts.get(class)? + self.blocks.get(rank / BLOCK)?.get(class)? + before)
    }

    /// The place among the snapshot's ids of the user of this number.
    fn rank(&self, user: u32) -> Option<usize> {
        let class = self.firsts.partition_point(|first| *first <= user).checked_sub(1)?;
        let before = user - self.firsts.get(class)?;
        let count = |block: &Counts| block.get(class).copied().unwrap_or_default();
        let block = self.blocks.partition_point(|block| count(block) <= before).checked_sub(1)?;
        let skipped = before - self.blocks.get(block).map(count)?;
        let start = block * BLOCK;
        let classes = self.classes.get(start..)?.iter().enumerate();
        let mut same = classes.filter(|(_, one)| usize::from(**one) == class);
        same.nth(skipped as usize).map(|(at, _)| start + at)
    }
}

/// Whether an id comes before another.
#[inline(always)]
fn is_before(one: &[u8; 16], other: &[u8; 16]) -> bool {
    let half = |id: &[u8; 16], at| {
        id.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |half| u64::from_le_bytes(*half))
    };
    let (mut left, mut right) = (half(one, 0), half(other, 0));
    if left == right {
        (left, right) = (half(one, 8), half(other, 8));
    }
    // The first byte in which they differ is the lowest: what comes before it, and is the same, is shifted out.
    let same = ((left ^ right).trailing_zeros() & !7) % 64;
    ((left >> same) as u8) < (right >> same) as u8
}

/// What of `whole` lies before `sought`, as `sought` lies between `first` and `last`.
fn share((first, sought, last): (u64, u64, u64), whole: usize) -> usize {
    let (width, way) = (last - first, sought.clamp(first, last) - first);
    // So that the product fits, whatever the ids.
    let shift = width.leading_zeros().min(32);
    let (width, way) = (width << shift >> 32, way << shift >> 32);
    (way * whole as u64).checked_div(width).unwrap_or(0) as usize
}

/// How many of `classes` are `class`: eight at a time, for WebAssembly has no better way.
fn count(classes: &[u8], class: u8) -> u32 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let (words, rest) = classes.as_chunks::<8>();
    let differing = words.iter().fold(0, |differing, word| {
        // The top bit of each byte that differs: all are small.
        let other = u64::from_le_bytes(*word) ^ (ONES * u64::from(class));
        differing + ((other + ONES * 0x7f) & ONES << 7).count_ones()
    });
    let same = rest.iter().filter(|one| **one == class).count();
    words.len() as u32 * 8 - differing + same as u32
}
