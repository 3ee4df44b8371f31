//! One organisation in memory: its graph, at its revision.
//!
//! The graph is what the rows say, replayed as changes; the rows are the truth and the graph follows them. Only
//! the writer changes it, and holds its lock from the first change of a batch until the commit: whoever reads
//! sees what is on disk.

use std::collections::BTreeMap;
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError,
};

use cohort_core::change::Change;
use cohort_core::graph::Graph;
use cohort_core::id::{OrgId, Revision, SourceId};
use cohort_core::model::{Group, Role, User, wildcard_prefix};
use cohort_core::rule::Rule;
use cohort_core::view::Snapshot;

use crate::audit::LastRecord;
use crate::error::StoreError;
use crate::fold::fold;
use crate::profile;
use crate::store::groups::GroupRow;
use crate::store::users::UserRow;
use crate::store::{ConnectionKey, OrgKey, Store};

/// The state of one organisation.
#[derive(Debug)]
pub(crate) struct Org {
    pub(crate) key: OrgKey,
    pub(crate) id: OrgId,
    pub(crate) graph: Graph,
    pub(crate) revision: Revision,
    pub(crate) last_audit: Option<LastRecord>,
}

/// One organisation as threads share it.
pub(crate) struct SharedOrg {
    org: RwLock<Org>,
    /// The state that questions are answered from, brought up to date when somebody asks.
    pub(crate) snapshot: Mutex<Option<Arc<Snapshot>>>,
}

/// The organisations that were needed so far.
#[derive(Default)]
pub(crate) struct Orgs {
    loaded: Mutex<BTreeMap<OrgKey, Arc<SharedOrg>>>,
}

impl Org {
    /// Replays the rows of the organisation; none if there is no such one.
    ///
    /// # Errors
    /// [`StoreError`] when rows cannot be read or contradict each other.
    pub(crate) fn load(store: &dyn Store, key: OrgKey) -> Result<Option<Self>, StoreError> {
        let Some(row) = store.org(key)? else { return Ok(None) };
        let mut graph = Graph::new(row.id);
        replay(&mut graph, &Change::SetOrg { enabled: row.enabled })?;
        store.each_user(key, &mut |user| replay(&mut graph, &Change::SetUser(graph_user(&user))))?;
        for group in store.groups(key)? {
            replay(&mut graph, &Change::SetGroup(graph_group(&group)?))?;
        }
        store.each_edge(key, &mut |edge| replay(&mut graph, &edge.change()))?;
        replay_roles(&mut graph, store.roles(key)?.into_iter().map(|row| row.role).collect())?;
        for (scope, parents) in store.scopes(key)? {
            replay(&mut graph, &Change::SetScope { scope, parents })?;
        }
        for grant in store.grants(key)? {
            replay(&mut graph, &Change::SetGrant(grant.grant))?;
        }
        let last_audit = store.last_audit(key)?.as_ref().map(LastRecord::from);
        Ok(Some(Self { key, id: row.id, graph, revision: row.revision, last_audit }))
    }
}

fn replay(graph: &mut Graph, change: &Change) -> Result<(), StoreError> {
    graph.apply(change).map(drop).map_err(StoreError::Contradiction)
}

/// Literal permissions first: a wildcard needs one that it matches, in whichever role.
fn replay_roles(graph: &mut Graph, roles: Vec<Role>) -> Result<(), StoreError> {
    for role in &roles {
        let literals = role.permissions.iter().filter(|pattern| wildcard_prefix(pattern).is_none());
        let literals =
            Role { permissions: literals.cloned().collect(), includes: Vec::new(), ..role.clone() };
        replay(graph, &Change::SetRole(literals))?;
    }
    roles.into_iter().try_for_each(|role| replay(graph, &Change::SetRole(role)))
}

/// The user as the graph knows it.
pub(crate) fn graph_user(row: &UserRow) -> User {
    let profile = match row.connection {
        Some(_) => profile::of_document(&row.document, row.active),
        None => profile::of_attributes(&row.document, row.display_name.as_deref(), row.active),
    };
    let source = row.connection.map(source);
    User { id: row.id, name: row.user_name_folded.clone(), source, active: row.active, profile }
}

/// A connection as the graph knows it: within one organisation, its key is as good a name as any.
pub(crate) fn source(connection: ConnectionKey) -> SourceId {
    SourceId::from_u128(connection.0.unsigned_abs().into())
}

/// The group as the graph knows it.
pub(crate) fn graph_group(row: &GroupRow) -> Result<Group, StoreError> {
    let rule = row.rule.as_deref().map(|text| Rule::parse(text, fold)).transpose();
    Ok(Group { id: row.id, slug: row.slug.clone(), state: row.state, rule: rule.map_err(StoreError::Rule)? })
}

impl SharedOrg {
    /// The organisation, for looking.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Org> {
        self.org.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The organisation, for looking; none if that would mean to wait.
    pub(crate) fn read_at_once(&self) -> Option<RwLockReadGuard<'_, Org>> {
        match self.org.try_read() {
            Ok(org) => Some(org),
            Err(TryLockError::Poisoned(org)) => Some(org.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// The organisation, for the writer.
    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, Org> {
        self.org.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Orgs {
    /// The organisation, loaded if nobody needed it before; none if there is no such one.
    pub(crate) fn get(&self, store: &dyn Store, key: OrgKey) -> Result<Option<Arc<SharedOrg>>, StoreError> {
        let mut loaded = self.lock();
        if let Some(shared) = loaded.get(&key) {
            return Ok(Some(Arc::clone(shared)));
        }
        // Beside a running server, rows would otherwise change between one table and the next.
        store.begin_view()?;
        let replayed = Org::load(store, key);
        store.end_view()?;
        let Some(org) = replayed? else { return Ok(None) };
        let shared = Arc::new(SharedOrg { org: RwLock::new(org), snapshot: Mutex::new(None) });
        loaded.insert(key, Arc::clone(&shared));
        Ok(Some(shared))
    }

    /// The organisation, if it is loaded and nobody is loading another one.
    pub(crate) fn at_hand(&self, key: OrgKey) -> Option<Arc<SharedOrg>> {
        let loaded = match self.loaded.try_lock() {
            Ok(loaded) => loaded,
            Err(TryLockError::Poisoned(loaded)) => loaded.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        loaded.get(&key).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<OrgKey, Arc<SharedOrg>>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
