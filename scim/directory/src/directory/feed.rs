//! What edges fetch, and the state from which the directory itself answers questions.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use cohort_core::encode::{self, SliceRequest};
use cohort_core::id::{Instant, Revision, ScopeId};
use cohort_core::view::{HEADER_BYTES, Snapshot, Subject};
use sha2::{Digest, Sha256};

use super::{Directory, expect_admin};
use crate::caller::{Access, Caller};
use crate::error::{DirectoryError, FeedError, StoreError};
use crate::fold::fold;
use crate::limits::STATE_MILLIS_MAX;
use crate::publish::{self, Listener, Revocation};
use crate::store::Store;

/// Bytes for edges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedBytes {
    /// A signed envelope.
    pub envelope: Vec<u8>,
    /// The revision that it leads to.
    pub revision: Revision,
}

/// Whose slice, and what it shall answer about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SliceAsked {
    /// The user's id or name.
    pub user: String,
    /// Names of permissions.
    pub permissions: Vec<String>,
    /// Scopes, besides the organisation.
    pub scopes: Vec<ScopeId>,
}

/// A slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SliceBytes {
    /// Its bytes.
    pub bytes: FeedBytes,
    /// A hash of what it says, whenever and at whichever revision it was made.
    pub content: [u8; 32],
}

impl Directory {
    /// Everything that an edge may know, signed.
    ///
    /// # Errors
    /// [`FeedError::Forbidden`].
    pub fn feed_snapshot(&self, caller: &Caller) -> Result<FeedBytes, FeedError> {
        expect_edge(caller)?;
        let now = self.now();
        let (payload, revision) =
            self.look(caller, |_, org| Ok::<_, FeedError>((publish::snapshot(org, now), org.revision)))?;
        Ok(FeedBytes { envelope: self.shared.folder.seal.envelope(&payload), revision })
    }

    /// What changed after `from`, signed; from the present revision, a heartbeat.
    ///
    /// # Errors
    /// [`FeedError::TooOld`], [`FeedError::Ahead`]: a snapshot is needed. [`FeedError::Forbidden`].
    pub fn feed_delta(&self, caller: &Caller, from: Revision) -> Result<FeedBytes, FeedError> {
        expect_edge(caller)?;
        let (now, org) = (self.now(), (caller.org_key, caller.org));
        let (payload, revision) = self.shared.readers.with(|store| publish::delta(store, org, from, now))?;
        Ok(FeedBytes { envelope: self.shared.folder.seal.envelope(&payload), revision })
    }

    /// What one user may do, signed: nothing in it is about anybody else.
    ///
    /// Cost: the groups above the user and their grants, and what changed since somebody last asked.
    ///
    /// # Errors
    /// [`FeedError::UnknownUser`], [`FeedError::AmbiguousUser`], [`FeedError::Forbidden`].
    pub fn feed_slice(&self, caller: &Caller, asked: &SliceAsked) -> Result<SliceBytes, FeedError> {
        expect_edge(caller)?;
        let user = || asked.user.clone();
        let state = self.shared.readers.with(|store| self.state(store, caller))?;
        let id = match state.subject(&fold(&asked.user)) {
            Subject::User(id) => id,
            Subject::Unknown => return Err(FeedError::UnknownUser { user: user() }),
            Subject::Ambiguous => return Err(FeedError::AmbiguousUser { user: user() }),
        };
        let permissions: Vec<&str> = asked.permissions.iter().map(String::as_str).collect();
        let request = SliceRequest { user: id, permissions: &permissions, scopes: &asked.scopes };
        let payload =
            encode::slice(&state, &request).ok_or_else(|| FeedError::UnknownUser { user: user() })?;
        let content = Sha256::digest(payload.get(HEADER_BYTES..).unwrap_or_default()).into();
        let envelope = self.shared.folder.seal.envelope(&payload);
        Ok(SliceBytes { bytes: FeedBytes { envelope, revision: state.header().revision }, content })
    }

