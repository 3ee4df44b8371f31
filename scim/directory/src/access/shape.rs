//! The shapes in which roles, grants and scopes come in and go out.

use cohort_core::view::{Effect, Reach};
use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// A role to be made.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRole {
    /// The name in grants and explanations, unique in the organisation.
    pub name: String,
    /// Permission names, or patterns such as `billing.*`.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// Roles whose permissions this one has too, by name or id.
    #[serde(default)]
    pub includes: Vec<String>,
    /// What people call it.
    pub title: Option<String>,
}

/// A role as administrators see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleView {
    /// The uuid.
    pub id: String,
    /// The name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Permissions and patterns, as given.
    pub permissions: Vec<String>,
    /// The names of the included roles.
    pub includes: Vec<String>,
}

/// A role given to a group.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewGroupRole {
    /// The role's uuid or name.
    pub role_id: String,
    /// Where; the organisation when absent.
    pub scope: Option<String>,
    /// Whether below that scope too; yes when absent.
    pub reach: Option<Reach>,
    /// From when.
    pub starts_at: Option<Moment>,
    /// Until when, excluded.
    pub expires_at: Option<Moment>,
    /// Conditions that a caller must assert.
    #[serde(default)]
    pub requires: Vec<String>,
    /// Why.
    pub reason: Option<String>,
}

/// A grant to be made.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewGrant {
    /// `user:ID`, `group:ID` or `everyone`.
    pub principal: String,
    /// The role's uuid or name.
    pub role: String,
    /// Where; the organisation when absent.
    pub scope: Option<String>,
    /// Whether below that scope too; yes when absent.
    pub reach: Option<Reach>,
    /// Gives or takes; gives when absent.
    pub effect: Option<Effect>,
    /// Conditions that a caller must assert.
    #[serde(default)]
    pub requires: Vec<String>,
    /// From when.
    pub starts_at: Option<Moment>,
    /// Until when, excluded.
    pub expires_at: Option<Moment>,
    /// Why.
    pub reason: Option<String>,
}

/// A grant as administrators see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GrantView {
    /// The uuid.
    pub id: String,
    /// `user:ID`, `group:ID` or `everyone`.
    pub principal: String,
    /// The role's uuid.
    pub role_id: String,
    /// The role's name.
    pub role: String,
    /// Where.
    pub scope: String,
    /// Whether below that scope too.
    pub reach: Reach,
    /// Gives or takes.
    pub effect: Effect,
    /// Conditions that a caller must assert.
    pub requires: Vec<String>,
    /// From when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Moment>,
    /// Until when, excluded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Moment,
}

/// The place of a scope: to be set, and as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScopePlace {
    /// `project:42`, `invoice:7`.
    pub scope: String,
    /// The scopes directly above; none, or `org`, for the organisation.
    #[serde(default)]
    pub parents: Vec<String>,
}
