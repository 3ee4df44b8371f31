//! How long to wait before the next try.

use core::time::Duration;

/// Milliseconds before the first retry.
const FIRST_MILLIS: u64 = 100;

/// Milliseconds that no wait exceeds.
const LONGEST_MILLIS: u64 = 5_000;

/// Waits that double, up to a bound, each shortened by up to a half so that hosts do not all return at once.
#[derive(Clone, Debug)]
pub struct BackOff {
    millis: u64,
    scatter: u64,
}

impl BackOff {
    /// The first waits. `seed` should differ between hosts: it decides how their waits are scattered.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { millis: FIRST_MILLIS, scatter: seed }
    }

    /// How long to wait now; longer the next time.
    pub fn next_wait(&mut self) -> Duration {
        let longest = self.millis;
        self.millis = (self.millis * 2).min(LONGEST_MILLIS);
        // One step of Knuth's linear congruential generator: scatter needs no more.
        self.scatter = self.scatter.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let half = longest / 2;
        Duration::from_millis(longest - (self.scatter >> 33) % half)
    }

    /// Begins anew after a success.
    pub const fn reset(&mut self) {
        self.millis = FIRST_MILLIS;
    }
}

#[cfg(test)]
mod tests {
    use super::{BackOff, FIRST_MILLIS, LONGEST_MILLIS};

    #[test]
    fn waits_double_up_to_a_bound_and_begin_anew() {
        let mut back_off = BackOff::new(7);
        let mut longest = FIRST_MILLIS;
        for _ in 0..20 {
            let wait = back_off.next_wait().as_millis() as u64;
            assert!(longest / 2 <= wait && wait <= longest, "{wait} of {longest}");
            longest = (longest * 2).min(LONGEST_MILLIS);
        }
        back_off.reset();
        assert!(back_off.next_wait().as_millis() as u64 <= FIRST_MILLIS);
    }

    #[test]
    fn hosts_scatter() {
        let waits = |seed| {
            let mut back_off = BackOff::new(seed);
            [(); 8].map(|()| back_off.next_wait())
        };
        assert_eq!(waits(1), waits(1));
        assert_ne!(waits(1), waits(2));
    }
}
