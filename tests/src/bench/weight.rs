//! What an opened snapshot weighs, asked of a process that has done nothing else.
//!
//! In the process that encoded it, the state would move into memory that was freed before, and seem to take none.

use std::io::{self, Read, Write};
use std::process::{Command, Stdio};

use cohort_core::view::Snapshot;

use super::{Failure, machine};

/// The option that makes the program [`weigh`] what comes in.
pub const OPTION: &str = "--weigh";

/// Opens the snapshot that comes in, and says how many bytes of memory that took.
///
/// # Errors
/// [`Failure::Start`] if it cannot be read, [`Failure::Open`] if it is refused.
pub fn weigh(mut from: impl Read) -> Result<Option<u64>, Failure> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).map_err(Failure::Start)?;
    let (snapshot, taken) = machine::memory_of(|| Snapshot::open(&bytes));
    snapshot?;
    Ok(taken)
}

/// The same in a process of its own; none if it could not say.
pub(super) fn elsewhere(bytes: &[u8]) -> io::Result<Option<u64>> {
    let mut scale = Command::new(std::env::current_exe()?);
    let scale = scale.arg(OPTION).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut scale = scale.spawn()?;
    if let Some(mut to) = scale.stdin.take() {
        to.write_all(bytes)?;
    }
    let said = scale.wait_with_output()?.stdout;
    Ok(String::from_utf8_lossy(&said).trim().parse().ok())
}
