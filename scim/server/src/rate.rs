//! How fast one connection may ask.
//!
//! Requests are let in as if they came evenly spaced, with as many at once as a window of time would have let in:
//! what a synchronisation sends in a burst passes, what a loop gone wrong sends does not starve the others.

use std::collections::HashMap;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::config::RATE_WINDOW;

/// The pace of each caller so far. Callers are known ones, so there are not more of them than connections.
pub(crate) struct Rates<K> {
    per_second: NonZeroU32,
    /// Time that one request takes up.
    each: Duration,
    /// The moment up to which the requests of a caller have taken time up.
    taken_up_to: Mutex<HashMap<K, Instant>>,
}

/// The caller has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooFast {
    /// Whole seconds after which a request will be let in; at least 1.
    pub(crate) retry_seconds: u64,
}

impl<K: Hash + Eq> Rates<K> {
    /// Lets each caller ask this many times per second, on average over [`RATE_WINDOW`].
    pub(crate) fn new(per_second: NonZeroU32) -> Self {
        let each = Duration::from_secs(1) / per_second.get();
        Self { per_second, each, taken_up_to: Mutex::default() }
    }

    /// How many times per second a caller may ask.
    pub(crate) fn per_second(&self) -> u32 {
        self.per_second.get()
    }

    /// Lets a request in that came at `now`, or says when to come back; who comes too early loses nothing by it.
    pub(crate) fn admit(&self, caller: K, now: Instant) -> Result<(), TooFast> {
        let mut taken = self.taken_up_to.lock().unwrap_or_else(PoisonError::into_inner);
        let up_to = taken.entry(caller).or_insert(now);
        let then = (*up_to).max(now) + self.each;
        let early = then.saturating_duration_since(now).saturating_sub(RATE_WINDOW);
        if !early.is_zero() {
            return Err(TooFast { retry_seconds: early.as_secs() + 1 });
        }
        *up_to = then;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
