//! The CPU time of another process.
//!
//! Of a process whose threads stay it is known to the nanosecond, thread by thread. One that starts a thread for each
//! request tells only the sum, with a grain of ten milliseconds: enough where a request costs milliseconds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::sleep;

use super::{real, said};
use crate::failure::{Failure, io};

/// How long a process is left alone before its time is read: longer than it puts work off, such as its log.
const SETTLED: Duration = Duration::from_millis(600);

/// Nanoseconds in one tick of the clock of `/proc/PID/stat`, which is 100 Hz on every Linux.
const TICK_NANOS: u64 = 10_000_000;

/// Reads the CPU time of one process.
pub(super) enum Meter {
    /// Its folder with a folder for each thread.
    Threads(PathBuf),
    /// Its file with the time of all threads that it ever had.
    Process(PathBuf),
}

/// CPU nanoseconds so far: of each thread, or of all under the number 0.
pub(super) struct Reading(BTreeMap<u32, u64>);

impl Meter {
    /// Of a process whose threads stay as they are.
    ///
    /// # Errors
    /// [`Failure::Program`] where the system does not tell.
    pub(super) fn of_threads(process: Option<u32>) -> Result<Self, Failure> {
        let id = process.ok_or_else(|| said("the server has ended"))?;
        let meter = Self::Threads(PathBuf::from(format!("/proc/{id}/task")));
        meter.read().map(|_| meter)
    }

    /// Of a process whose threads come and go.
    ///
    /// # Errors
    /// [`Failure::Program`] where the system does not tell.
    pub(super) fn of_process(process: Option<u32>) -> Result<Self, Failure> {
        let id = process.ok_or_else(|| said("the server has ended"))?;
        let meter = Self::Process(PathBuf::from(format!("/proc/{id}/stat")));
        meter.read().map(|_| meter)
    }

    /// The time that was taken up to now.
    pub(super) fn read(&self) -> Result<Reading, Failure> {
        match self {
            Self::Threads(folder) => Self::threads(folder),
            Self::Process(file) => Self::process(file),
        }
    }

    fn process(file: &Path) -> Result<Reading, Failure> {
        let line = fs::read_to_string(file).map_err(io("reading the CPU time of a server in /proc"))?;
        // The name of the program may hold anything but ends with the last bracket; the times are the 14th and 15th field.
        let fields = line.rsplit_once(") ").map_or("", |(_, fields)| fields);
        let ticks: Option<u64> =
            fields.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().ok()).sum();
        let nanos = ticks.filter(|ticks| *ticks > 0).map(|ticks| ticks * TICK_NANOS);
        let nanos = nanos.ok_or_else(|| said(format!("`/proc/PID/stat` says `{line}`")))?;
        Ok(Reading(BTreeMap::from([(0, nanos)])))
    }

    fn threads(folder: &Path) -> Result<Reading, Failure> {
        let unknown = || io("reading the CPU time of the server; expected `schedstat` of Linux in /proc");
        let mut threads = BTreeMap::new();
        for task in fs::read_dir(folder).map_err(unknown())? {
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