    /// Blocks until a revision after `after` is published or `timeout` is over; the last published one.
    ///
    /// # Errors
    /// [`FeedError::Forbidden`].
    pub fn wait_for(
        &self,
        caller: &Caller,
        after: Revision,
        timeout: Duration,
    ) -> Result<Revision, FeedError> {
        let published = self.published(caller)?;
        if published > after {
            return Ok(published);
        }
        Ok(self.shared.news.wait(caller.org, after, timeout).unwrap_or(published))
    }

    /// The last published revision.
    ///
    /// # Errors
    /// [`FeedError::Forbidden`].
    pub fn published(&self, caller: &Caller) -> Result<Revision, FeedError> {
        expect_edge(caller)?;
        match self.shared.news.published(caller.org) {
            Some(revision) => Ok(revision),
            // Nothing happened since the start: what is on disk was published before, or should have been.
            None => self.look(caller, |_, org| Ok(org.revision)),
        }
    }

    /// Has `listener` called with each revision that is published from now on.
    pub fn subscribe(&self, listener: Listener) {
        self.shared.news.subscribe(listener);
    }

    /// Has `tell` called whenever this process takes tokens back; another process may do so unheard.
    pub fn on_revocation(&self, tell: Revocation) {
        self.shared.news.on_revocation(tell);
    }

    /// The present state, for check and explain; made at most a minute ago.
    ///
    /// Cost: what changed since somebody last asked; the whole organisation the first time.
    ///
    /// # Errors
    /// [`DirectoryError::Forbidden`].
    pub fn snapshot_state(&self, caller: &Caller) -> Result<Arc<Snapshot>, DirectoryError> {
        expect_admin(caller)?;
        Ok(self.shared.readers.with(|store| self.state(store, caller))?)
    }

    /// The present state as if it had been made at `at`: for questions about another moment.
    ///
    /// Cost: the whole organisation.
    ///
    /// # Errors
    /// [`DirectoryError::Forbidden`].
    pub fn snapshot_state_at(&self, caller: &Caller, at: Instant) -> Result<Arc<Snapshot>, DirectoryError> {
        expect_admin(caller)?;
        self.look(caller, |_, org| Ok(Arc::new(opened(&publish::snapshot(org, at))?)))
    }

    fn state(&self, store: &dyn Store, caller: &Caller) -> Result<Arc<Snapshot>, StoreError> {
        let shared = self.shared_org(store, caller)?;
        let now = self.now();
        let mut held = shared.snapshot.lock().unwrap_or_else(PoisonError::into_inner);
        let current = shared.read().revision;
        if let Some(state) = &*held
            && state.header().revision == current
            && now < state.header().created.plus_millis(STATE_MILLIS_MAX)
        {
            return Ok(Arc::clone(state));
        }
        if let Some(mut state) = held.take() {
            let from = state.header().revision;
            let delta = publish::delta(store, (caller.org_key, caller.org), from, now);
            // A clock that was set back, or too long a way: the state is then made anew.
            if let Ok((bytes, _)) = delta
                && Arc::make_mut(&mut state).apply(&bytes).is_ok()
            {
                return Ok(Arc::clone(held.insert(state)));
            }
        }
        let state = Arc::new(opened(&publish::snapshot(&shared.read(), now))?);
        Ok(Arc::clone(held.insert(state)))
    }
}

/// A state out of bytes that were just made; they open unless there is a fault in the core.
fn opened(bytes: &[u8]) -> Result<Snapshot, StoreError> {
    Snapshot::open(bytes).map_err(StoreError::Snapshot)
}

/// Whether the caller may follow the feed.
fn expect_edge(caller: &Caller) -> Result<(), FeedError> {
    match caller.access {
        Access::Edge | Access::Admin => Ok(()),
        Access::Scim(_) => Err(FeedError::Forbidden),
    }
}
