//! The shapes in which memberships come in and go out.

use cohort_core::model::EdgeKind;
use cohort_core::view::Via;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// In or out, as requests say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Belongs to the group.
    #[default]
    Include,
    /// The group's rule does not count for this user.
    Exclude,
}

/// What a member may do with the group itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MemberRole {
    /// Nothing.
    #[default]
    Member,
    /// Manage it.
    Owner,
}

/// Memberships to be made.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMembers {
    /// One user, by id or user name.
    pub user_id: Option<String>,
    /// Several users.
    pub user_ids: Option<Vec<String>>,
    /// A group to be nested, by id, slug or `seq:N`.
    pub group_id: Option<String>,
    /// In or out.
    #[serde(default)]
    pub kind: Kind,
    /// Member or owner.
    #[serde(default)]
    pub role: MemberRole,
    /// From when.
    pub starts_at: Option<Moment>,
    /// Until when, excluded.
    pub expires_at: Option<Moment>,
    /// Why.
    pub reason: Option<String>,
}

/// One way in which somebody belongs to a group, or is kept out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    /// The name under which the edge can be removed; none for a membership by rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `user` or `group`.
    #[serde(rename = "type")]
    pub member_type: &'static str,
    /// The user's or group's uuid.
    pub member_id: String,
    /// The user name, or the group's slug.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// In or out.
    pub kind: Kind,
    /// How it came about.
    pub via: ViaName,
    /// Member or owner.
    pub role: MemberRole,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_by: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_at: Option<Moment>,
}

/// A [`Via`] that is written in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ViaName {
    /// Added by hand.
    Manual,
    /// Pushed by a connection.
    Scim,
    /// The group's rule holds.
    Rule,
}

impl From<Via> for ViaName {
    fn from(via: Via) -> Self {
        match via {
            Via::Manual => Self::Manual,
            Via::Scim => Self::Scim,
            Via::Rule => Self::Rule,
        }
    }
}

impl From<EdgeKind> for Kind {
    fn from(kind: EdgeKind) -> Self {
        match kind {
            EdgeKind::Include => Self::Include,
            EdgeKind::Exclude => Self::Exclude,
        }
    }
}

impl From<Kind> for EdgeKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Include => Self::Include,
            Kind::Exclude => Self::Exclude,
        }
    }
}
