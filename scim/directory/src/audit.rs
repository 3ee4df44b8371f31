//! The audit trail: one record per request that changed something, each sealed by the hash of the one before.
//!
//! Whoever keeps the last hash elsewhere can prove that no earlier record was changed or taken out.

use serde::Serialize;
use sha2::{Digest, Sha256};

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

impl AuditRecord {
    /// The record with its place in the chain: after `last`, or first.
    pub(crate) fn sealed(mut self, last: Option<&LastRecord>) -> Self {
        self.seq = last.map_or(1, |last| last.seq.saturating_add(1));
        self.previous = last.map_or_else(|| "0".repeat(64), |last| last.hash.clone());
        self.hash = self.expected_hash();
        self
    }

    /// The hash that this record has if nobody changed it.
    ///
    /// Every text goes in behind its length, so that no two records look alike.
    #[must_use]
    pub fn expected_hash(&self) -> String {
        let mut hash = Sha256::new();
        for number in [self.seq, self.revision] {
            hash.update(number.to_be_bytes());
        }
        hash.update(self.at.0.as_millis().to_be_bytes());
        let texts = [&self.previous, &self.actor, &self.action, &self.target];
        for text in texts.into_iter().chain(&self.moves) {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        hex(&hash.finalize())
    }
}

/// What the next record needs of the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LastRecord {
    pub(crate) seq: u64,
    pub(crate) hash: String,
}

impl From<&AuditRecord> for LastRecord {
    fn from(record: &AuditRecord) -> Self {
        Self { seq: record.seq, hash: record.hash.clone() }
    }
}

/// Two lower-case hexadecimal digits per byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(if half < 10 { b'0' + half } else { b'a' + half - 10 });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
