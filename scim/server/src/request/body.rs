//! The body of a request: its media type, its size, its JSON.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use cohort_scim::body;
use cohort_scim::limits::BODY_BYTES_MAX;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Refusal;
use crate::journal::Entry;

/// Media types of a SCIM body (RFC 7644 section 3.1 and 8.1).
const SCIM_TYPES: &[&str] = &["application/scim+json", "application/json"];

/// Media types of a management body.
const API_TYPES: &[&str] = &["application/json"];

/// The JSON value of a SCIM request's body.
#[derive(Debug)]
pub(crate) struct ScimBody(pub(crate) Value);

/// A management request's body, read into what it asks for.
#[derive(Debug)]
pub(crate) struct ApiBody<T>(pub(crate) T);

impl<S: Send + Sync> FromRequest<S> for ScimBody {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = bytes_of(request, state, SCIM_TYPES).await?;
        Ok(Self(body::read(&bytes)?))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ApiBody<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let bytes = bytes_of(request, state, API_TYPES).await?;
        if bytes.is_empty() {
            return Err(Refusal::EmptyBody);
        }
        // The reader of SCIM bodies refuses a field that is named twice, which serde would let pass.
        fields(body::read(&bytes)?).map(Self)
    }
}

/// The value that `body` describes; the types of management bodies refuse fields that they do not know.
fn fields<T: DeserializeOwned>(body: Value) -> Result<T, Refusal> {
    serde_path_to_error::deserialize(body).map_err(|error| {
        let path = error.path().to_string();
        Refusal::Field { path, cause: error.into_inner() }
    })
}

/// The bytes of the body, at most [`BODY_BYTES_MAX`], if it has one of `types` or does not say which it has.
async fn bytes_of<S: Send + Sync>(
    request: Request,
    state: &S,
    types: &'static [&'static str],
) -> Result<Bytes, Refusal> {
    check_media_type(request.headers(), types)?;
    let entry = Entry::of(request.extensions());
    let bytes = Bytes::from_request(request, state).await;
    bytes.inspect(|bytes| _ = entry.inspect(|entry| entry.set_body(bytes))).map_err(|rejection| {
        match rejection {
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
                Refusal::BodyTooLarge { bytes_max: BODY_BYTES_MAX }
            }
            _ => Refusal::BodyCutShort,
        }
    })
}

fn check_media_type(headers: &HeaderMap, types: &'static [&'static str]) -> Result<(), Refusal> {
    let Some(header) = headers.get(CONTENT_TYPE) else { return Ok(()) };
    let found = String::from_utf8_lossy(header.as_bytes());
    let essence = found.split(';').next().unwrap_or_default().trim();
    if types.iter().any(|one| one.eq_ignore_ascii_case(essence)) {
        return Ok(());
    }
    Err(Refusal::MediaType { found: found.as_ref().into(), expected: types })
}

#[cfg(test)]
mod tests;
