//! Users.

use cohort_core::id::{Instant, Revision, UserId};
use serde_json::{Map, Value};

use super::{ConnectionKey, OrgKey};
use crate::error::StoreError;

/// When and by which request a resource was made and last changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) created_at: Instant,
    pub(crate) changed_at: Instant,
    pub(crate) revision: Revision,
}

impl Stamp {
    /// A resource made by the request that becomes `revision`.
    pub(crate) const fn new(at: Instant, revision: Revision) -> Self {
        Self { created_at: at, changed_at: at, revision }
    }

    /// The same resource, changed by the request that becomes `revision`.
    pub(crate) const fn changed(self, at: Instant, revision: Revision) -> Self {
        Self { changed_at: at, revision, ..self }
    }

    /// The weak ETag of that state (RFC 9110 section 8.8.3).
    pub(crate) fn etag(self) -> String {
        format!("W/\"r{}\"", self.revision)
    }
}

/// A user.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UserRow {
    pub(crate) id: UserId,
    /// Who pushes the user; none for a local one.
    pub(crate) connection: Option<ConnectionKey>,
    pub(crate) user_name: String,
    pub(crate) user_name_folded: String,
    pub(crate) external_id: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) active: bool,
    /// The SCIM document of a pushed user, the attributes of a local one.
    pub(crate) document: Map<String, Value>,
    pub(crate) stamp: Stamp,
}

/// Users, found by their names.
pub(crate) trait UserRows {
    fn user(&self, org: OrgKey, id: UserId) -> Result<Option<UserRow>, StoreError>;
    /// The user of this source with this name; at most one.
    fn user_by_name(
        &self,
        org: OrgKey,
        connection: Option<ConnectionKey>,
        folded: &str,
    ) -> Result<Option<UserRow>, StoreError>;
    /// The first two users of this name over all sources: one, or several.
    fn users_by_name(&self, org: OrgKey, folded: &str) -> Result<Vec<UserRow>, StoreError>;
    fn user_by_external_id(&self, connection: ConnectionKey, id: &str)
    -> Result<Option<UserRow>, StoreError>;
    /// Shows every user of the organisation to `visit`, until it fails.
    fn each_user(
        &self,
        org: OrgKey,
        visit: &mut dyn FnMut(UserRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Adds the user, or replaces the one of the same id.
    fn put_user(&mut self, org: OrgKey, user: &UserRow) -> Result<(), StoreError>;
    fn remove_user(&mut self, id: UserId) -> Result<(), StoreError>;
    /// Stamps the groups into which the user has edges: their members are about to change.
    fn stamp_groups_of_user(&mut self, id: UserId, at: Instant, revision: Revision)
    -> Result<(), StoreError>;
}
