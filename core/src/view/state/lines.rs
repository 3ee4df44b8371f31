//! Filters of permissions: a line of bits for each group.

use alloc::vec::Vec;

/// Words of a line, as a power of two: at least, and at most.
const POWERS: [u32; 2] = [3, 6];
/// Permissions that a word tells apart well enough: half of its bits are set then.
const PERMISSIONS_PER_WORD: usize = 12;

/// A word of a line, and bits in it.
pub(crate) type Bits = (usize, u64);

/// What every line has.
pub(crate) const ANY_LINE: Bits = (0, 0);

/// Which permissions each group speaks about: a bit for each where that takes no more room, else three bits for each,
/// all in one word of the group's line.
///
/// A permission whose bits are not all set is not spoken about; the reverse needs a look at the gives. Lines are longer
/// where groups speak about many permissions, so that how often one says "perhaps" does not depend on how many grants
/// there are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    words: Vec<u64>,
    /// Words of a line, as a power of two.
    power: u32,
    /// Whether there is a bit for each permission; those that deltas bring share.
    is_exact: bool,
}

impl Lines {
    /// No lines.
    pub(super) const EMPTY: Self = Self { words: Vec::new(), power: 0, is_exact: false };

    /// Gives empty lines to `count` numbers, of which each speaks about so many permissions of `all`.
    pub(super) fn begin(&mut self, count: usize, permissions: usize, all: usize) {
        let [least, most] = POWERS;
        self.power = least;
        while self.power < most && permissions > PERMISSIONS_PER_WORD << self.power && !self.has_room(all) {
            self.power += 1;
        }
        self.is_exact = self.has_room(all);
        self.words.resize(count << self.power, 0);
    }

    /// Whether a line has a bit for each of so many permissions.
    const fn has_room(&self, permissions: usize) -> bool {
        permissions <= 64 << self.power
    }

    /// As many empty lines as `count`, of the length that these have.
    pub(super) fn alike(&self, count: usize) -> Self {
        Self { words: alloc::vec![0; count << self.power], power: self.power, is_exact: self.is_exact }
    }

    /// The bits of a permission: all are set in the line of a group that speaks about it.
    pub(crate) const fn bits_of(&self, permission: u32) -> Bits {
        if self.is_exact {
            return (permission as usize >> 6 & ((1 << self.power) - 1), 1 << (permission & 63));
        }
        let mixed = (permission as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bits = 1 << (mixed >> 20 & 63) | 1 << (mixed >> 33 & 63) | 1 << (mixed >> 47 & 63);
        ((mixed >> (64 - POWERS[1]) >> (POWERS[1] - self.power)) as usize, bits)
    }

    /// Whether the line of `number` has all bits that [`Lines::bits_of`] gave.
    #[inline(always)]
    pub(crate) fn has(&self, number: u32, (word, bits): Bits) -> bool {
        let word = self.words.get(((number as usize) << self.power) + word);
        word.is_some_and(|word| word & bits == bits)
    }

    /// Has `number` speak about more permissions.
    pub(super) fn add(&mut self, number: u32, permissions: &[u32]) {
        for permission in permissions {
            let (word, bits) = self.bits_of(*permission);
            if let Some(word) = self.line_mut(number).get_mut(word) {
                *word |= bits;
            }
        }
    }

    /// Has `number` speak about all that `other`, whose lines are alike, has under `from`; about everything if that is
    /// none of its numbers.
    pub(super) fn join(&mut self, number: u32, other: &Self, from: u32) {
        let start = (from as usize) << other.power;
        match start.checked_add(1 << other.power).and_then(|end| other.words.get(start..end)) {
            None => self.fill(number),
            Some(more) => self.line_mut(number).iter_mut().zip(more).for_each(|(word, more)| *word |= more),
        }
    }

    /// Has `number`, which may be new, speak about nothing.
    pub(super) fn clear(&mut self, number: u32) {
        let end = (number as usize + 1) << self.power;
        if self.words.len() < end {
            self.words.resize(end, 0);
        }
        self.line_mut(number).fill(0);
    }

    /// Has `number` speak about everything.
    pub(super) fn fill(&mut self, number: u32) {
        self.line_mut(number).fill(u64::MAX);
    }

    fn line_mut(&mut self, number: u32) -> &mut [u64] {
        let start = (number as usize) << self.power;
        self.words.get_mut(start..start + (1 << self.power)).unwrap_or_default()
    }
}
