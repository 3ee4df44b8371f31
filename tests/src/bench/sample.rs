//! Repetition, and what is left of it: a median and a tail.

use std::time::{Duration, Instant};

/// How long to go on.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    /// So many times at least, whatever it takes.
    pub(super) least: usize,
    /// So many times at most.
    pub(super) most: usize,
    /// Between the two, until so much time has passed, preparations included.
    pub(super) time: Duration,
}

impl Budget {
    /// For what takes microseconds.
    pub(super) const SHORT: Self = Self { least: 5, most: 3_000, time: Duration::from_millis(1_500) };
    /// For what takes seconds.
    pub(super) const LONG: Self = Self { least: 3, most: 50, time: Duration::from_secs(3) };
}

/// The durations of one thing done again and again.
pub(super) struct Samples {
    // INVARIANT: ascending, in nanoseconds, at least one.
    sorted: Vec<f64>,
}

impl Samples {
    /// Repeats `once`, which does its preparations and says how long the rest took.
    ///
    /// # Errors
    /// The first error of `once`.
    pub(super) fn take<E>(budget: Budget, mut once: impl FnMut() -> Result<Duration, E>) -> Result<Self, E> {
        let start = Instant::now();
        let mut sorted = Vec::new();
        while sorted.len() < budget.least || (sorted.len() < budget.most && start.elapsed() < budget.time) {
            sorted.push(once()?.as_secs_f64() * 1e9);
        }
        sorted.sort_by(f64::total_cmp);
        Ok(Self { sorted })
    }

    /// Repeats `once`, which cannot fail and is measured whole.
    pub(super) fn of<T>(budget: Budget, mut once: impl FnMut() -> T) -> Self {
        let timed = || Ok::<_, std::convert::Infallible>(time(&mut once).0);
        match Self::take(budget, timed) {
            Ok(samples) => samples,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.sorted.len()
    }

    /// Half of them took at most so many nanoseconds.
    pub(super) fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// All but one in a hundred took at most so many nanoseconds.
    pub(super) fn p99(&self) -> f64 {
        self.quantile(0.99)
    }

    fn quantile(&self, share: f64) -> f64 {
        let last = self.sorted.len().saturating_sub(1);
        self.sorted.get((last as f64 * share).round() as usize).copied().unwrap_or_default()
    }
}

/// Does `once`; how long it took, and what it gave.
pub(super) fn time<T>(once: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let given = once();
    (start.elapsed(), given)
}
