//! What the provisioning log needs to know of a request, gathered on its way in.
//!
//! The border puts an empty entry beside each SCIM request; whoever lets the caller in and whoever reads the body
//! fill it, and when the request is answered the border notes it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Extensions, Method, Uri};
use cohort_directory::Caller;
use cohort_directory::journal::Asked;

use crate::app::App;
use crate::error::Refusal;

/// What is known so far of one request; clones are the same entry.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entry {
    cells: Arc<Cells>,
}

#[derive(Debug, Default)]
struct Cells {
    caller: OnceLock<Caller>,
    body: OnceLock<Bytes>,
}

/// What the border sees of a request and its answer.
pub(crate) struct Seen<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) status: u16,
    pub(crate) took: Duration,
    pub(crate) rows: u64,
    pub(crate) refusal: Option<&'a Refusal>,
}

impl Entry {
    /// The entry of a request, if it has one.
    pub(crate) fn of(extensions: &Extensions) -> Option<Self> {
        extensions.get::<Self>().cloned()
    }

    /// Says who was let in.
    pub(crate) fn set_caller(&self, caller: &Caller) {
        // Only the first one counts; there is one.
        let _ = self.cells.caller.set(caller.clone());
    }

    /// Says what the request brought.
    pub(crate) fn set_body(&self, body: &Bytes) {
        let _ = self.cells.body.set(body.clone());
    }

    /// Notes the request in the log of its connection, if it has one.
    pub(crate) fn note(&self, app: &App, seen: &Seen<'_>) {
        let Some(caller) = self.cells.caller.get() else { return };
        let target = seen.uri.path_and_query().map_or("", |target| target.as_str());
        let below = target.split_once("/scim/v2").map_or(target, |(_, below)| below);
        app.directory().note_request(
            caller,
            Asked {
                method: seen.method.to_string(),
                path: below.to_owned(),
                status: seen.status,
                micros: u64::try_from(seen.took.as_micros()).unwrap_or(u64::MAX),
                error: seen.refusal.map(ToString::to_string),
                body: self.cells.body.get().map_or(&[], |body| body),
                rows: seen.rows,
                effort: caller.effort().clone(),
            },
        );
    }
}
