//! What the SCIM face says about itself; to everybody, since it depends on nobody (RFC 7644 section 4).

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use cohort_scim::{ScimError, discovery};

use crate::app::App;
use crate::error::Refusal;
use crate::reply::scim_json;
use crate::request::{Id, Query};

/// `GET /ServiceProviderConfig`
pub(crate) async fn service_provider_config(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    query: Query,
) -> Result<Response, Refusal> {
    refuse_filter(&query)?;
    let base = base(&app, &headers, &uri);
    Ok(scim_json(StatusCode::OK, &discovery::service_provider_config(&base)))
}

/// `GET /ResourceTypes`
pub(crate) async fn resource_types(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    query: Query,
) -> Result<Response, Refusal> {
    refuse_filter(&query)?;
    Ok(scim_json(StatusCode::OK, &discovery::resource_types(&base(&app, &headers, &uri))))
}

/// `GET /ResourceTypes/{name}`
pub(crate) async fn resource_type(
    State(app): State<App>,
    uri: Uri,
    Id(name): Id,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let found = discovery::resource_type(&name, &base(&app, &headers, &uri));
    let missing = || ScimError::NotFound { resource_type: "ResourceType", id: name.into() };
    Ok(scim_json(StatusCode::OK, &found.ok_or_else(missing)?))
}

/// `GET /Schemas`
pub(crate) async fn schemas(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    query: Query,
) -> Result<Response, Refusal> {
    refuse_filter(&query)?;
    Ok(scim_json(StatusCode::OK, &discovery::schemas(&base(&app, &headers, &uri))))
}

/// `GET /Schemas/{urn}`
pub(crate) async fn schema(
    State(app): State<App>,
    uri: Uri,
    Id(urn): Id,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let found = discovery::schema(&urn, &base(&app, &headers, &uri));
    let missing = || ScimError::NotFound { resource_type: "Schema", id: urn.into() };
    Ok(scim_json(StatusCode::OK, &found.ok_or_else(missing)?))
}

/// `/Bulk`
pub(crate) async fn unsupported_bulk() -> Refusal {
    ScimError::Unsupported { feature: "Bulk" }.into()
}

/// `/Me`: a token stands for a connection, not for a person.
pub(crate) async fn unsupported_me() -> Refusal {
    ScimError::Unsupported { feature: "Me" }.into()
}

/// `/.search`
pub(crate) async fn unsupported_search() -> Refusal {
    ScimError::Unsupported { feature: "search by POST" }.into()
}

/// URL of the SCIM root under which the request came, without slash at its end.
fn base(app: &App, headers: &HeaderMap, uri: &Uri) -> String {
    const ROOT: &str = "/scim/v2";
    let org = uri.path().split_once(ROOT).map_or("", |(org, _)| org);
    format!("{}{org}{ROOT}", app.base_url(headers))
}

/// A client that filters what cannot be filtered would take everything for a match.
fn refuse_filter(query: &Query) -> Result<(), ScimError> {
    if query.value("filter").is_some() { Err(ScimError::FilterForbidden) } else { Ok(()) }
}
