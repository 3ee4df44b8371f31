//! Groups.

use std::collections::BTreeMap;

use cohort_core::id::{GroupId, Instant, Revision};
use cohort_core::view::GroupState;
use serde_json::{Map, Value};

use super::users::Stamp;
use super::{ConnectionKey, OrgKey};
use crate::error::StoreError;

/// A group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GroupRow {
    pub(crate) id: GroupId,
    /// Who pushes the group; none for a local one.
    pub(crate) connection: Option<ConnectionKey>,
    pub(crate) seq: u64,
    pub(crate) slug: String,
    pub(crate) slug_folded: String,
    /// The title in English.
    pub(crate) name: String,
    pub(crate) name_folded: String,
    /// Titles in all languages, English included.
    pub(crate) titles: BTreeMap<String, String>,
    pub(crate) description: Option<String>,
    pub(crate) purpose: Option<String>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) state: GroupState,
    pub(crate) rule: Option<String>,
    pub(crate) external_id: Option<String>,
    /// The SCIM document of a pushed group; empty for a local one.
    pub(crate) document: Map<String, Value>,
    pub(crate) created_by: String,
    pub(crate) stamp: Stamp,
}

/// Groups, found by their names.
pub(crate) trait GroupRows {
    fn group(&self, org: OrgKey, id: GroupId) -> Result<Option<GroupRow>, StoreError>;
    /// What the group is called, if this connection pushes it: much less to read than all of it.
    fn pushed_group_name(&self, connection: ConnectionKey, id: GroupId)
    -> Result<Option<String>, StoreError>;
    fn group_by_slug(&self, org: OrgKey, folded: &str) -> Result<Option<GroupRow>, StoreError>;
    fn group_by_seq(&self, org: OrgKey, seq: u64) -> Result<Option<GroupRow>, StoreError>;
    /// The pushed group of this connection with this English title; at most one.
    fn group_by_name(&self, connection: ConnectionKey, folded: &str) -> Result<Option<GroupRow>, StoreError>;
    fn group_by_external_id(
        &self,
        connection: ConnectionKey,
        id: &str,
    ) -> Result<Option<GroupRow>, StoreError>;
    fn groups(&self, org: OrgKey) -> Result<Vec<GroupRow>, StoreError>;

    /// Adds the group, or replaces the one of the same id.
    fn put_group(&mut self, org: OrgKey, group: &GroupRow) -> Result<(), StoreError>;
    fn remove_group(&mut self, id: GroupId) -> Result<(), StoreError>;
    /// Marks the group as changed by the request that becomes `revision`.
    fn stamp_group(&mut self, id: GroupId, at: Instant, revision: Revision) -> Result<(), StoreError>;
    /// Stamps the groups that this one is a member of: their members are about to change.
    fn stamp_groups_above(&mut self, id: GroupId, at: Instant, revision: Revision) -> Result<(), StoreError>;
}
