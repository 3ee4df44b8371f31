//! The parts of a path after the organisation.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::auth::path_part;
use crate::error::Refusal;

/// What the route calls `{id}`: the resource that the request is about.
#[derive(Debug)]
pub(crate) struct Id(pub(crate) String);

/// What the route calls `{member}`: a member of that resource.
#[derive(Debug)]
pub(crate) struct MemberId(pub(crate) String);

impl<S: Sync> FromRequestParts<S> for Id {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        path_part(parts, "id").await.map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for MemberId {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        path_part(parts, "member").await.map(Self)
    }
}
