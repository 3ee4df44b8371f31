//! The tokens of connections, and those of edges and administrators.

use axum::extract::State;
use axum::response::Response;
use cohort_directory::connections::Rotation;
use serde_json::json;

use super::mode;
use crate::app::App;
use crate::auth::Admin;
use crate::error::Refusal;
use crate::reply;
use crate::request::{ApiBody, Id, Query};

/// `GET /connections/{id}/tokens`
pub(crate) async fn tokens_of(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(name): Id,
) -> Result<Response, Refusal> {
    let connection = app.run(move |directory| directory.connection(&caller, &name)).await?;
    Ok(reply::json(&json!({ "tokens": connection.tokens })))
}

/// `POST /connections/{id}/tokens`: a new token; the others end at `overlapUntil`, or now.
pub(crate) async fn rotate(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(name): Id,
    query: Query,
    ApiBody(rotation): ApiBody<Rotation>,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let made = app.run(move |directory| directory.rotate_connection(&caller, &name, rotation, mode)).await?;
    Ok(reply::created(&made, mode))
}

/// `GET /tokens`
pub(crate) async fn tokens(State(app): State<App>, Admin(caller): Admin) -> Result<Response, Refusal> {
    let tokens = app.run(move |directory| directory.tokens(&caller)).await?;
    Ok(reply::json(&json!({ "tokens": tokens })))
}
