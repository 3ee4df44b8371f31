//! How many rows a piece of work reads and writes.
//!
//! Work on a store stays on its thread from beginning to end, so each thread counts for itself.

use std::cell::Cell;

thread_local! {
    static ROWS: Cell<u64> = const { Cell::new(0) };
}

/// Counts `rows` as read or written by this thread.
pub(crate) fn count(rows: u64) {
    ROWS.set(ROWS.get().wrapping_add(rows));
}

/// The rows touched by this thread since it was started.
pub(crate) struct Touched(u64);

impl Touched {
    /// Begins to count.
    pub(crate) fn start() -> Self {
        Self(ROWS.get())
    }

    /// The rows so far.
    pub(crate) fn rows(&self) -> u64 {
        ROWS.get().wrapping_sub(self.0)
    }
}
