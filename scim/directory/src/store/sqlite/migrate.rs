//! Bringing a file to the present schema: numbered scripts, each carried out once and remembered with its hash.

use rusqlite::{Transaction, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use super::Sqlite;
use super::users::fill_values;
use crate::error::StoreError;

/// A script, and what has to be worked out of the rows after it that SQL cannot.
struct Step {
    script: &'static str,
    fill: fn(&Sqlite) -> Result<(), StoreError>,
}

/// The steps in order; the first leads to version 1.
const STEPS: [Step; 4] = [
    Step { script: include_str!("../migrations/0001_base.sql"), fill: |_| Ok(()) },
    Step { script: include_str!("../migrations/0002_connections.sql"), fill: |_| Ok(()) },
    Step { script: include_str!("../migrations/0003_requests.sql"), fill: |_| Ok(()) },
    Step { script: include_str!("../migrations/0004_lists.sql"), fill: fill_values },
];

/// The version that this program writes.
pub(crate) const VERSION: u32 = STEPS.len() as u32;

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS schema_migrations
    (version INTEGER PRIMARY KEY, checksum BLOB NOT NULL) STRICT";

/// Why a file could not be brought to the present schema; it is as it was.
#[derive(Debug)]
pub(crate) enum MigrateError {
    /// A later program wrote it.
    Newer { found: u32 },
    /// A script was carried out whose text this program does not know.
    Changed { version: u32 },
    /// The engine failed.
    Store(StoreError),
}

impl From<StoreError> for MigrateError {
    fn from(cause: StoreError) -> Self {
        Self::Store(cause)
    }
}

impl From<rusqlite::Error> for MigrateError {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Store(cause.into())
    }
}

/// Carries out the scripts that the file has not seen, all or none of them.
pub(crate) fn migrate(store: &mut Sqlite) -> Result<(), MigrateError> {
    // The steps work with the store itself, so the transaction must not borrow it for itself alone.
    let transaction = Transaction::new_unchecked(&store.connection, TransactionBehavior::Immediate)?;
    transaction.execute_batch(LEDGER)?;
    let done = check(&transaction)?;
    for (version, Step { script, fill }) in (1_u32..).zip(STEPS).skip(done) {
        transaction.execute_batch(script)?;
        fill(store)?;
        let row = params![version, checksum(script)];
        transaction.execute("INSERT INTO schema_migrations (version, checksum) VALUES (?1, ?2)", row)?;
    }
    Ok(transaction.commit()?)
}

/// Whether the file has exactly the present schema, for whoever may not change it.
pub(crate) fn is_current(store: &Sqlite) -> Result<bool, MigrateError> {
    let known = "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'";
    if store.number(known, [])? == 0 {
        return Ok(false);
    }
    Ok(check(&store.connection)? == STEPS.len())
}

/// How many scripts the file has seen, if they are ours.
fn check(connection: &rusqlite::Connection) -> Result<usize, MigrateError> {
    let mut statement =
        connection.prepare("SELECT version, checksum FROM schema_migrations ORDER BY version")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    let seen = rows.collect::<Result<Vec<_>, _>>()?;
    if let Some((found, _)) = seen.last().filter(|(version, _)| *version > VERSION) {
        return Err(MigrateError::Newer { found: *found });
    }
    for ((version, sum), (expected, step)) in seen.iter().zip((1_u32..).zip(STEPS)) {
        if *version != expected || *sum != checksum(step.script) {
            return Err(MigrateError::Changed { version: *version });
        }
    }
    Ok(seen.len())
}

fn checksum(script: &str) -> Vec<u8> {
    Sha256::digest(script.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests;
