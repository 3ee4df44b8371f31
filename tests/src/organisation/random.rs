//! Numbers that look random and follow from a seed.

/// A stream of numbers (splitmix64, public domain by Sebastiano Vigna).
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The stream of `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A stream of its own for the thing of this kind and number, whatever was drawn before.
    pub(super) fn about(seed: u64, kind: Kind, number: usize) -> Self {
        let mut random = Self::new(seed ^ (kind as u64) << 56 ^ number as u64);
        Self::new(random.bits())
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ self.state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `end`, all equally likely; 0 when `end` is 0.
    pub const fn below(&mut self, end: usize) -> usize {
        ((self.bits() as u128 * end as u128) >> 64) as usize
    }

    /// A number below `end` that is the less likely the greater it is, as `1 / (number + 1)`.
    pub const fn rank_below(&mut self, end: usize) -> usize {
        loop {
            let octave = self.below(end.ilog2() as usize + 1);
            let rank = (1 << octave) - 1 + self.below(1 << octave);
            if rank < end {
                return rank;
            }
        }
    }

    /// Whether something happens that happens once in `times`.
    pub const fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// What a stream is about.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Id = 1,
    Nesting,
    Profile,
    Memberships,
    Role,
    Grant,
}
