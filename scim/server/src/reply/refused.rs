//! Refusals as answers.
//!
//! Handlers, extractors and layers give a [`Refusal`]; it travels as an extension of an empty response, and the
//! border gives it the body that clients of the face know. So there is one place where errors get their shape.

use std::sync::Arc;

use axum::http::header::{CONTENT_LENGTH, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use cohort_scim::ScimError;
use cohort_scim::error::ERROR_SCHEMA;
use serde_json::{Value, json};

use crate::error::Refusal;
use crate::reply::{JSON, json_as, scim_json};

const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer realm=\"cohort\"");

/// Seconds after which a client that was too slow, or that we were too slow for, may try again.
const RETRY_SECONDS: u64 = 5;

/// A family of routes with one shape of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// RFC 7644 section 3.12.
    Scim,
    /// `{"error": {"code", "message", "hint"}}`.
    Api,
}

impl Face {
    /// The face that a path belongs to, whether or not it has a route.
    pub(crate) fn of(path: &str) -> Self {
        let mut parts = path.trim_start_matches('/').split('/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("orgs"), Some(_), Some("scim")) => Self::Scim,
            _ => Self::Api,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// The refusal that `response` carries, if it is one.
pub(crate) fn refusal_of(response: &Response) -> Option<Arc<Refusal>> {
    response.extensions().get::<Arc<Refusal>>().cloned()
}

/// The answer that says `refusal` in the words of `face`; `kept` are headers of the bare refusal.
pub(crate) fn shaped(refusal: &Refusal, face: Face, kept: HeaderMap) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match face {
        Face::Scim => scim_json(status, &scim_body(refusal)),
        Face::Api => json_as(status, JSON, &api_body(refusal)),
    };
    // `Allow` of a 405, above all.
    for (name, value) in kept {
        if let Some(name) = name
            && !response.headers().contains_key(&name)
            && name != CONTENT_LENGTH
        {
            response.headers_mut().insert(name, value);
        }
    }
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, CHALLENGE);
    }
    let retry_seconds = match refusal {
        Refusal::TooFast { retry_seconds, .. } => Some(*retry_seconds),
        _ if status == StatusCode::SERVICE_UNAVAILABLE => Some(RETRY_SECONDS),
        _ => None,
    };
    if let Some(seconds) = retry_seconds {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn api_body(refusal: &Refusal) -> Value {
    let code = refusal.code();
    match refusal.message_and_hint() {
        (message, Some(hint)) => json!({ "error": { "code": code, "message": message, "hint": hint } }),
        (message, None) => json!({ "error": { "code": code, "message": message } }),
    }
}

fn scim_body(refusal: &Refusal) -> Value {
    match refusal {
        Refusal::Scim(error) => error.to_json(),
        Refusal::Unauthenticated => ScimError::Unauthorized.to_json(),
        Refusal::Method { method } => ScimError::MethodNotAllowed { method: method.clone() }.to_json(),
        Refusal::UnknownPath { path } => ScimError::NoEndpoint { path: path.clone() }.to_json(),
        other => {
            let status = other.status().to_string();
            json!({ "schemas": [ERROR_SCHEMA], "status": status, "detail": other.to_string() })
        }
    }
}
