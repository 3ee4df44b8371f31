//! Groups.

use axum::extract::State;
use axum::response::Response;
use cohort_directory::groups::{GroupPatch, NewGroup};
use serde_json::json;

use super::mode;
use crate::app::App;
use crate::auth::Admin;
use crate::error::Refusal;
use crate::reply;
use crate::request::{ApiBody, Id, Query};

/// `POST /groups`
pub(crate) async fn create(
    State(app): State<App>,
    Admin(caller): Admin,
    query: Query,
    ApiBody(group): ApiBody<NewGroup>,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| directory.create_group(&caller, group, mode)).await?;
    Ok(reply::created(&written, mode))
}

/// `GET /groups`
pub(crate) async fn list(State(app): State<App>, Admin(caller): Admin) -> Result<Response, Refusal> {
    let groups = app.run(move |directory| directory.groups(&caller)).await?;
    Ok(reply::json(&json!({ "groups": groups })))
}

/// `GET /groups/{id}`
pub(crate) async fn read(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(id): Id,
) -> Result<Response, Refusal> {
    let group = app.run(move |directory| directory.group(&caller, &id)).await?;
    Ok(reply::json(&group))
}

/// `PATCH /groups/{id}`
pub(crate) async fn change(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(id): Id,
    query: Query,
    ApiBody(patch): ApiBody<GroupPatch>,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| directory.change_group(&caller, &id, patch, mode)).await?;
    Ok(reply::changed(&written))
}

/// `DELETE /groups/{id}`
pub(crate) async fn delete(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(id): Id,
    query: Query,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| directory.delete_group(&caller, &id, mode)).await?;
    Ok(reply::removed(&written))
}
