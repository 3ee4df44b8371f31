//! The organisation itself.

use axum::extract::State;
use axum::response::Response;
use cohort_core::id::Revision;
use cohort_directory::{Caller, Directory, DirectoryError, Mode, OrgRef, Written};
use serde::{Deserialize, Serialize};

use super::mode;
use crate::app::App;
use crate::auth::Admin;
use crate::error::Refusal;
use crate::reply;
use crate::request::{ApiBody, Query};

/// What to change about the organisation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrgPatch {
    /// Whether anybody may be allowed anything.
    enabled: bool,
}

/// An organisation as administrators see it.
#[derive(Debug, Serialize)]
struct OrgView {
    id: String,
    slug: String,
    title: String,
    /// Whether anybody may be allowed anything.
    enabled: bool,
}

/// `GET /org`
pub(crate) async fn read(State(app): State<App>, Admin(caller): Admin) -> Result<Response, Refusal> {
    let (view, revision) = app
        .run(move |directory| {
            let state = directory.snapshot_state(&caller)?;
            let view = view(directory, &caller, state.org_enabled())?;
            Ok::<(OrgView, Revision), DirectoryError>((view, state.header().revision))
        })
        .await?;
    Ok(reply::with_revision(reply::json(&view), revision))
}

/// `PATCH /org`: disabling denies everybody everything, enabling gives back what was there.
pub(crate) async fn change(
    State(app): State<App>,
    Admin(caller): Admin,
    query: Query,
    ApiBody(OrgPatch { enabled }): ApiBody<OrgPatch>,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| set_enabled(directory, &caller, enabled, mode)).await?;
    Ok(reply::changed(&written))
}

fn set_enabled(
    directory: &Directory,
    caller: &Caller,
    enabled: bool,
    mode: Mode,
) -> Result<Written<OrgView>, DirectoryError> {
    let Written { revision, .. } = directory.set_org_enabled(caller, enabled, mode)?;
    Ok(Written { value: view(directory, caller, enabled)?, revision })
}

fn view(directory: &Directory, caller: &Caller, enabled: bool) -> Result<OrgView, DirectoryError> {
    let OrgRef { id, slug, title } = directory.org(caller.org_slug())?;
    Ok(OrgView { id: id.to_string(), slug, title, enabled })
}
