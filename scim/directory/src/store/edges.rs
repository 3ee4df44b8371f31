//! Memberships, and those that wait for their user.

use cohort_core::change::Change;
use cohort_core::id::{GroupId, Instant, Span};
use cohort_core::model::EdgeKey;
use cohort_core::view::Member;

use super::{ConnectionKey, OrgKey};
use crate::error::StoreError;

/// The name of an edge's row; never given out twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct EdgeId(pub(crate) i64);

/// A membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EdgeRow {
    pub(crate) key: EdgeKey,
    pub(crate) span: Span,
    /// Who pushed the edge; none for one added by hand.
    pub(crate) connection: Option<ConnectionKey>,
    pub(crate) owner: bool,
    pub(crate) reason: Option<String>,
    pub(crate) added_by: String,
    pub(crate) added_at: Instant,
}

impl EdgeRow {
    /// The change that tells the graph of it.
    pub(crate) fn change(&self) -> Change {
        match self.key.member {
            Member::User(user) if self.owner => {
                Change::SetOwner { group: self.key.group, user, span: self.span }
            }
            _ => Change::SetEdge(self.key, self.span),
        }
    }
}

/// A membership with the names of its member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedEdge {
    pub(crate) id: EdgeId,
    pub(crate) edge: EdgeRow,
    /// The user name, or the group's slug.
    pub(crate) name: String,
    pub(crate) display_name: String,
}

/// A member that a connection named before it pushed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PendingRow {
    pub(crate) connection: ConnectionKey,
    pub(crate) group: GroupId,
    /// What the connection called the member.
    pub(crate) value: String,
    pub(crate) added_at: Instant,
}

/// Edges, found from either end.
pub(crate) trait EdgeRows {
    fn edge(&self, key: &EdgeKey) -> Result<Option<EdgeRow>, StoreError>;
    fn edge_named(&self, key: &EdgeKey) -> Result<Option<NamedEdge>, StoreError>;
    /// All edges into the group.
    fn edges_into(&self, group: GroupId) -> Result<Vec<NamedEdge>, StoreError>;
    fn edge_by_id(&self, group: GroupId, id: EdgeId) -> Result<Option<EdgeRow>, StoreError>;
    fn each_edge(
        &self,
        org: OrgKey,
        visit: &mut dyn FnMut(EdgeRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;
    /// The groups that wait for a member of this name.
    fn pending_for(&self, connection: ConnectionKey, value: &str) -> Result<Vec<GroupId>, StoreError>;
    fn count_pending(&self, connection: ConnectionKey) -> Result<u64, StoreError>;

    /// Adds the edge, or replaces the one of the same key.
    fn put_edge(&mut self, org: OrgKey, edge: &EdgeRow) -> Result<EdgeId, StoreError>;
    fn remove_edge(&mut self, key: &EdgeKey) -> Result<(), StoreError>;
    /// Waits for a member; if it was waited for already, nothing changes.
    fn add_pending(&mut self, org: OrgKey, pending: &PendingRow) -> Result<(), StoreError>;
    /// No longer waits for a member.
    fn remove_pending(&mut self, group: GroupId, value: &str) -> Result<(), StoreError>;
    /// No longer waits for any member of the group.
    fn remove_all_pending(&mut self, group: GroupId) -> Result<(), StoreError>;
    /// Gives up on what this connection named before `before`.
    fn expire_pending(&mut self, connection: ConnectionKey, before: Instant) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests;
