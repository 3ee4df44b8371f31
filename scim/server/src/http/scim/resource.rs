//! Users and groups, as identity providers create, read, change and remove them.

use axum::extract::State;
use axum::http::header::IF_MATCH;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use cohort_directory::{Caller, Mode, ScimView, Written};
use cohort_scim::dialect::PatchAnswer;
use cohort_scim::{Dialect, ListQuery, Projection, ResourceType, ScimError};

use super::base;
use crate::app::App;
use crate::auth::Provider;
use crate::error::Refusal;
use crate::reply::{ScimReply, removed, scim_json};
use crate::request::{Id, Query, ScimBody};

/// The resource type that a route is about, known at compile time.
pub(crate) trait Kind: Send + 'static {
    /// The type.
    const TYPE: ResourceType;
}

/// Routes below `/Users`.
pub(crate) enum Users {}

/// Routes below `/Groups`.
pub(crate) enum Groups {}

impl Kind for Users {
    const TYPE: ResourceType = ResourceType::User;
}

impl Kind for Groups {
    const TYPE: ResourceType = ResourceType::Group;
}
