//! The shapes in which connections and tokens come in and go out.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// A connection to be made.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewConnection {
    /// Unique in the organisation; it stands in the audit trail and in URLs.
    pub name: String,
    /// How its identity provider speaks SCIM; `default` when absent.
    pub dialect: Option<String>,
    /// Whether it is the organisation's first from now on.
    #[serde(default)]
    pub primary: bool,
}

/// What to change about a connection; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConnectionPatch {
    /// How its identity provider speaks SCIM.
    pub dialect: Option<String>,
    /// Whether it is the organisation's first; another one that was is no longer.
    pub primary: Option<bool>,
}

/// How a connection gets a new token.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rotation {
    /// Until when the tokens that there are still open the door; they end at once when absent.
    pub overlap_until: Option<Moment>,
}

/// A connection as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionView {
    /// The name.
    pub name: String,
    /// How its identity provider speaks SCIM.
    pub dialect: String,
    /// Whether its users are meant where several sources have one user name.
    pub primary: bool,
    /// When it was made.
    pub created_at: Moment,
    /// The tokens that open anything, the oldest first; none once they were taken back.
    pub tokens: Vec<TokenView>,
    /// The first token, in the answer that made the connection and nowhere else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret>,
}

/// A token's text; it is written into one answer, and never into a log.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Secret(pub(crate) String);

impl Secret {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(..)")
    }
}

/// A token as administrators see it; nothing of it opens anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    /// What names it.
    pub id: String,
    /// `admin`, `edge` or `scim`.
    pub access: &'static str,
    /// The connection that it stands for, where that is not clear.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// When it was made.
    pub created_at: Moment,
    /// From when on it opens nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Moment>,
}

/// A token that was just made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewToken {
    /// What names it.
    pub id: String,
    /// The token, which is in this answer and nowhere else; absent from a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret>,
    /// When it was made.
    pub created_at: Moment,
}
