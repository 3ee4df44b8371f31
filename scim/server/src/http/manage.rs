//! The management face, `/orgs/{org}/api/v1`, for administrators and their scripts.

pub(crate) mod collection;
pub(crate) mod connections;
pub(crate) mod decisions;
pub(crate) mod members;
pub(crate) mod org;
pub(crate) mod requests;
pub(crate) mod scopes;

use cohort_directory::Mode;

use crate::error::Refusal;
use crate::request::Query;

/// Whether the request is to leave a trace: `?dryRun=true` asks for its answer alone.
fn mode(query: &Query) -> Result<Mode, Refusal> {
    Ok(if query.flag("dryRun")? { Mode::DryRun } else { Mode::Commit })
}
