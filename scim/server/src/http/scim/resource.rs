//! Users and groups, as identity providers create, read, change and remove them.

use axum::extract::State;
use axum::http::header::IF_MATCH;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use cohort_directory::{Caller, ScimView, Written};
use cohort_scim::dialect::PatchAnswer;
use cohort_scim::{Dialect, ListQuery, Projection, ResourceType, ScimError};

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

/// `POST /{type}`: 201 with the resource, so that the client learns its id.
pub(crate) async fn create<K: Kind>(
    State(app): State<App>,
    Provider(caller): Provider,
    headers: HeaderMap,
    query: Query,
    ScimBody(body): ScimBody,
) -> Result<Response, Refusal> {
    let view = view(&app, &headers, &caller, Some(projection::<K>(&query)?));
    let Written { value, revision } =
        app.run(move |directory| directory.scim_create(&caller, K::TYPE, &body, view)).await?;
    Ok(ScimReply(value).written(StatusCode::CREATED, revision))
}

/// `GET /{type}/{id}`
pub(crate) async fn read<K: Kind>(
    State(app): State<App>,
    Provider(caller): Provider,
    Id(id): Id,
    headers: HeaderMap,
    query: Query,
) -> Result<Response, Refusal> {
    let view = view(&app, &headers, &caller, Some(projection::<K>(&query)?));
    let answer = app.run(move |directory| directory.scim_get(&caller, K::TYPE, &id, &view)).await?;
    Ok(ScimReply(answer).read(&headers))
}

/// `GET /{type}`
pub(crate) async fn list<K: Kind>(
    State(app): State<App>,
    Provider(caller): Provider,
    headers: HeaderMap,
    query: Query,
) -> Result<Response, Refusal> {
    let list = ListQuery::parse(query.pairs(), K::TYPE, dialect(&caller))?;
    let base = base(&app, &headers, &caller);
    let found = app.run(move |directory| directory.scim_list(&caller, K::TYPE, &list, &base)).await?;
    Ok(scim_json(StatusCode::OK, &found))
}

/// `PUT /{type}/{id}`
pub(crate) async fn replace<K: Kind>(
    State(app): State<App>,
    Provider(caller): Provider,
    Id(id): Id,
    headers: HeaderMap,
    query: Query,
    ScimBody(body): ScimBody,
) -> Result<Response, Refusal> {
    let view = view(&app, &headers, &caller, Some(projection::<K>(&query)?));
    let if_match = if_match(&headers);
    let Written { value, revision } = app
        .run(move |directory| directory.scim_replace(&caller, K::TYPE, &id, if_match.as_deref(), body, view))
        .await?;
    Ok(ScimReply(value).written(StatusCode::OK, revision))
}

/// `PATCH /{type}/{id}`: 200 with the resource; 204 for a group whose connection wants no body.
pub(crate) async fn patch<K: Kind>(
    State(app): State<App>,
    Provider(caller): Provider,
    Id(id): Id,
    headers: HeaderMap,
    query: Query,
    ScimBody(body): ScimBody,
) -> Result<Response, Refusal> {
    let projection = patch_projection::<K>(&query, dialect(&caller))?;
    let is_seen = projection.is_some();
    let view = view(&app, &headers, &caller, projection);
    let if_match = if_match(&headers);
    let Written { value, revision } = app
        .run(move |directory| directory.scim_patch(&caller, K::TYPE, &id, if_match.as_deref(), &body, view))
        .await?;
    let reply = ScimReply(value);
    Ok(if is_seen { reply.written(StatusCode::OK, revision) } else { reply.unseen(revision) })
}

/// `DELETE /{type}/{id}`
pub(crate) async fn delete<K: Kind>(
    State(app): State<App>,
    Provider(caller): Provider,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let if_match = if_match(&headers);
    let written =
        app.run(move |directory| directory.scim_delete(&caller, K::TYPE, &id, if_match.as_deref())).await?;
    Ok(removed(&written))
}

/// Which attributes the answer to a PATCH has; `None` for an answer without body.
///
/// A client that names attributes gets them whatever its dialect (RFC 7644 section 3.5.2).
fn patch_projection<K: Kind>(query: &Query, dialect: &Dialect) -> Result<Option<Projection>, ScimError> {
    let names = query.value("attributes").or_else(|| query.value("excludedAttributes"));
    let answers_nothing = K::TYPE == ResourceType::Group && dialect.group_patch == PatchAnswer::NoContent;
    match names {
        None if answers_nothing => Ok(None),
        _ => projection::<K>(query).map(Some),
    }
}

fn projection<K: Kind>(query: &Query) -> Result<Projection, ScimError> {
    Projection::parse(query.value("attributes"), query.value("excludedAttributes"), K::TYPE)
}

fn view(app: &App, headers: &HeaderMap, caller: &Caller, projection: Option<Projection>) -> ScimView {
    ScimView { base: base(app, headers, caller), projection }
}

/// URL of the SCIM root, without slash at its end.
fn base(app: &App, headers: &HeaderMap, caller: &Caller) -> String {
    format!("{}/orgs/{}/scim/v2", app.base_url(headers), caller.org_slug())
}

fn dialect(caller: &Caller) -> &'static Dialect {
    caller.connection().map_or(&Dialect::TOLERANT, cohort_directory::Connection::dialect)
}

/// `If-Match` as sent; the directory compares it in the transaction that writes.
fn if_match(headers: &HeaderMap) -> Option<String> {
    headers.get(IF_MATCH).map(|tags| String::from_utf8_lossy(tags.as_bytes()).into_owned())
}
