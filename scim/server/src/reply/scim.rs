//! Answers of the SCIM face.

use axum::http::header::{HeaderValue, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use cohort_core::id::Revision;
use cohort_directory::ScimAnswer;
use serde::Serialize;

use crate::reply::{is_known, json_as, with_etag, with_revision};

const SCIM_JSON: HeaderValue = HeaderValue::from_static("application/scim+json");

/// `body` as SCIM with `status`.
pub(crate) fn scim_json(status: StatusCode, body: &impl Serialize) -> Response {
    json_as(status, SCIM_JSON, body)
}

/// The ways to answer about one resource.
pub(crate) struct ScimReply(pub(crate) ScimAnswer);

impl ScimReply {
    /// The answer to a read: the resource, or 304 if the client has this version already.
    pub(crate) fn read(self, request: &HeaderMap) -> Response {
        if is_known(request, &self.0.version) {
            return with_etag(StatusCode::NOT_MODIFIED.into_response(), &self.0.version);
        }
        self.body(StatusCode::OK)
    }

    /// The answer to a write that gives the resource back, where it is, and at which revision.
    pub(crate) fn written(self, status: StatusCode, revision: Revision) -> Response {
        with_revision(self.body(status), revision)
    }

    /// The answer to a write whose client reads no body.
    pub(crate) fn unseen(self, revision: Revision) -> Response {
        let response = with_etag(StatusCode::NO_CONTENT.into_response(), &self.0.version);
        with_revision(response, revision)
    }

    fn body(self, status: StatusCode) -> Response {
        let mut response = with_etag(scim_json(status, &self.0.body), &self.0.version);
        // RFC 7644 section 3.3 asks for it on 201 only; it does no harm on the others.
        if let Ok(location) = HeaderValue::from_str(&self.0.location) {
            response.headers_mut().insert(LOCATION, location);
        }
        response
    }
}
