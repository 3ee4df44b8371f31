//! The CPU time of another process, to the nanosecond: the clock of `/proc/PID/stat` has a grain of ten milliseconds,
//! which is fifty requests.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tokio::time::sleep;

use super::{real, said};
use crate::failure::{Failure, io};
use crate::program::Server;

/// How long a process is left alone before its time is read: longer than it puts work off, such as its log.
const SETTLED: Duration = Duration::from_millis(600);

/// Reads the CPU time of one process.
pub(super) struct Meter {
    tasks: PathBuf,
}

/// CPU nanoseconds of each thread so far.
pub(super) struct Reading(BTreeMap<u32, u64>);

impl Meter {
    /// # Errors
    /// [`Failure::Program`] where the system does not tell.
    pub(super) fn of(server: &Server) -> Result<Self, Failure> {
        let id = server.process_id().ok_or_else(|| said("the server has ended"))?;
        let meter = Self { tasks: PathBuf::from(format!("/proc/{id}/task")) };
        meter.read()?;
        Ok(meter)
    }

    /// The time that each thread has taken up to now.
    pub(super) fn read(&self) -> Result<Reading, Failure> {
        let unknown = || io("reading the CPU time of the server; expected `schedstat` of Linux in /proc");
        let mut threads = BTreeMap::new();
        for task in fs::read_dir(&self.tasks).map_err(unknown())? {
            let task = task.map_err(unknown())?;
            let Ok(id) = task.file_name().to_string_lossy().parse() else { continue };
            // A thread that ends meanwhile has no file any more.
            let Ok(line) = fs::read_to_string(task.path().join("schedstat")) else { continue };
            let first = line.split_whitespace().next().and_then(|nanos| nanos.parse().ok());
            threads.insert(id, first.ok_or_else(|| said(format!("`schedstat` says `{line}`")))?);
        }
        match threads.is_empty() {
            true => Err(said("no thread of the server tells its CPU time; expected `schedstat` of Linux")),
            false => Ok(Reading(threads)),
        }
    }

    /// Waits until what was put off is done, then reads.
    pub(super) async fn settled(&self) -> Result<Reading, Failure> {
        sleep(SETTLED).await;
        self.read()
    }
}

impl Reading {
    /// Microseconds from `before` to here. Threads that ended meanwhile had been idle for long and count for nothing.
    pub(super) fn micros_since(&self, before: &Self) -> f64 {
        let each =
            self.0.iter().map(|(id, nanos)| nanos.saturating_sub(before.0.get(id).copied().unwrap_or(0)));
        real(each.sum()) / 1_000.0
    }
}
