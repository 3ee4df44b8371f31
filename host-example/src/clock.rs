//! The host's clock: the one place that reads the time.

use std::time::{SystemTime, UNIX_EPOCH};

use cohort_core::id::Instant;

/// The present moment by the machine's clock.
///
/// A clock set before 1970 reads as 1970: every state was made after that, so questions are then
/// `indeterminate` and nothing is allowed.
#[must_use]
pub fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "a host decides by its own clock, and reads it here only")]
    let now = SystemTime::now();
    let since_epoch = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::from_millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
