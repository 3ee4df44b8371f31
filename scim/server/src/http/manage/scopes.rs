//! Scopes: which lie above which.

use axum::extract::State;
use axum::response::Response;
use cohort_directory::access::ScopePlace;
use serde_json::json;

use super::mode;
use crate::app::App;
use crate::auth::Admin;
use crate::error::Refusal;
use crate::reply;
use crate::request::{ApiBody, Query};

/// `PUT /scopes`: says which scopes lie directly above one.
pub(crate) async fn set(
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
pub(crate) async fn list(State(app): State<App>, Admin(caller): Admin) -> Result<Response, Refusal> {
    let scopes = app.run(move |directory| directory.scopes(&caller)).await?;
    Ok(reply::json(&json!({ "scopes": scopes })))
}
