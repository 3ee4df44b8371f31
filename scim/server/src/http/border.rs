//! What happens to every request on its way in and out: a time limit, errors in shape, one line in the log.

use std::any::Any;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cohort_scim::ScimError;
use tokio::time::timeout;

use crate::app::{App, counting_rows};
use crate::config::REQUEST_TIME_MAX;
use crate::error::Refusal;
use crate::journal::{Entry, Seen};
use crate::reply::{Face, REVISION, refusal_of, shaped};

/// Runs the request for at most [`REQUEST_TIME_MAX`], shapes its refusal if it has one, and logs it;
/// what a connection asked for is also noted in its provisioning log.
pub(crate) async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let face = Face::of(request.uri().path());
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let entry = Entry::default();
    if face == Face::Scim {
        request.extensions_mut().insert(entry.clone());
    }
    let route = request.extensions().get::<MatchedPath>().cloned();

    let (handled, rows) = counting_rows(timeout(REQUEST_TIME_MAX, next.run(request))).await;
    let bare = handled.unwrap_or_else(|_| Refusal::Timeout.into_response());
    let refusal = refusal_of(&bare);
    let response = match &refusal {
        Some(refusal) => shaped(refusal, face, bare.headers().clone()),
        None => bare,
    };
    let (status, took, refusal) = (response.status().as_u16(), begun.elapsed(), refusal.as_deref());
    let seen = Seen { method: &method, uri: &uri, status, took, rows, refusal };
    log(&seen, route.as_ref(), &response);
    entry.note(&app, &seen);
    response
}

/// Logs the path's template and never the path, which may hold names, nor anything of a header or body.
fn log(seen: &Seen<'_>, route: Option<&MatchedPath>, response: &Response) {
    let route = route.map_or("none", MatchedPath::as_str);
    let Seen { method, status, took, rows, refusal, .. } = *seen;
    let ms = took.as_millis();
    let header = response.headers().get(REVISION).and_then(|revision| revision.to_str().ok());
    let revision = header.and_then(|revision| revision.parse::<u64>().ok());
    let code = refusal.map(Refusal::code);
    tracing::info!(%method, route, status, ms, rows, revision, code, "request");
    if let Some(cause) = refusal.and_then(Refusal::private_cause) {
        tracing::error!(%method, route, %cause, "request failed inside");
    }
}

/// The answer to a handler's panic; the panic itself has been printed by then.
pub(crate) fn panicked(_: Box<dyn Any + Send>) -> Response {
    Refusal::Internal.into_response()
}

/// The answer where no route has the path.
pub(crate) async fn unknown_path(request: Request) -> Refusal {
    let path = request.uri().path();
    if let Some(found) = other_version(path) {
        return ScimError::UnknownVersion { found: found.into() }.into();
    }
    let known = path.split_once("/scim/v2").filter(|_| Face::of(path) == Face::Scim);
    Refusal::UnknownPath { path: known.map_or(path, |(_, rest)| rest).into() }
}

/// The version of SCIM that a path names, if it is not ours.
fn other_version(path: &str) -> Option<&str> {
    let version = path.split('/').nth(4).filter(|_| Face::of(path) == Face::Scim)?;
    let is_number = |digits: &str| digits.starts_with(|digit: char| digit.is_ascii_digit());
    (version != "v2" && version.strip_prefix('v').is_some_and(is_number)).then_some(version)
}

/// The answer where the path has routes, but not for this method.
pub(crate) async fn unknown_method(method: Method) -> Refusal {
    Refusal::Method { method: method.as_str().into() }
}
