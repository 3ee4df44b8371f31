//! Pauses after failures: they double, are bounded, and no two gateways have the same.

/// The first pause.
const FIRST_MILLIS: i64 = 250;
/// The longest one.
const MAX_MILLIS: i64 = 15_000;

/// How often something failed in a row.
#[derive(Debug)]
pub(super) struct BackOff {
    next_millis: i64,
}

impl BackOff {
    pub(super) const fn new() -> Self {
        Self { next_millis: FIRST_MILLIS }
    }

    pub(super) const fn reset(&mut self) {
        self.next_millis = FIRST_MILLIS;
    }

    /// The next pause: between half of it and all.
    pub(super) fn next_millis(&mut self, seed: u64) -> i64 {
        let whole = self.next_millis;
        self.next_millis = (whole * 2).min(MAX_MILLIS);
        // A multiplication spreads seeds that are alike, such as moments.
        let spread = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        whole / 2 + (spread as i64) % (whole / 2 + 1)
    }
}
