//! Roles, grants and scopes.

use axum::extract::State;
use axum::response::Response;
use cohort_directory::access::{NewGrant, NewRole, ScopePlace};
use serde_json::json;

use super::mode;
use crate::app::App;
use crate::auth::Admin;
use crate::error::Refusal;
use crate::reply;
use crate::request::{ApiBody, Id, Query};

/// `POST /roles`
pub(crate) async fn create_role(
    State(app): State<App>,
    Admin(caller): Admin,
    query: Query,
    ApiBody(role): ApiBody<NewRole>,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| directory.create_role(&caller, role, mode)).await?;
    Ok(reply::created(&written, mode))
}

/// `GET /roles`
pub(crate) async fn roles(State(app): State<App>, Admin(caller): Admin) -> Result<Response, Refusal> {
    let roles = app.run(move |directory| directory.roles(&caller)).await?;
    Ok(reply::json(&json!({ "roles": roles })))
}

/// `DELETE /roles/{id}`
pub(crate) async fn delete_role(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(role): Id,
    query: Query,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| directory.delete_role(&caller, &role, mode)).await?;
    Ok(reply::removed(&written))
}

/// `POST /grants`
pub(crate) async fn create_grant(
    State(app): State<App>,
    Admin(caller): Admin,
    query: Query,
    ApiBody(grant): ApiBody<NewGrant>,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| directory.create_grant(&caller, grant, mode)).await?;
    Ok(reply::created(&written, mode))
}

/// `GET /grants`
pub(crate) async fn grants(State(app): State<App>, Admin(caller): Admin) -> Result<Response, Refusal> {
    let grants = app.run(move |directory| directory.grants(&caller)).await?;
    Ok(reply::json(&json!({ "grants": grants })))
}

/// `DELETE /grants/{id}`
pub(crate) async fn delete_grant(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(grant): Id,
    query: Query,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| directory.delete_grant(&caller, &grant, mode)).await?;
    Ok(reply::removed(&written))
}

/// `PUT /scopes`: says which scopes lie directly above one.
pub(crate) async fn set_scope(
    State(app): State<App>,
    Admin(caller): Admin,
    query: Query,
    ApiBody(place): ApiBody<ScopePlace>,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| directory.set_scope(&caller, place, mode)).await?;
    Ok(reply::changed(&written))
}

/// `GET /scopes`
pub(crate) async fn scopes(State(app): State<App>, Admin(caller): Admin) -> Result<Response, Refusal> {
    let scopes = app.run(move |directory| directory.scopes(&caller)).await?;
    Ok(reply::json(&json!({ "scopes": scopes })))
}
