//! What the directory asks of a store: rows, found by their names, changed inside a transaction.
//!
//! A store keeps rows and knows nothing of their meaning. Ids in its interface are uuids; how it joins rows inside
//! is its own affair. Its promises:
//!
//! - after [`Transactions::commit`] returned, everything since [`Transactions::begin`] is on disk, and before
//!   that nothing of it is seen by another connection;
//! - [`Transactions::undo_to_mark`] takes back everything since the last mark, and nothing else;
//! - removing a user, a group or a role removes the edges, pending members and grants that name it;
//! - lists come in the order in which their rows were made, unless they say otherwise.
//!
//! Reading takes `&self`, writing `&mut self`: whoever is only lent a store cannot change it.

pub(crate) mod access;
pub(crate) mod edges;
pub(crate) mod groups;
pub(crate) mod log;
pub(crate) mod realm;
pub(crate) mod sqlite;
pub(crate) mod users;

use std::sync::Arc;

use cohort_core::graph::GraphError;
use cohort_core::id::SourceId;
use cohort_core::rule::RuleError;
use cohort_core::view::{OpenError, WireError};
use thiserror::Error;

use self::access::AccessRows;
use self::edges::EdgeRows;
use self::groups::GroupRows;
use self::log::LogRows;
use self::realm::RealmRows;
use self::users::UserRows;

/// The row of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OrgKey(pub(crate) i64);

/// The row of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ConnectionKey(pub(crate) i64);

impl ConnectionKey {
    /// The connection as the graph tells it from others; it reaches no edge.
    pub(crate) fn source(self) -> SourceId {
        SourceId::from_u128(u128::from(self.0.unsigned_abs()))
    }
}

/// Why a store could not do what it was asked.
#[derive(Debug, Clone, Error)]
pub enum StoreError {
    /// The engine or the file system failed.
    #[error("{0}")]
    Engine(Arc<dyn std::error::Error + Send + Sync>),
    /// A row holds what no program of this version wrote.
    #[error("unreadable value in column {column} of a row")]
    Unreadable {
        /// The position of the column in what was asked for, from 0.
        column: usize,
    },
    /// A value has no JSON form.
    #[error("unwritable value: {0}")]
    Unwritable(Arc<serde_json::Error>),
    /// The facts kept for a revision cannot be read.
    #[error("unreadable facts in the change log: {0}")]
    Facts(WireError),
    /// The rows contradict each other.
    #[error("contradictory rows: {0}")]
    Contradiction(GraphError),
    /// A stored rule cannot be read.
    #[error("unreadable rule: {0}")]
    Rule(RuleError),
    /// A snapshot that was just made cannot be opened.
    #[error("{0}")]
    Snapshot(OpenError),
    /// A row names an organisation or connection that is not there.
    #[error("a row names what is not there")]
    Missing,
    /// The folder is open beside the process that serves it.
    #[error("the folder is opened beside its server")]
    Beside,
    /// The writer has ended.
    #[error("the directory is closing")]
    Closed,
}

/// Beginning and ending of changes.
pub(crate) trait Transactions {
    /// Starts a transaction.
    fn begin(&mut self) -> Result<(), StoreError>;
    /// Puts everything since `begin` on disk.
    fn commit(&mut self) -> Result<(), StoreError>;
    /// Takes everything since `begin` back.
    fn roll_back(&mut self) -> Result<(), StoreError>;
    /// Remembers this point inside the transaction.
    fn mark(&mut self) -> Result<(), StoreError>;
    /// Takes everything since the last mark back, and forgets the mark.
    fn undo_to_mark(&mut self) -> Result<(), StoreError>;
    /// Forgets the last mark.
    fn keep_since_mark(&mut self) -> Result<(), StoreError>;
}

/// One connection to all rows.
pub(crate) trait Store:
    Transactions + RealmRows + UserRows + GroupRows + EdgeRows + AccessRows + LogRows + Send
{
}

/// Opens connections to one store.
pub(crate) trait Stores: Send + Sync {
    /// A connection that only reads.
    fn reader(&self) -> Result<Box<dyn Store>, StoreError>;
    /// A connection that reads and writes.
    fn writer(&self) -> Result<Box<dyn Store>, StoreError>;
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// Rows to pass over.
    pub(crate) offset: u64,
    /// Rows to give at most.
    pub(crate) limit: usize,
}
