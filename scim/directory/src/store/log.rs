//! What was done: the facts of each revision, which are the feed, and the audit trail.

use cohort_core::id::{Instant, Revision};

use super::{OrgKey, StoreError};
use crate::audit::AuditRecord;

/// The facts that one revision put and dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogRow {
    pub(crate) revision: Revision,
    pub(crate) at: Instant,
    /// Written by `cohort_core::encode::changes_to_bytes`.
    pub(crate) facts: Vec<u8>,
}

/// Both logs; rows are added and never changed.
pub(crate) trait LogRows {
    /// The revisions after `after` in order, at most `limit`.
    fn revisions(&self, org: OrgKey, after: Revision, limit: u64) -> Result<Vec<LogRow>, StoreError>;
    fn last_audit(&self, org: OrgKey) -> Result<Option<AuditRecord>, StoreError>;
    /// The records after number `after` in order, at most `limit`.
    fn audit(&self, org: OrgKey, after: u64, limit: usize) -> Result<Vec<AuditRecord>, StoreError>;

    fn add_revision(&mut self, org: OrgKey, row: &LogRow) -> Result<(), StoreError>;
    fn add_audit(&mut self, org: OrgKey, record: &AuditRecord) -> Result<(), StoreError>;
}
