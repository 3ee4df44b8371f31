//! Organisations, their connections, and tokens.

use cohort_core::id::{Instant, OrgId, Revision};

use super::{ConnectionKey, OrgKey, StoreError};

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrgRow {
    pub(crate) key: OrgKey,
    pub(crate) id: OrgId,
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) enabled: bool,
    pub(crate) revision: Revision,
    /// How many groups were ever made: the last `seq` given out.
    pub(crate) groups_made: u64,
}

/// An organisation to be made.
#[derive(Debug, Clone)]
pub(crate) struct NewOrgRow<'a> {
    pub(crate) id: OrgId,
    pub(crate) slug: &'a str,
    pub(crate) slug_folded: &'a str,
    pub(crate) title: &'a str,
    pub(crate) created_at: Instant,
}

/// One identity provider of one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConnectionRow {
    pub(crate) key: ConnectionKey,
    pub(crate) org: OrgKey,
    pub(crate) name: String,
    pub(crate) dialect: String,
}

/// What a token is good for; only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenRow {
    pub(crate) hash: [u8; 32],
    /// None for every organisation.
    pub(crate) org: Option<OrgKey>,
    pub(crate) access: TokenAccess,
}

/// What a token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenAccess {
    Admin,
    Edge,
    Scim(ConnectionKey),
}

/// What belongs to no organisation, or stands above its contents.
pub(crate) trait RealmRows {
    fn org(&self, key: OrgKey) -> Result<Option<OrgRow>, StoreError>;
    fn org_by_slug(&self, slug_folded: &str) -> Result<Option<OrgRow>, StoreError>;
    fn org_by_id(&self, id: OrgId) -> Result<Option<OrgRow>, StoreError>;
    fn connection(&self, key: ConnectionKey) -> Result<Option<ConnectionRow>, StoreError>;
    fn connection_by_name(&self, org: OrgKey, name: &str) -> Result<Option<ConnectionRow>, StoreError>;
    fn token(&self, hash: &[u8; 32]) -> Result<Option<TokenRow>, StoreError>;

    fn add_org(&mut self, org: &NewOrgRow<'_>) -> Result<OrgKey, StoreError>;
    fn set_org_enabled(&mut self, org: OrgKey, enabled: bool) -> Result<(), StoreError>;
    fn set_org_revision(&mut self, org: OrgKey, revision: Revision) -> Result<(), StoreError>;
    /// Counts one more group, and gives its number.
    fn next_group_seq(&mut self, org: OrgKey) -> Result<u64, StoreError>;
    fn add_connection(
        &mut self,
        org: OrgKey,
        name: &str,
        dialect: &str,
        at: Instant,
    ) -> Result<ConnectionKey, StoreError>;
    fn set_dialect(&mut self, connection: ConnectionKey, dialect: &str) -> Result<(), StoreError>;
    fn add_token(&mut self, token: &TokenRow, at: Instant) -> Result<(), StoreError>;
}
