//! The names of refusals, which are the same in every face.

use cohort_core::view::{ApplyError, OpenError, WireError, WireFault};
use cohort_verify::VerifyError;

/// Why bytes are not opened.
#[must_use]
pub fn of_open(cause: &OpenError) -> &'static str {
    match cause {
        OpenError::Wire(cause) => of_wire(*cause),
        OpenError::State { .. } => "contradictory",
    }
}

/// Why a delta is not applied.
#[must_use]
pub fn of_apply(cause: &ApplyError) -> &'static str {
    match cause {
        ApplyError::Wire(cause) => of_wire(*cause),
        ApplyError::State(_) => "contradictory",
        ApplyError::Org { .. } => "wrong_org",
        ApplyError::Base { .. } => "wrong_base",
        ApplyError::Older => "older",
        ApplyError::Names => "wrong_names",
        ApplyError::Slice => "slice",
    }
}

fn of_wire(cause: WireError) -> &'static str {
    match cause.fault {
        WireFault::Version { .. } => "unknown_version",
        WireFault::Kind => "wrong_kind",
        _ => "malformed",
    }
}

/// Why an envelope is not taken.
#[must_use]
pub fn of_verify(cause: &VerifyError) -> &'static str {
    match cause {
        VerifyError::Envelope(_) => "malformed",
        VerifyError::UnknownKey(_) => "unknown_key",
        VerifyError::Signature => "bad_signature",
    }
}

/// The name of what the raw module refuses with this number (`docs/raw-abi.md`, Errors); none for other numbers.
#[must_use]
pub fn of_raw(number: i32) -> Option<&'static str> {
    Some(match number {
        -16 => "malformed",
        -17 => "unknown_version",
        -18 => "wrong_kind",
        -19 => "contradictory",
        -20 => "wrong_org",
        -21 => "wrong_base",
        -22 => "older",
        -23 => "wrong_names",
        -24 => "slice",
        _ => return None,
    })
}
