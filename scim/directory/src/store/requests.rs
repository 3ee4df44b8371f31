//! What connections asked for: rows that are added, and removed when they are old or many.

use cohort_core::id::Instant;

use super::ConnectionKey;
use crate::effort::Changed;
use crate::error::StoreError;

/// One request of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestRow {
    /// Number within the connection, from 1; given when the row is added.
    pub(crate) seq: u64,
    pub(crate) at: Instant,
    pub(crate) micros: u64,
    pub(crate) method: String,
    /// With its query.
    pub(crate) path: String,
    pub(crate) status: u16,
    /// Rows that were read or written for it.
    pub(crate) rows: u64,
    pub(crate) changes: Vec<Changed>,
    /// Why it was refused.
    pub(crate) error: Option<String>,
    /// What it brought, without secrets; only of a request that failed.
    pub(crate) body: Option<String>,
    pub(crate) body_bytes: u64,
}

/// Which requests to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestPage {
    /// Only those with a smaller number.
    pub(crate) before: u64,
    /// Only those that came at this moment or later.
    pub(crate) since: Instant,
    /// Only those that failed.
    pub(crate) failed: bool,
    pub(crate) limit: usize,
}

/// The requests of connections.
pub(crate) trait RequestRows {
    /// The newest requests first.
    fn requests(&self, connection: ConnectionKey, page: RequestPage) -> Result<Vec<RequestRow>, StoreError>;
    /// The first connection of any organisation after this one.
    fn connection_after(&self, key: ConnectionKey) -> Result<Option<ConnectionKey>, StoreError>;

    /// Adds the requests under the next numbers of their connection.
    fn add_requests(&mut self, connection: ConnectionKey, rows: &[RequestRow]) -> Result<(), StoreError>;
    /// Removes up to `limit` of the oldest requests that came before `before` or are not among the last `kept`.
    fn prune_requests(
        &mut self,
        connection: ConnectionKey,
        before: Instant,
        kept: u64,
        limit: usize,
    ) -> Result<usize, StoreError>;
}
