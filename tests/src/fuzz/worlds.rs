//! Statements of a world that bytes choose, played on both sides.

use crate::random;

/// Bytes that steer one world; what is made up after them does not depend on them.
const CHOICES_MAX: usize = 4 * 1024;

/// Plays the world that the bytes choose.
pub(super) fn play(data: &[u8]) {
    let choices = data.get(..CHOICES_MAX).unwrap_or(data);
    let found = random::play_choices(choices);
    assert!(found.is_none(), "{}", found.map(|found| found.to_string()).unwrap_or_default());
}
