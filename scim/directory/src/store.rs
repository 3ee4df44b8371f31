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
pub(crate) mod listing;
pub(crate) mod log;
pub(crate) mod realm;
pub(crate) mod requests;
pub(crate) mod sqlite;
pub(crate) mod users;

use self::access::AccessRows;
use self::edges::EdgeRows;
use self::groups::GroupRows;
use self::listing::ListRows;
use self::log::LogRows;
use self::realm::RealmRows;
use self::requests::RequestRows;
use self::users::UserRows;
use crate::error::StoreError;

/// The row of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OrgKey(pub(crate) i64);

/// The row of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ConnectionKey(pub(crate) i64);

/// Beginning and ending of changes.
pub(crate) trait Transactions {
    /// Shows the rows as they are now until `end_view`, whatever other connections commit meanwhile.
    fn begin_view(&self) -> Result<(), StoreError>;
    /// Shows the rows as they come again.
    fn end_view(&self) -> Result<(), StoreError>;
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
    /// How often this connection changed what a token opens; what is new is not counted.
    fn doors_changed(&self) -> u64;
    /// Rows read and changed by this connection so far.
    fn touched(&self) -> u64;
}

/// One connection to all rows.
pub(crate) trait Store:
    Transactions
    + RealmRows
    + UserRows
    + GroupRows
    + ListRows
    + EdgeRows
    + AccessRows
    + LogRows
    + RequestRows
    + Send
{
}

/// Opens connections to one store.
pub(crate) trait Stores: Send + Sync {
    /// A connection that only reads.
    fn reader(&self) -> Result<Box<dyn Store>, StoreError>;
    /// A connection that reads and writes.
    fn writer(&self) -> Result<Box<dyn Store>, StoreError>;
}
