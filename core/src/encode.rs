//! From facts to the bytes that an edge opens and applies.

mod slice;
mod snapshot;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::id::{Instant, OrgId, Revision};
use crate::view::format::{self, Header, Kind, WireError};
use crate::view::{Fact, FactChange, FactKey, Facts};

pub use crate::view::UserNames;
pub use slice::{SliceRequest, slice};

/// For which moments bytes may be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Validity {
    /// When they were made.
    pub created: Instant,
    /// Up to where time-dependent facts were worked out.
    pub horizon: Instant,
    /// Up to when they may be used without news.
    pub valid_until: Instant,
}

impl Validity {
    /// From `now` for `fresh_millis`, the freshness bound; nothing time-dependent ends before that.
    #[must_use]
    pub const fn from_now(now: Instant, fresh_millis: i64) -> Self {
        Self { created: now, horizon: Instant::MAX, valid_until: now.plus_millis(fresh_millis) }
    }

    /// The same, but not beyond `horizon`, up to which the facts tell the truth: [`crate::graph::Graph::horizon`].
    #[must_use]
    pub fn within(self, horizon: Instant) -> Self {
        let valid_until = self.valid_until.min(horizon);
        Self { horizon: self.horizon.min(horizon), valid_until, ..self }
    }
}

/// The bytes of all `facts` at `revision`.
///
/// The same facts and header give the same bytes, whatever led to them.
///
/// Facts that name what is not there, as no graph's do, give bytes that no edge opens.
#[must_use]
pub fn snapshot(org: OrgId, revision: Revision, validity: Validity, facts: &Facts) -> Vec<u8> {
    snapshot_with(org, revision, validity, facts, UserNames::Told)
}

/// The same, with or without the names of users: whoever asks by id or by handle needs none.
#[must_use]
pub fn snapshot_with(
    org: OrgId,
    revision: Revision,
    validity: Validity,
    facts: &Facts,
    names: UserNames,
) -> Vec<u8> {
    let header = header(Kind::Snapshot, org, (Revision::default(), revision), validity);
    snapshot::write(&Header { names, ..header }, facts, None)
}

/// The bytes of `changes`, which lead from one revision to another; none make a heartbeat.
///
/// `changes` must be in the order of their keys, as [`crate::graph::Applied`] and [`merged`] give them.
#[must_use]
pub fn delta(
    org: OrgId,
    from: Revision,
    to: Revision,
    validity: Validity,
    changes: &[FactChange],
) -> Vec<u8> {
    delta_with(org, from, to, validity, changes, UserNames::Told)
}

/// The same, for a state that was opened with or without the names of users.
#[must_use]
pub fn delta_with(
    org: OrgId,
    from: Revision,
    to: Revision,
    validity: Validity,
    changes: &[FactChange],
    names: UserNames,
) -> Vec<u8> {
    format::write(&Header { names, ..header(Kind::Delta, org, (from, to), validity) }, changes)
}

fn header(kind: Kind, org: OrgId, (from, revision): (Revision, Revision), validity: Validity) -> Header {
    let Validity { created, horizon, valid_until } = validity;
    Header { kind, names: UserNames::Told, org, from, revision, created, horizon, valid_until }
}

/// One change per key out of several batches, the last of each key, in the order of keys.
#[must_use]
pub fn merged(batches: impl IntoIterator<Item = Vec<FactChange>>) -> Vec<FactChange> {
    let mut last: BTreeMap<FactKey, Option<Fact>> = BTreeMap::new();
    for change in batches.into_iter().flatten() {
        last.insert(change.key, change.fact);
    }
    last.into_iter().map(|(key, fact)| FactChange { key, fact }).collect()
}

/// The bytes of one revision's changes without a header, for a directory to keep.
#[must_use]
pub fn changes_to_bytes(changes: &[FactChange]) -> Vec<u8> {
    format::changes_to_bytes(changes)
}

/// The changes that [`changes_to_bytes`] wrote.
///
/// # Errors
/// [`WireError`] when the bytes are not such changes.
pub fn changes_from_bytes(bytes: &[u8]) -> Result<Vec<FactChange>, WireError> {
    format::changes_from_bytes(bytes)
}

#[cfg(test)]
mod tests;
