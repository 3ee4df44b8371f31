//! Whether the server answers at all.

use axum::response::Response;
use serde_json::json;

use crate::reply;

/// `{"status": "ok"}`, without a look at the store: a probe should not restart a server whose disk is slow.
pub(crate) async fn healthz() -> Response {
    reply::json(&json!({ "status": "ok" }))
}
