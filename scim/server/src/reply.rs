//! What is answered: JSON with its revision, SCIM resources with their ETag, refusals in the shape of a face.

mod refused;
mod scim;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use cohort_core::id::Revision;
use cohort_directory::{Mode, Written};
use serde::Serialize;

pub(crate) use self::refused::{Face, refusal_of, shaped};
pub(crate) use self::scim::{ScimReply, scim_json};

use crate::error::Refusal;

/// The header that says at which revision an answer holds.
pub(crate) const REVISION: HeaderName = HeaderName::from_static("x-cohort-revision");

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// `body` as JSON with status 200.
pub(crate) fn json(body: &impl Serialize) -> Response {
    json_as(StatusCode::OK, JSON, body)
}

/// What a request made: 201, or 200 if it was a dry run.
pub(crate) fn created<T: Serialize>(written: &Written<T>, mode: Mode) -> Response {
    let status = match mode {
        Mode::Commit => StatusCode::CREATED,
        Mode::DryRun => StatusCode::OK,
    };
    with_revision(json_as(status, JSON, &written.value), written.revision)
}

/// What a request changed, as it is now.
pub(crate) fn changed<T: Serialize>(written: &Written<T>) -> Response {
    with_revision(json(&written.value), written.revision)
}

/// The answer to a removal: nothing but the revision.
pub(crate) fn removed(written: &Written<()>) -> Response {
    with_revision(StatusCode::NO_CONTENT.into_response(), written.revision)
}

/// `response` with the revision at which it holds.
pub(crate) fn with_revision(mut response: Response, revision: Revision) -> Response {
    response.headers_mut().insert(REVISION, HeaderValue::from(revision.number()));
    response
}

/// `response` with the tag of what it shows; nothing if the tag cannot stand in a header.
pub(crate) fn with_etag(mut response: Response, tag: &str) -> Response {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// Whether `If-None-Match` names `tag`, compared weakly (RFC 9110 section 13.1.2).
pub(crate) fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let lists = headers.get_all(IF_NONE_MATCH).iter().filter_map(|list| list.to_str().ok());
    let mut tags = lists.flat_map(|list| list.split(','));
    tags.any(|known| known.trim() == "*" || opaque(known) == opaque(tag))
}

fn json_as(status: StatusCode, media_type: HeaderValue, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => {
            let mut response = Response::new(Body::from(bytes));
            *response.status_mut() = status;
            response.headers_mut().insert(CONTENT_TYPE, media_type);
            response
        }
        // A view of ours always has a JSON form; if one ever has not, the client learns that it is our fault.
        Err(_) => Refusal::Internal.into_response(),
    }
}

#[cfg(test)]
mod tests;
