//! A decision as a number, which costs nothing to hand over: the words for it are on the other side.

use cohort_core::decide::{Decision, DenyReason, Outcome, Uncertainty};
use cohort_core::id::{Instant, Revision};

/// Not a decision: a number that belongs to nothing here.
pub(crate) const STALE: i32 = -1;
/// Not a number: what was refused is said.
pub(crate) const REFUSED: i32 = -2;

/// The number of a reason as in `docs/raw-abi.md`, Answer: 0 allows, what is below 32 denies, the rest is uncertain.
pub(crate) const fn code(decision: &Decision) -> i32 {
    match decision.outcome {
        Outcome::Allow => 0,
        Outcome::Deny(DenyReason::UnknownUser) => 1,
        Outcome::Deny(DenyReason::UnknownPermission) => 2,
        Outcome::Deny(DenyReason::MalformedScope) => 3,
        Outcome::Deny(DenyReason::OrgDisabled) => 4,
        Outcome::Deny(DenyReason::InactiveUser) => 5,
        Outcome::Deny(DenyReason::DeniedBy(_)) => 6,
        Outcome::Deny(DenyReason::ConditionRequired(_)) => 7,
        Outcome::Deny(DenyReason::NoPath) => 8,
        Outcome::Indeterminate(Uncertainty::Stale) => 32,
        Outcome::Indeterminate(Uncertainty::BeforeCreated) => 33,
        Outcome::Indeterminate(Uncertainty::RevisionNotReached) => 34,
        Outcome::Indeterminate(Uncertainty::AmbiguousSubject) => 35,
        Outcome::Indeterminate(Uncertainty::TooLarge) => 36,
        Outcome::Indeterminate(Uncertainty::OutsideCoverage) => 37,
    }
}

/// A revision as JavaScript counts; exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "2^53 changes of one organisation do not happen")]
pub(crate) const fn number(revision: Revision) -> f64 {
    revision.number() as f64
}

/// A moment as JavaScript counts; the end of time loses its last digits, which nobody compares.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of real dates are below 2^53")]
pub(crate) const fn millis(instant: Instant) -> f64 {
    instant.as_millis() as f64
}

/// A moment from JavaScript; a number past the range becomes its end.
#[expect(clippy::cast_possible_truncation, reason = "a moment at the end of time is answered as out of date")]
pub(crate) const fn instant(millis: f64) -> Instant {
    Instant::from_millis(millis as i64)
}

/// A revision from JavaScript.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the package hands over whole numbers from 0 to 2^53"
)]
pub(crate) const fn revision(number: f64) -> Revision {
    Revision::new(number as u64)
}
