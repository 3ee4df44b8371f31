//! Users: all of them to look at, the local ones to manage.

use axum::extract::State;
use axum::response::Response;
use cohort_directory::users::{NewUser, UserPatch};
use serde_json::json;

use super::mode;
use crate::app::App;
use crate::auth::Admin;
use crate::error::Refusal;
use crate::reply;
use crate::request::{ApiBody, Id, Query};

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
