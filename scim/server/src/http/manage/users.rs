//! Users: all of them to look at, the local ones to manage, and the organisation that they are in.

use axum::extract::State;
use axum::response::Response;
use cohort_directory::Written;
use cohort_directory::users::{NewUser, UserPatch};
use serde::Deserialize;
use serde_json::json;

use super::mode;
use crate::app::App;
use crate::auth::Admin;
use crate::error::Refusal;
use crate::reply;
use crate::request::{ApiBody, Id, Query};

/// What to change about the organisation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrgPatch {
    /// Whether anybody may be allowed anything.
    enabled: bool,
}

/// `POST /users`
pub(crate) async fn create(
    State(app): State<App>,
    Admin(caller): Admin,
    query: Query,
    ApiBody(user): ApiBody<NewUser>,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| directory.create_user(&caller, user, mode)).await?;
    Ok(reply::created(&written, mode))
}

/// `GET /users`
pub(crate) async fn list(State(app): State<App>, Admin(caller): Admin) -> Result<Response, Refusal> {
    let users = app.run(move |directory| directory.users(&caller)).await?;
    Ok(reply::json(&json!({ "users": users })))
}

/// `GET /users/{id}`
pub(crate) async fn read(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(id): Id,
) -> Result<Response, Refusal> {
    let user = app.run(move |directory| directory.user(&caller, &id)).await?;
    Ok(reply::json(&user))
}

/// `PATCH /users/{id}`
pub(crate) async fn change(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(id): Id,
    query: Query,
    ApiBody(patch): ApiBody<UserPatch>,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| directory.change_user(&caller, &id, patch, mode)).await?;
    Ok(reply::changed(&written))
}

/// `DELETE /users/{id}`
pub(crate) async fn delete(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(id): Id,
    query: Query,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| directory.delete_user(&caller, &id, mode)).await?;
    Ok(reply::removed(&written))
}

/// `PATCH /org`
pub(crate) async fn change_org(
    State(app): State<App>,
    Admin(caller): Admin,
    query: Query,
    ApiBody(OrgPatch { enabled }): ApiBody<OrgPatch>,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let slug = caller.org_slug().to_owned();
    let Written { revision, .. } =
        app.run(move |directory| directory.set_org_enabled(&caller, enabled, mode)).await?;
    Ok(reply::changed(&Written { value: json!({ "slug": slug, "enabled": enabled }), revision }))
}
