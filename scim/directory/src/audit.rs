//! The audit trail: one record per request that changed something, each sealed by the hash of the one before.

use serde::Serialize;

use crate::moment::Moment;

/// One request that changed something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRecord {
    /// Number within the organisation, from 1 without gaps.
    pub seq: u64,
    /// The revision that the request made.
    pub revision: u64,
    /// When.
    pub at: Moment,
    /// Who: `admin` or `connection:NAME`.
    pub actor: String,
    /// What, such as `group.create`.
    pub action: String,
    /// About which resource.
    pub target: String,
    /// Whom rules let in and out, in words.
    pub moves: Vec<String>,
    /// The hash of the record before, as 64 hexadecimal digits; zeros for the first.
    pub previous: String,
    /// SHA-256 over the previous hash and everything above, as 64 hexadecimal digits.
    pub hash: String,
}
