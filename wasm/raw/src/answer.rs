//! Answers as hosts read them (`docs/raw-abi.md`, Answer).

use cohort_core::decide::{Decision, DenyReason, Outcome, Uncertainty};

/// Bytes of an answer.
pub const ANSWER_BYTES: usize = 24;

/// The record of `decision`: outcome, reason, padding, revision, moment up to which it holds.
#[must_use]
pub fn to_bytes(decision: &Decision) -> [u8; ANSWER_BYTES] {
    let (outcome, reason) = codes(&decision.outcome);
    let head = u64::from(outcome) | u64::from(reason) << 8;
    let words = [head, decision.revision.number(), decision.valid_until.as_millis().cast_unsigned()];
    let mut bytes = [0; ANSWER_BYTES];
    for (to, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(words) {
        *to = word.to_le_bytes();
    }
    bytes
}
/// The number of an outcome: 1 for allow, the only yes.
#[must_use]
pub fn outcome_code(outcome: &Outcome) -> i32 {
    i32::from(codes(outcome).0)
}

/// Outcome and reason. No outcome is 0, so that a record that was never written says nothing.
const fn codes(outcome: &Outcome) -> (u8, u8) {
    match outcome {
        Outcome::Allow => (1, 0),
        Outcome::Deny(reason) => (2, deny_code(reason)),
        Outcome::Indeterminate(why) => (3, uncertainty_code(*why)),
    }
}

const fn deny_code(reason: &DenyReason) -> u8 {
    match reason {
        DenyReason::UnknownUser => 1,
        DenyReason::UnknownPermission => 2,
        DenyReason::MalformedScope => 3,
        DenyReason::OrgDisabled => 4,
        DenyReason::InactiveUser => 5,
        DenyReason::DeniedBy(_) => 6,
        DenyReason::ConditionRequired(_) => 7,
        DenyReason::NoPath => 8,
    }
}

const fn uncertainty_code(why: Uncertainty) -> u8 {
    match why {
        Uncertainty::Stale => 32,
        Uncertainty::BeforeCreated => 33,
        Uncertainty::RevisionNotReached => 34,
        Uncertainty::AmbiguousSubject => 35,
        Uncertainty::TooLarge => 36,
        Uncertainty::OutsideCoverage => 37,
    }
}

#[cfg(test)]
mod tests;
