//! What an opened snapshot weighs, asked of a process that has done nothing else.
//!
//! In the process that encoded it, the state would move into memory that was freed before, and seem to take none.

use std::io::{self, Read, Write};
use std::process::{Command, Stdio};

use cohort_core::view::Snapshot;

use super::{Failure, machine};

/// The option that makes the program [`weigh`] what comes in.
pub const OPTION: &str = "--weigh";

/// Opens the snapshot that comes in, applies the deltas that follow, each behind its length, and says how many bytes of
/// memory that took.
///
/// # Errors
/// [`Failure::Start`] if they cannot be read, [`Failure::Open`] or [`Failure::Apply`] if one is refused.
pub fn weigh(mut from: impl Read) -> Result<Option<u64>, Failure> {
    let mut parts = Vec::new();
    while let Some(part) = part(&mut from).map_err(Failure::Start)? {
        parts.push(part);
    }
    let Some((bytes, deltas)) = parts.split_first() else { return Ok(None) };
    let follow = || {
        let mut snapshot = Snapshot::open(bytes)?;
        deltas.iter().try_for_each(|delta| snapshot.apply(delta))?;
        Ok(snapshot)
    };
    let (snapshot, taken) = machine::memory_of(follow);
    snapshot.map(|_| taken)
}

/// The next part that comes in; none at the end.
fn part(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut len = [0; 4];
    match from.read_exact(&mut len) {
        Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let mut bytes = vec![0; u32::from_le_bytes(len) as usize];
    from.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

/// The same in a process of its own; none if it could not say.
pub(super) fn elsewhere(snapshot: &[u8], deltas: &[Vec<u8>]) -> io::Result<Option<u64>> {
    let mut scale = Command::new(std::env::current_exe()?);
    let scale = scale.arg(OPTION).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut scale = scale.spawn()?;
    if let Some(mut to) = scale.stdin.take() {
        for part in [snapshot].into_iter().chain(deltas.iter().map(Vec::as_slice)) {
            to.write_all(&(part.len() as u32).to_le_bytes())?;
            to.write_all(part)?;
        }
    }
    let said = scale.wait_with_output()?.stdout;
    Ok(String::from_utf8_lossy(&said).trim().parse().ok())
}
