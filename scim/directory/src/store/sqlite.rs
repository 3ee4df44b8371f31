//! The embedded store: SQLite in one file, write-ahead log, every commit flushed to the disk.
//!
//! All SQL of the project is here and below. A connection for reading is opened read-only, so that SQLite
//! refuses what the type system would have let slip.

mod access;
mod cells;
mod edges;
mod groups;
mod listing;
mod log;
pub(crate) mod migrate;
mod realm;
mod requests;
mod users;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Params};

use self::cells::Cells;
use super::{Store, Stores, Transactions};
use crate::error::StoreError;

/// How long a connection waits for another one's lock: longer than any commit, shorter than a client's patience.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Statements that a connection keeps compiled: all that there are.
const STATEMENTS_KEPT: usize = 128;

/// Memory for pages of the file, in KiB, of each connection that is in use. The engine's own 2 MiB hold the upper pages of
/// the indexes of some ten thousand users.
const CACHE_KIB: i64 = 16 * 1_024;

/// Pages of the log after which they are carried over into the file: a page that many commits write, as the last one
/// of each index is, is carried over once for all of them.
const LOG_PAGES: i64 = 4_000;

/// Opens connections to one file.
#[derive(Debug, Clone)]
pub(crate) struct SqliteStores {
    file: PathBuf,
}

/// One connection.
pub(crate) struct Sqlite {
    connection: Connection,
    /// Rows read so far; the engine itself counts those that are changed.
    read: Cell<u64>,
    /// How often a token or a connection was changed.
    doors_changed: u64,
    /// Rows changed before the transaction that is under way.
    begun: Option<u64>,
    /// Whether the last mark is the beginning of the transaction, which needs no savepoint: a request that is alone in
    /// its commit, as most are, does not have every page that it changes copied.
    marked_begin: bool,
}

impl SqliteStores {
    /// The store in `file`, which is made when a writer is opened.
    pub(crate) fn new(file: &Path) -> Self {
        Self { file: file.to_owned() }
    }

    fn open(&self, flags: OpenFlags) -> Result<Sqlite, StoreError> {
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        // A plan holds for every value: the engine would compile statements over partial indexes anew for each one.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        Ok(Sqlite::over(connection))
    }

    /// A writing connection, before anything is known about the schema of the file.
    pub(crate) fn open_raw(&self) -> Result<Sqlite, StoreError> {
        let opened = self.open(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        opened.connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        opened.connection.pragma_update(None, "synchronous", "full")?;
        // What a savepoint keeps of pages before they are changed, so that it can be taken back: otherwise a file.
        opened.connection.pragma_update(None, "temp_store", "memory")?;
        opened.connection.pragma_update_and_check(None, "wal_autocheckpoint", LOG_PAGES, |_| Ok(()))?;
        Ok(opened)
    }
}

impl Stores for SqliteStores {
    fn reader(&self) -> Result<Box<dyn Store>, StoreError> {
        Ok(Box::new(self.open(OpenFlags::SQLITE_OPEN_READ_ONLY)?))
    }

    fn writer(&self) -> Result<Box<dyn Store>, StoreError> {
        Ok(Box::new(self.open_raw()?))
    }
}

impl Store for Sqlite {}

impl Transactions for Sqlite {
    fn begin_view(&self) -> Result<(), StoreError> {
        // The view is that of the first statement that reads.
        self.run("BEGIN DEFERRED", []).map(drop)
    }

    fn end_view(&self) -> Result<(), StoreError> {
        self.run("COMMIT", []).map(drop)
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        // IMMEDIATE: waits for another writer here, where waiting is allowed, and not in the middle.
        self.run("BEGIN IMMEDIATE", [])?;
        self.begun = Some(self.connection.total_changes());
        Ok(())
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.begun = None;
        self.run("COMMIT", []).map(drop)
    }

    fn roll_back(&mut self) -> Result<(), StoreError> {
        self.begun = None;
        self.run("ROLLBACK", []).map(drop)
    }

