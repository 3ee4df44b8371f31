//! The provisioning log.

use axum::extract::State;
use axum::response::Response;
use cohort_directory::journal::RequestQuery;
use serde_json::json;

use crate::app::App;
use crate::auth::Admin;
use crate::config::LOG_PAGE_DEFAULT;
use crate::error::Refusal;
use crate::reply;
use crate::request::{Id, Query};

/// `GET /connections/{id}/requests?before=SEQ&limit=N&failed=true`: the newest first, from the one before `before`.
pub(crate) async fn list(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(connection): Id,
    query: Query,
) -> Result<Response, Refusal> {
    let limit = query.number("limit")?.unwrap_or(LOG_PAGE_DEFAULT);
    let asked = RequestQuery {
        before: query.number("before")?,
        failed: query.flag("failed")?,
        limit: usize::try_from(limit).unwrap_or(usize::MAX),
    };
    let requests = app.run(move |directory| directory.requests(&caller, &connection, asked)).await?;
    Ok(reply::json(&json!({ "requests": requests })))
}
