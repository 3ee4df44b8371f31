//! Who calls, in which organisation, and for what.

use cohort_core::id::OrgId;
use cohort_scim::Dialect;

use crate::effort::Effort;
use crate::store::{ConnectionKey, OrgKey};

/// What a token is to be made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// Managing: of one organisation, or of all when none is named.
    Admin,
    /// Following the feed.
    Edge,
    /// Provisioning as one identity provider.
    Scim {
        /// Its name in this organisation; it is made if there is none.
        connection: String,
        /// How it speaks SCIM; when none is said, an existing connection keeps its own and a new one is tolerant.
        dialect: Option<String>,
    },
}

/// What a token holds the door open to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Managing.
    Admin,
    /// Following the feed.
    Edge,
    /// Provisioning through this connection.
    Scim(Connection),
}

/// One identity provider of one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    pub(crate) key: ConnectionKey,
    pub(crate) name: String,
    pub(crate) dialect: &'static Dialect,
}

impl Connection {
    /// Its name in the organisation.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it speaks SCIM.
    #[must_use]
    pub const fn dialect(&self) -> &'static Dialect {
        self.dialect
    }
}

/// Who calls: the first argument of every use case. Only a token that was looked up makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub(crate) org_key: OrgKey,
    pub(crate) org: OrgId,
    pub(crate) slug: String,
    pub(crate) access: Access,
    /// The hash of the token that was shown; none for whoever has the folder itself.
    pub(crate) token: Option<[u8; 32]>,
    /// What the request took so far; each call of [`Directory::caller`](crate::Directory::caller) begins anew.
    pub(crate) effort: Effort,
}

impl Caller {
    /// The organisation.
    #[must_use]
    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// The organisation's slug.
    #[must_use]
    pub fn org_slug(&self) -> &str {
        &self.slug
    }

    /// What the caller may do there.
    #[must_use]
    pub const fn access(&self) -> &Access {
        &self.access
    }

    /// What the caller's request took so far.
    #[must_use]
    pub const fn effort(&self) -> &Effort {
        &self.effort
    }

    /// The connection, if the caller is one.
    #[must_use]
    pub const fn connection(&self) -> Option<&Connection> {
        match &self.access {
            Access::Scim(connection) => Some(connection),
            Access::Admin | Access::Edge => None,
        }
    }

    /// The same caller with another request.
    pub(crate) fn anew(&self) -> Self {
        Self { effort: Effort::default(), ..self.clone() }
    }

    /// How the audit trail names the caller.
    pub(crate) fn actor(&self) -> String {
        match &self.access {
            Access::Admin => "admin".to_owned(),
            Access::Edge => "edge".to_owned(),
            Access::Scim(connection) => format!("connection:{}", connection.name),
        }
    }
}
