//! The SCIM face, `/orgs/{org}/scim/v2` (RFC 7644), for the connections of identity providers.

mod discovery;
mod resource;

pub(crate) use self::discovery::{
    resource_type, resource_types, schema, schemas, service_provider_config, unsupported_bulk, unsupported_me,
    unsupported_search,
};
pub(crate) use self::resource::{Groups, Users, create, delete, list, patch, read, replace};

use axum::http::HeaderMap;

use crate::app::App;

/// URL of the SCIM root of `org`, without slash at its end.
fn base(app: &App, headers: &HeaderMap, org: &str) -> String {
    format!("{}/orgs/{org}/scim/v2", app.base_url(headers))
}
