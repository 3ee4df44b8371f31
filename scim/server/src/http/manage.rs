//! The management face, `/orgs/{org}/api/v1`, for administrators and their scripts.

pub(crate) mod access;
pub(crate) mod decisions;
pub(crate) mod groups;
pub(crate) mod members;
pub(crate) mod users;

use cohort_directory::Mode;

use crate::error::Refusal;
use crate::request::Query;

/// Whether the request is to leave a trace: `?dryRun=true` asks for its answer alone.
fn mode(query: &Query) -> Result<Mode, Refusal> {
    Ok(if query.flag("dryRun")? { Mode::DryRun } else { Mode::Commit })
}
