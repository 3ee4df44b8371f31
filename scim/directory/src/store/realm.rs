//! Organisations, their connections, and tokens.

use cohort_core::id::{Instant, OrgId, Revision};

use super::{ConnectionKey, OrgKey};
use crate::error::StoreError;

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrgRow {
    pub(crate) key: OrgKey,
    pub(crate) id: OrgId,
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) enabled: bool,
    pub(crate) revision: Revision,
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
    /// Whether it is the organisation's first; at most one is.
    pub(crate) primary: bool,
    pub(crate) created_at: Instant,
}

/// What a token is good for; only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TokenRow {
    pub(crate) hash: [u8; 32],
    /// None for every organisation.
    pub(crate) org: Option<OrgKey>,
    pub(crate) access: TokenAccess,
    pub(crate) created_at: Instant,
    /// From when on it opens nothing; none if it has no end.
    pub(crate) ends_at: Option<Instant>,
}

impl TokenRow {
    /// Whether it opens anything at `now`.
    pub(crate) fn holds(&self, now: Instant) -> bool {
        self.ends_at.is_none_or(|end| now < end)
    }
}

/// How an organisation is named.
#[derive(Debug, Clone, Copy)]
pub(crate) enum OrgName<'a> {
    Id(OrgId),
    /// Folded.
    Slug(&'a str),
}

/// A token that is shown to an organisation.
#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) token: TokenRow,
    /// Name and dialect of the token's connection.
    pub(crate) connection: Option<(String, String)>,
    /// The organisation of the name; not of necessity the token's.
    pub(crate) org: Option<DoorOrg>,
}

/// An organisation by its names.
#[derive(Debug)]
pub(crate) struct DoorOrg {
    pub(crate) key: OrgKey,
    pub(crate) id: OrgId,
    pub(crate) slug: String,
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
    /// The connections in the order in which they were made.
    fn connections(&self, org: OrgKey) -> Result<Vec<ConnectionRow>, StoreError>;
    fn primary_connection(&self, org: OrgKey) -> Result<Option<ConnectionRow>, StoreError>;
    fn token(&self, hash: &[u8; 32]) -> Result<Option<TokenRow>, StoreError>;
    /// The token with its connection, and the organisation that it is shown to, if there is one.
    fn door(&self, hash: &[u8; 32], org: OrgName<'_>) -> Result<Option<Door>, StoreError>;
    /// The tokens of the organisation alone, the oldest first.
    fn tokens_of_org(&self, org: OrgKey) -> Result<Vec<TokenRow>, StoreError>;
    /// The tokens of the connection, the oldest first.
    fn tokens_of(&self, connection: ConnectionKey) -> Result<Vec<TokenRow>, StoreError>;

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
    /// Makes `primary` the organisation's primary connection, or none.
    fn set_primary(&mut self, org: OrgKey, primary: Option<ConnectionKey>) -> Result<(), StoreError>;
    fn add_token(&mut self, token: &TokenRow) -> Result<(), StoreError>;
    fn remove_token(&mut self, hash: &[u8; 32]) -> Result<(), StoreError>;
    fn set_token_end(&mut self, hash: &[u8; 32], ends_at: Instant) -> Result<(), StoreError>;
}
