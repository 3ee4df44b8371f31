//! What the server says about itself, to anybody who asks (RFC 7644 section 4).

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use cohort_scim::{ScimError, discovery};
use serde_json::Value;

use crate::app::App;
use crate::error::Refusal;
use crate::reply::scim_json;
use crate::request::{Id, Query};

/// A discovery endpoint; `base` is everywhere the URL of the SCIM root.
pub(crate) trait Endpoint: Send + 'static {
    /// What one of its resources is called in an error.
    const NAME: &'static str;
    /// All that it describes.
    fn all(base: &str) -> Value;
    /// One resource by its name; `None` if it has none of that name.
    fn one(name: &str, base: &str) -> Option<Value>;
}

/// `/ServiceProviderConfig`
pub(crate) enum Config {}

/// `/ResourceTypes`
pub(crate) enum ResourceTypes {}

/// `/Schemas`
pub(crate) enum Schemas {}

impl Endpoint for Config {
    const NAME: &'static str = "ServiceProviderConfig";

    fn all(base: &str) -> Value {
        discovery::service_provider_config(base)
    }

    fn one(_: &str, _: &str) -> Option<Value> {
        None
    }
}

impl Endpoint for ResourceTypes {
    const NAME: &'static str = "ResourceType";

    fn all(base: &str) -> Value {
        discovery::resource_types(base)
    }

    fn one(name: &str, base: &str) -> Option<Value> {
        discovery::resource_type(name, base)
    }
}

impl Endpoint for Schemas {
    const NAME: &'static str = "Schema";

    fn all(base: &str) -> Value {
        discovery::schemas(base)
    }

    fn one(urn: &str, base: &str) -> Option<Value> {
        discovery::schema(urn, base)
    }
}

/// `GET /{endpoint}`; a client that filters what cannot be filtered would take everything for a match.
pub(crate) async fn all<E: Endpoint>(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    query: Query,
) -> Result<Response, Refusal> {
    if query.value("filter").is_some() {
        return Err(ScimError::FilterForbidden.into());
    }
    Ok(scim_json(StatusCode::OK, &E::all(&base(&app, &headers, &uri))))
}

/// `GET /{endpoint}/{id}`
pub(crate) async fn one<E: Endpoint>(
    State(app): State<App>,
    uri: Uri,
    Id(name): Id,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let found = E::one(&name, &base(&app, &headers, &uri));
    let missing = || ScimError::NotFound { resource_type: E::NAME, id: name.into() };
    Ok(scim_json(StatusCode::OK, &found.ok_or_else(missing)?))
}

/// URL of the SCIM root under which the request came, without slash at its end.
fn base(app: &App, headers: &HeaderMap, uri: &Uri) -> String {
    const ROOT: &str = "/scim/v2";
    let org = uri.path().split_once(ROOT).map_or("", |(org, _)| org);
    format!("{}{org}{ROOT}", app.base_url(headers))
}