    fn mark(&mut self) -> Result<(), StoreError> {
        self.marked_begin = self.begun == Some(self.connection.total_changes());
        match self.marked_begin {
            true => Ok(()),
            false => self.run("SAVEPOINT request", []).map(drop),
        }
    }

    fn undo_to_mark(&mut self) -> Result<(), StoreError> {
        if self.marked_begin {
            self.roll_back()?;
            return self.begin();
        }
        self.run("ROLLBACK TO request", [])?;
        self.keep_since_mark()
    }

    fn keep_since_mark(&mut self) -> Result<(), StoreError> {
        match self.marked_begin {
            true => Ok(()),
            false => self.run("RELEASE request", []).map(drop),
        }
    }

    fn doors_changed(&self) -> u64 {
        self.doors_changed
    }

    fn touched(&self) -> u64 {
        self.read.get() + self.connection.total_changes()
    }
}

impl Sqlite {
    fn over(connection: Connection) -> Self {
        Self { connection, read: Cell::new(0), doors_changed: 0, begun: None, marked_begin: false }
    }

    /// Carries a statement out and gives how many rows it changed.
    fn run(&self, sql: &str, parameters: impl Params) -> Result<usize, StoreError> {
        Ok(self.connection.prepare_cached(sql)?.execute(parameters)?)
    }

    /// All rows, read one by one.
    fn all<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl Fn(&Cells<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.each(sql, parameters, |cells| {
            found.push(read(cells)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The first row, if there is one.
    fn first<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl Fn(&Cells<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(parameters)?;
        match rows.next()? {
            Some(row) => {
                self.read.set(self.read.get() + 1);
                read(&Cells(row)).map(Some)
            }
            None => Ok(None),
        }
    }

    /// Shows each row to `visit`, until it fails.
    fn each(
        &self,
        sql: &str,
        parameters: impl Params,
        mut visit: impl FnMut(&Cells<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(parameters)?;
        while let Some(row) = rows.next()? {
            self.read.set(self.read.get() + 1);
            visit(&Cells(row))?;
        }
        Ok(())
    }

    /// The single number that a statement gives.
    fn number(&self, sql: &str, parameters: impl Params) -> Result<u64, StoreError> {
        let found = self.first(sql, parameters, |cells| cells.whole(0))?;
        Ok(found.unwrap_or_default())
    }

    /// Turns commits into failures for as long as `full` says so.
    #[cfg(test)]
    pub(crate) fn refuse_commits_while(&mut self, full: Arc<std::sync::atomic::AtomicBool>) {
        let refused = move || full.load(std::sync::atomic::Ordering::SeqCst);
        self.connection.commit_hook(Some(refused)).expect("the connection is open");
    }

    /// An empty store of the present schema that is nowhere on disk.
    #[cfg(test)]
    pub(crate) fn in_memory() -> Self {
        let mut store = Self::over(Connection::open_in_memory().expect("a database in memory"));
        migrate::migrate(&mut store).expect("a first migration");
        store
    }

    /// Carries out statements that a test needs and no request does.
    #[cfg(test)]
    pub(crate) fn carry_out(&self, sql: &str) {
        self.connection.execute_batch(sql).expect("statements");
    }

    /// Whether there are contradictions in the file itself; costs a pass over it.
    pub(crate) fn is_sound(&self) -> Result<bool, StoreError> {
        let verdict = self.first("PRAGMA quick_check(1)", [], |cells| cells.get::<String>(0))?;
        Ok(verdict.as_deref() == Some("ok"))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Engine(Arc::new(cause))
    }
}

/// Whether the file cannot be written, as opposed to being damaged.
pub(crate) fn is_refused_write(cause: &StoreError) -> bool {
    let StoreError::Engine(cause) = cause else { return false };
    let code = cause.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
    matches!(
        code,
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::DiskFull)
    )
}

#[cfg(test)]
mod tests;
