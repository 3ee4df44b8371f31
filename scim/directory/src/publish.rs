//! What edges are told: that there is news, and the signed bytes of it.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use cohort_core::encode::{self, Validity};
use cohort_core::id::{Instant, OrgId, Revision};
use cohort_core::view::FactChange;

use crate::error::{FeedError, StoreError};
use crate::limits::{DELTA_REVISIONS_MAX, FRESH_MILLIS};
use crate::org::Org;
use crate::store::{OrgKey, Store};

/// A hook that is told of each published revision; it must not block.
pub type Listener = Box<dyn Fn(OrgId, Revision) + Send + Sync>;

/// A hook that is told when tokens were taken back; it must not block.
pub type Revocation = Box<dyn Fn() + Send + Sync>;

/// The last published revision of each organisation, and those who wait for the next.
#[derive(Default)]
pub(crate) struct News {
    published: Mutex<BTreeMap<OrgId, Revision>>,
    arrived: Condvar,
    listeners: RwLock<Vec<Listener>>,
    revocations: RwLock<Vec<Revocation>>,
}

impl News {
    /// Wakes everybody who waits for news of `org`.
    pub(crate) fn publish(&self, org: OrgId, revision: Revision) {
        self.lock().insert(org, revision);
        self.arrived.notify_all();
        for listener in self.listeners.read().unwrap_or_else(PoisonError::into_inner).iter() {
            listener(org, revision);
        }
    }

    /// Has everybody look again whether they are still let in.
    pub(crate) fn revoked(&self) {
        self.revocations.read().unwrap_or_else(PoisonError::into_inner).iter().for_each(|tell| tell());
    }

    /// Has `tell` called whenever tokens are taken back.
    pub(crate) fn on_revocation(&self, tell: Revocation) {
        self.revocations.write().unwrap_or_else(PoisonError::into_inner).push(tell);
    }

    /// Has `listener` called from now on.
    pub(crate) fn subscribe(&self, listener: Listener) {
        self.listeners.write().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    /// The last revision published since the start, if there was one.
    pub(crate) fn published(&self, org: OrgId) -> Option<Revision> {
        self.lock().get(&org).copied()
    }

    /// Waits for a revision after `after`, no longer than `timeout`; the last published one, if any.
    pub(crate) fn wait(&self, org: OrgId, after: Revision, timeout: Duration) -> Option<Revision> {
        let old = |published: &mut BTreeMap<OrgId, Revision>| {
            published.get(&org).is_none_or(|revision| *revision <= after)
        };
        let waited = self.arrived.wait_timeout_while(self.lock(), timeout, old);
        let (published, _) = waited.unwrap_or_else(PoisonError::into_inner);
        published.get(&org).copied()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<OrgId, Revision>> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The bytes of everything that an edge may know, as of `now`.
pub(crate) fn snapshot(org: &Org, now: Instant) -> Vec<u8> {
    encode::snapshot(org.id, org.revision, Validity::from_now(now, FRESH_MILLIS), org.graph.facts())
}

/// The bytes of what changed after `from`, with the revision that they lead to; without changes, a heartbeat.
///
/// # Errors
/// [`FeedError::Ahead`]; [`FeedError::TooOld`] when revisions are missing, or too many.
pub(crate) fn delta(
    store: &dyn Store,
    (key, org): (OrgKey, OrgId),
    from: Revision,
    now: Instant,
) -> Result<(Vec<u8>, Revision), FeedError> {
    let current = store.org(key)?.ok_or(StoreError::Missing)?.revision;
    if from > current {
        return Err(FeedError::Ahead { from, current });
    }
    let too_old = FeedError::TooOld { from };
    if current.number() - from.number() > DELTA_REVISIONS_MAX {
        return Err(too_old);
    }
    let rows = store.revisions(key, from, DELTA_REVISIONS_MAX)?;
    let complete = rows.first().map_or(from == current, |row| row.revision == from.next());
    if !complete {
        return Err(too_old);
    }
    // A commit between the two readings may have added rows: they belong to the delta.
    let to = rows.last().map_or(from, |row| row.revision);
    let batches = rows.iter().map(|row| encode::changes_from_bytes(&row.facts).map_err(StoreError::Facts));
    let changes: Vec<FactChange> = encode::merged(batches.collect::<Result<Vec<_>, _>>()?);
    Ok((encode::delta(org, from, to, Validity::from_now(now, FRESH_MILLIS), &changes), to))
}
