//! The shapes in which users come in and go out.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::moment::Moment;

/// A local user to be made.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewUser {
    /// Unique among local users, without case.
    pub user_name: String,
    /// What people call them.
    pub display_name: Option<String>,
    /// Yes when absent.
    pub active: Option<bool>,
    /// What rules read: texts, or lists of texts, by field.
    #[serde(default)]
    pub attributes: Map<String, Value>,
}

/// What to change about a local user; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserPatch {
    /// The user name.
    pub user_name: Option<String>,
    /// What people call them.
    pub display_name: Option<String>,
    /// Whether they may be allowed anything.
    pub active: Option<bool>,
    /// Fields to set; `null` removes one.
    #[serde(default)]
    pub attributes: Map<String, Value>,
}

/// A user as administrators see them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserView {
    /// The uuid.
    pub id: String,
    /// The user name.
    pub user_name: String,
    /// What people call them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Whether they may be allowed anything.
    pub active: bool,
    /// `local`, or the name of the connection that pushes the user.
    pub source: String,
    /// The id that the connection gave them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// What rules read, of a local user; the SCIM document of a pushed one.
    pub attributes: Map<String, Value>,
    /// When they were made.
    pub created_at: Moment,
    /// When they last changed.
    pub updated_at: Moment,
    /// Their ETag.
    pub version: String,
}
