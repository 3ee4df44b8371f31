//! The core's answers and errors in the words of the world.

use alloc::string::{String, ToString};

use cohort_core::decide::{AmbiguousName, Decision, DenyReason, Outcome, StaleHandle, Uncertainty};
use cohort_core::id::IdError;
use cohort_core::limits::CONDITIONS_MAX;
use cohort_core::view::{ApplyError, OpenError, WireError, WireFault};
use cohort_core::who_can::WhoCanError;

use crate::bindings::exports::cohort::decisions::access::{self, Answer, Error, ErrorCode};

pub(crate) fn answer(decision: &Decision) -> Answer {
    let outcome = match decision.outcome {
        Outcome::Allow => access::Outcome::Allow,
        Outcome::Deny(reason) => access::Outcome::Deny(deny_reason(reason)),
        Outcome::Indeterminate(why) => access::Outcome::Indeterminate(uncertainty(why)),
    };
    Answer { outcome, revision: decision.revision.number(), valid_until: decision.valid_until.as_millis() }
}

const fn deny_reason(reason: DenyReason) -> access::DenyReason {
    match reason {
        DenyReason::UnknownUser => access::DenyReason::UnknownUser,
        DenyReason::UnknownPermission => access::DenyReason::UnknownPermission,
        DenyReason::MalformedScope => access::DenyReason::MalformedScope,
        DenyReason::OrgDisabled => access::DenyReason::OrgDisabled,
        DenyReason::InactiveUser => access::DenyReason::InactiveUser,
        DenyReason::DeniedBy(_) => access::DenyReason::DeniedBy,
        DenyReason::ConditionRequired(_) => access::DenyReason::ConditionRequired,
        DenyReason::NoPath => access::DenyReason::NoPath,
    }
}

const fn uncertainty(why: Uncertainty) -> access::Uncertainty {
    match why {
        Uncertainty::Stale => access::Uncertainty::Stale,
        Uncertainty::BeforeCreated => access::Uncertainty::BeforeCreated,
        Uncertainty::RevisionNotReached => access::Uncertainty::RevisionNotReached,
        Uncertainty::AmbiguousSubject => access::Uncertainty::AmbiguousSubject,
        Uncertainty::TooLarge => access::Uncertainty::TooLarge,
        Uncertainty::OutsideCoverage => access::Uncertainty::OutsideCoverage,
    }
}

pub(crate) fn open_error(cause: &OpenError) -> Error {
    let code = match cause {
        OpenError::Wire(cause) => wire_code(*cause),
        OpenError::State { .. } => ErrorCode::Contradictory,
    };
    Error { code, message: cause.to_string() }
}

pub(crate) fn apply_error(cause: &ApplyError) -> Error {
    let code = match cause {
        ApplyError::Wire(cause) => wire_code(*cause),
        ApplyError::State(_) => ErrorCode::Contradictory,
        ApplyError::Org { .. } => ErrorCode::WrongOrg,
        ApplyError::Base { .. } => ErrorCode::WrongBase,
        ApplyError::Older => ErrorCode::Older,
        ApplyError::Names => ErrorCode::WrongNames,
        ApplyError::Slice => ErrorCode::Slice,
    };
    Error { code, message: cause.to_string() }
}

const fn wire_code(cause: WireError) -> ErrorCode {
    match cause.fault {
        WireFault::Version { .. } => ErrorCode::UnknownVersion,
        WireFault::Kind => ErrorCode::WrongKind,
        _ => ErrorCode::Malformed,
    }
}

pub(crate) fn list_error(cause: WhoCanError) -> Error {
    let code = match cause {
        WhoCanError::Stale => ErrorCode::Stale,
        WhoCanError::Slice => ErrorCode::Slice,
    };
    Error { code, message: cause.to_string() }
}

pub(crate) fn id_error(cause: &IdError) -> Error {
    Error { code: ErrorCode::NotAnId, message: cause.to_string() }
}

pub(crate) fn ambiguous() -> Error {
    Error { code: ErrorCode::AmbiguousName, message: AmbiguousName.to_string() }
}

pub(crate) fn stale() -> Error {
    Error { code: ErrorCode::Stale, message: StaleHandle.to_string() }
}

/// Refuses more conditions than a grant may require.
pub(crate) fn expect_few(conditions: &[String]) -> Result<(), Error> {
    let found = conditions.len();
    if found <= CONDITIONS_MAX {
        return Ok(());
    }
    let message = alloc::format!("{found} conditions; expected at most {CONDITIONS_MAX}");
    Err(Error { code: ErrorCode::TooManyConditions, message })
}
