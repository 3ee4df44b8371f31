//! What is said about the machine, and nothing more: figures must not tell where they were taken.

use std::fs;
use std::thread;

/// Cores that this process may use.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Does `once`; what it gave, and the bytes of memory that were taken meanwhile and are still.
pub(super) fn memory_of<T>(once: impl FnOnce() -> T) -> (T, Option<u64>) {
    let before = resident_bytes();
    let given = once();
    let taken = resident_bytes().zip(before).map(|(after, before)| after.saturating_sub(before));
    (given, taken)
}

/// Bytes of this process in memory, without those that are only mapped from files, such as its code; none where the
/// system does not say so in `/proc`.
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
