//! The shapes in which requests are noted and read.

use serde::Serialize;

use crate::effort::{Changed, Effort};
use crate::moment::Moment;
use crate::store::requests::RequestRow;

/// A request that was answered, as the border saw it.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The method.
    pub method: String,
    /// Path below the SCIM root, with its query.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// Microseconds from the head of the request to the answer.
    pub micros: u64,
    /// Why it was refused, in public words.
    pub error: Option<String>,
    /// The bytes that it brought.
    pub body: &'a [u8],
    /// Rows that were read or written for it.
    pub rows: u64,
    /// What it changed.
    pub effort: Effort,
}

/// Which requests to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestQuery {
    /// Only those with a smaller number: the smallest of the page before.
    pub before: Option<u64>,
    /// Only those that failed.
    pub failed: bool,
    /// How many at most.
    pub limit: usize,
}

/// A request of a connection as administrators read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestView {
    /// Number within the connection, from 1; it is never given twice.
    pub seq: u64,
    /// When it was answered.
    pub at: Moment,
    /// The method.
    pub method: String,
    /// Path below the SCIM root, with its query.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// Microseconds from the head of the request to the answer.
    pub duration_micros: u64,
    /// Rows that were read or written for it.
    pub rows: u64,
    /// What it changed; nothing if all was so already.
    pub changes: Vec<Changed>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What a request that failed brought, as JSON text without passwords and tokens; cut if it was long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Bytes that it brought.
    pub body_bytes: u64,
}

impl From<RequestRow> for RequestView {
    fn from(row: RequestRow) -> Self {
        Self {
            seq: row.seq,
            at: Moment(row.at),
            method: row.method,
            path: row.path,
            status: row.status,
            duration_micros: row.micros,
            rows: row.rows,
            changes: row.changes,
            error: row.error,
            body: row.body,
            body_bytes: row.body_bytes,
        }
    }
}
