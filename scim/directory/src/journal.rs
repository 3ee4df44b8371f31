//! The provisioning log: what each connection asked for, and what became of it.
//!
//! A request is noted when it has been answered, and written a moment later together with others, so that reading
//! costs no flush of the disk. A crash may take the notes of that moment with it; what requests changed is in the
//! audit trail, and on disk before they are answered. Notes are kept for a time and up to a number; each
//! writing removes some of what is beyond.

mod redact;
mod view;

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use cohort_core::id::Instant;

pub use self::view::{Asked, RequestQuery, RequestView};
use crate::ambient::Ambient;
use crate::error::StoreError;
use crate::limits::{NOTES_WAITING_MAX, PRUNED_AT_ONCE};
use crate::store::requests::RequestRow;
use crate::store::{ConnectionKey, Store};
use crate::writer::Writer;

/// How long notes are gathered before they are written.
const GATHER: Duration = Duration::from_millis(250);

/// How often old notes are looked for when nothing is noted.
const PRUNE_EVERY: Duration = Duration::from_secs(60);

/// How much of the log is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// How long a request is kept.
    pub age: Duration,
    /// How many requests of one connection are kept.
    pub count: u64,
}

impl Default for Retention {
    /// 30 days, and the last 100,000 of each connection.
    fn default() -> Self {
        Self { age: Duration::from_secs(30 * 24 * 3_600), count: 100_000 }
    }
}

impl Retention {
    /// The moment before which requests are no longer kept.
    pub(crate) fn since(self, now: Instant) -> Instant {
        now.plus_millis(-i64::try_from(self.age.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The log under way, and the thread that writes it.
pub(crate) struct Journal {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

struct Desk {
    writer: Arc<Writer>,
    ambient: Arc<dyn Ambient>,
    retention: Retention,
    waiting: Mutex<Waiting>,
    woken: Condvar,
    /// Held while notes are written: whoever has had it finds them on disk. The connection that was looked
    /// through last.
    turn: Mutex<ConnectionKey>,
}

/// Requests in the order in which they were answered, by connection.
type Notes = BTreeMap<ConnectionKey, Vec<RequestRow>>;

#[derive(Default)]
struct Waiting {
    notes: Notes,
    /// How many there are.
    count: usize,
    /// Notes that found no place since the last writing.
    lost: u64,
    closed: bool,
}

impl Journal {
    /// Starts the thread, which ends with the value, after what is noted.
    pub(crate) fn start(
        writer: Arc<Writer>,
        ambient: Arc<dyn Ambient>,
        retention: Retention,
    ) -> std::io::Result<Self> {
        let waiting = Mutex::new(Waiting::default());
        let turn = Mutex::new(ConnectionKey(0));
        let desk = Arc::new(Desk { writer, ambient, retention, waiting, woken: Condvar::new(), turn });
        let worker = Arc::clone(&desk);
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn(move || worker.serve())?;
        Ok(Self { desk, thread: Some(thread) })
    }

    /// Notes a request; it is read from now on.
    pub(crate) fn note(&self, connection: ConnectionKey, asked: Asked<'_>) {
        let row = redact::row(asked, self.desk.ambient.now());
        let mut waiting = self.desk.waiting();
        if waiting.count == NOTES_WAITING_MAX {
            waiting.lost += 1;
            return;
        }
        waiting.notes.entry(connection).or_default().push(row);
        waiting.count += 1;
        let is_first = waiting.count == 1;
        drop(waiting);
        // The thread wakes for the first note and then gathers: it need not hear of each one.
        if is_first {
            self.desk.woken.notify_one();
        }
    }

    /// Writes what is noted, and returns when it can be read.
    pub(crate) fn flush(&self) {
        let turn = self.desk.turn();
        if !self.desk.waiting().notes.is_empty() {
            self.desk.write(turn);
        }
    }

    /// The moment before which requests are no longer shown.
    pub(crate) fn since(&self) -> Instant {
        self.desk.retention.since(self.desk.ambient.now())
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.desk.waiting().closed = true;
        self.desk.woken.notify_one();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported when it happened.
            let _ = thread.join();
        }
    }
}

impl Desk {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self) {
        loop {
            let quiet = |waiting: &mut Waiting| waiting.notes.is_empty() && !waiting.closed;
            let waited = self.woken.wait_timeout_while(self.waiting(), PRUNE_EVERY, quiet);
            let (waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
            let open = |waiting: &mut Waiting| !waiting.closed;
            let gathered = self.woken.wait_timeout_while(waiting, GATHER, open);
            let closed = gathered.unwrap_or_else(PoisonError::into_inner).0.closed;
            self.write(self.turn());
            if closed {
                return;
            }
        }
    }

    fn turn(&self) -> MutexGuard<'_, ConnectionKey> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, mut last: MutexGuard<'_, ConnectionKey>) {
        let (notes, lost) = {
            let mut waiting = self.waiting();
            waiting.count = 0;
            (std::mem::take(&mut waiting.notes), std::mem::take(&mut waiting.lost))
        };
        if lost > 0 {
            tracing::warn!(lost, "requests are missing in the provisioning log: it was written too slowly");
        }
        let (retention, before, after) = (self.retention, self.retention.since(self.ambient.now()), *last);
        let written = self.writer.on_realm(move |store| carry_over(store, &notes, retention, before, after));
        match written {
            Ok(reached) => *last = reached,
            Err(cause) => tracing::error!(%cause, "the provisioning log cannot be written"),
        }
    }
}

/// Writes the notes, and removes what is beyond the retention: of their connections, and of the one after `after`,
/// which is given, so that connections that no longer ask for anything have their turn too.
fn carry_over(
    store: &mut dyn Store,
    notes: &Notes,
    retention: Retention,
    before: Instant,
    after: ConnectionKey,
) -> Result<ConnectionKey, StoreError> {
    for (connection, rows) in notes {
        store.add_requests(*connection, rows)?;
    }
    let reached = store.connection_after(after)?.unwrap_or(ConnectionKey(0));
    let others = (!notes.contains_key(&reached)).then_some(reached);
    // More than is added, so that a retention that was made shorter is reached in the end.
    let added: usize = notes.values().map(Vec::len).sum();
    let limit = PRUNED_AT_ONCE.max(added.saturating_mul(2));
    for connection in notes.keys().copied().chain(others) {
        store.prune_requests(connection, before, retention.count, limit)?;
    }
    Ok(reached)
}

#[cfg(test)]
mod tests;
