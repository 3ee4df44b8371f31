//! Questions about access, and the trail of who changed it.

use axum::extract::State;
use axum::response::Response;
use cohort_core::id::Revision;
use serde_json::json;

use crate::app::App;
use crate::auth::Admin;
use crate::config::{AUDIT_PAGE_DEFAULT, AUDIT_PAGE_MAX};
use crate::error::Refusal;
use crate::question::Question;
use crate::reply;
use crate::request::{ApiBody, Query};

/// `POST /check`
pub(crate) async fn check(
    State(app): State<App>,
    Admin(caller): Admin,
    ApiBody(question): ApiBody<Question>,
) -> Result<Response, Refusal> {
    let answer = app.run(move |directory| question.check(directory, &caller)).await?;
    let revision = Revision::new(answer.revision);
    Ok(reply::with_revision(reply::json(&answer), revision))
}

/// `POST /explain`
pub(crate) async fn explain(
    State(app): State<App>,
    Admin(caller): Admin,
    ApiBody(question): ApiBody<Question>,
) -> Result<Response, Refusal> {
    let reasons = app.run(move |directory| question.explain(directory, &caller)).await?;
    let revision = Revision::new(reasons.answer.revision);
    Ok(reply::with_revision(reply::json(&reasons), revision))
}

/// `GET /audit?after=SEQ&limit=N`: records in order, from the one after `after`.
pub(crate) async fn audit(
    State(app): State<App>,
    Admin(caller): Admin,
    query: Query,
) -> Result<Response, Refusal> {
    let after = query.number("after")?.unwrap_or(0);
    let limit = query.number("limit")?.unwrap_or(AUDIT_PAGE_DEFAULT).min(AUDIT_PAGE_MAX);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let records = app.run(move |directory| directory.audit(&caller, after, limit)).await?;
    Ok(reply::json(&json!({ "records": records })))
}
