//! The shapes in which groups come in and go out.

use std::collections::BTreeMap;

use cohort_core::view::GroupState;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::moment::Moment;

/// A group to be made.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewGroup {
    /// The title in English; may be left out when `title.en` is given.
    pub name: Option<String>,
    /// The machine-readable name; made from the title when absent.
    pub slug: Option<String>,
    /// A paragraph on what the group is for.
    pub description: Option<String>,
    /// Titles by language, such as `en` and `fr`.
    pub title: Option<BTreeMap<String, String>>,
    /// Whose profile makes them a member.
    pub rule: Option<String>,
    /// Enabled when absent.
    pub state: Option<GroupState>,
    /// What kind of group it is, in the words of the organisation.
    pub purpose: Option<String>,
    /// Free data.
    pub metadata: Option<Map<String, Value>>,
}

/// What to change about a group; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupPatch {
    /// The title in English.
    pub name: Option<String>,
    /// The machine-readable name.
    pub slug: Option<String>,
    /// A paragraph; empty to remove it.
    pub description: Option<String>,
    /// Titles by language, added to those that are there; an empty one removes.
    pub title: Option<BTreeMap<String, String>>,
    /// The rule; empty to remove it.
    pub rule: Option<String>,
    /// Whether the group gives access.
    pub state: Option<GroupState>,
    /// What kind of group it is; empty to remove it.
    pub purpose: Option<String>,
    /// Free data, replaced as a whole.
    pub metadata: Option<Map<String, Value>>,
}

/// A group as administrators see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupView {
    /// The uuid.
    pub id: String,
    /// Number within the organisation.
    pub seq: u64,
    /// The machine-readable name.
    pub slug: String,
    /// The title in English.
    pub name: String,
    /// Titles by language.
    pub title: BTreeMap<String, String>,
    /// What the group is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What kind of group it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Free data.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
    /// Whether the group gives access.
    pub state: GroupState,
    /// The rule's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// `local`, or the name of the connection that pushes the group.
    pub source: String,
    /// The id that the connection gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Distinct users in the group now, directly or not.
    pub member_count: u64,
    /// Users and groups with an edge of their own into the group, now.
    pub direct_count: u64,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// Its ETag.
    pub version: String,
}
