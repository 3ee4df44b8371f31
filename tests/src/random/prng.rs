//! Numbers that look random and are the same for the same seed, or that somebody else chose.

/// What SplitMix64 adds to its state at each step: 2^64 divided by the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64, the generator of Steele, Lea and Flood ("Fast splittable pseudorandom number generators", 2014).
#[derive(Clone, Debug)]
pub struct Prng {
    state: u64,
    /// Numbers that come first, the last one foremost.
    chosen: Vec<u8>,
}

impl Prng {
    /// The sequence of this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed, chosen: Vec::new() }
    }

    /// The numbers that `bytes` are, then those of seed 0: so a fuzzer steers whatever is made of them.
    #[must_use]
    pub fn of_choices(bytes: &[u8]) -> Self {
        Self { state: 0, chosen: bytes.iter().rev().copied().collect() }
    }

    /// The sequence of one of the worlds of a seed, which does not depend on the worlds before it.
    #[must_use]
    pub fn of_world(seed: u64, number: u64) -> Self {
        let mut of_number = Self::new(number);
        Self::new(seed ^ of_number.number())
    }

    /// The next 64 bits.
    pub fn number(&mut self) -> u64 {
        if let Some(chosen) = self.chosen.pop() {
            return u64::from(chosen);
        }
        self.state = self.state.wrapping_add(STEP);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.number() % end).unwrap_or_default()
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// True `percent` times of a hundred.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.number() % 100 < u64::from(percent)
    }

    /// One of them; none of none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let at = self.below(from.len());
        from.get(at)
    }

    /// One of the words.
    pub fn word(&mut self, from: &[&'static str]) -> &'static str {
        self.pick(from).copied().unwrap_or_default()
    }

    /// One of them, each as often as its weight says.
    pub fn weighted<T: Copy>(&mut self, from: &[(u32, T)]) -> Option<T> {
        let total: u32 = from.iter().map(|(weight, _)| weight).sum();
        let mut left =
            u32::try_from(self.below(usize::try_from(total).unwrap_or_default())).unwrap_or_default();
        for (weight, one) in from {
            if left < *weight {
                return Some(*one);
            }
            left -= weight;
        }
        None
    }

    /// Puts them in another order.
    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for end in (1..all.len()).rev() {
            all.swap(end, self.below(end + 1));
        }
    }
}
