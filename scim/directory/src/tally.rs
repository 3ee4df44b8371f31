//! How many rows a request read and changed, whichever use cases it went through.
//!
//! The count belongs to the thread that asks, so that no use case has to hand it through; what the writing thread
//! did for a caller is added when the caller gets its answer.

use std::cell::Cell;

thread_local! {
    static ROWS: Cell<u64> = const { Cell::new(0) };
}

/// What `work` gives, and the rows that the directory read and changed for it on this thread.
///
/// Rows that the engine passes over inside a statement, as before a `startIndex`, are not among them.
pub fn counted<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = ROWS.get();
    let given = work();
    (given, ROWS.get().saturating_sub(before))
}

/// Adds rows to what the present request has touched.
pub(crate) fn add(rows: u64) {
    ROWS.set(ROWS.get().saturating_add(rows));
}
