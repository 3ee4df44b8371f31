//! Who calls, and for what: one extractor per face, each of which only lets its own tokens in.
//!
//! A handler that takes one of them cannot be reached without a token; there is no other way to a [`Caller`].

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use cohort_directory::{Access, Caller};

use crate::app::App;
use crate::error::Refusal;
use crate::journal::Entry;

/// An administrator, in the organisation of the path.
#[derive(Debug)]
pub(crate) struct Admin(pub(crate) Caller);

/// Whoever may follow the feed of the organisation of the path: an edge, or an administrator.
#[derive(Debug)]
pub(crate) struct Follower(pub(crate) Caller);

/// An identity provider's connection, in the organisation of the path.
#[derive(Debug)]
pub(crate) struct Provider(pub(crate) Caller);

impl FromRequestParts<App> for Admin {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let caller = caller(parts, app).await?;
        match caller.access() {
            Access::Admin => Ok(Self(caller)),
            other => Err(wrong(other, "admin")),
        }
    }
}

impl FromRequestParts<App> for Follower {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let caller = caller(parts, app).await?;
        match caller.access() {
            Access::Edge | Access::Admin => Ok(Self(caller)),
            other @ Access::Scim(_) => Err(wrong(other, "edge")),
        }
    }
}

impl FromRequestParts<App> for Provider {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let caller = caller(parts, app).await?;
        match caller.access() {
            Access::Scim(_) => {
                Entry::of(&parts.extensions).inspect(|entry| entry.set_caller(&caller));
                Ok(Self(caller))
            }
            other => Err(wrong(other, "scim")),
        }
    }
}

async fn caller(parts: &mut Parts, app: &App) -> Result<Caller, Refusal> {
    bearer(&parts.headers).ok_or(Refusal::Unauthenticated)?;
    let org = path_part(parts, "org").await?;
    let token = bearer(&parts.headers).ok_or(Refusal::Unauthenticated)?;
    app.here(|directory| directory.caller(token, &org)).map_err(Refusal::from)
}

/// The token of `Authorization: Bearer TOKEN` (RFC 6750 section 2.1); the scheme in any case.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

fn wrong(found: &Access, expected: &'static str) -> Refusal {
    let found = match found {
        Access::Admin => "admin",
        Access::Edge => "edge",
        Access::Scim(_) => "scim",
    };
    Refusal::WrongPurpose { found, expected }
}

/// The decoded part of the path that the route calls `name`.
///
/// # Errors
/// [`Refusal::UnknownPath`] if the path does not decode to text: nothing has such a name.
pub(crate) async fn path_part(parts: &mut Parts, name: &str) -> Result<String, Refusal> {
    let unknown = |parts: &Parts| Refusal::UnknownPath { path: parts.uri.path().into() };
    let Ok(found) = RawPathParams::from_request_parts(parts, &()).await else { return Err(unknown(parts)) };
    let part = found.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
    part.ok_or_else(|| unknown(parts))
}

#[cfg(test)]
mod tests;
