//! What the oracle expects, in the words of both sides, and how answers differ.

use std::fmt;

use cohort_core::decide::{DenyReason, Outcome, Uncertainty};
use cohort_core::limits::CLOCK_SKEW_MILLIS;
use cohort_core::view::Snapshot;
use cohort_oracle::Reason;

use super::oracle::Oracle;
use super::question::{BORN, Question, STALE};

/// The answer that a question must get.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Expected {
    /// What the oracle says.
    Resolved(Reason),
    /// The oracle is asked about scopes only; the gates before the scope are the oracle's.
    MalformedScope,
    /// What follows from when and of what the bytes were made, which the oracle knows nothing of.
    Uncertain(Uncertainty),
}

impl Expected {
    /// What `oracle` expects of a product that was told its world at [`BORN`] and may use it until [`STALE`].
    pub(super) fn of(oracle: &Oracle, question: &Question) -> Self {
        if question.of_later_revision {
            return Self::Uncertain(Uncertainty::RevisionNotReached);
        }
        if question.at >= STALE {
            return Self::Uncertain(Uncertainty::Stale);
        }
        if question.at < BORN - CLOCK_SKEW_MILLIS {
            return Self::Uncertain(Uncertainty::BeforeCreated);
        }
        let Some(user) = question.user_in(oracle.world()) else {
            return Self::Uncertain(Uncertainty::AmbiguousSubject);
        };
        match oracle.decide(&question.of_oracle(user)) {
            gate @ (Reason::UnknownUser
            | Reason::InactiveUser
            | Reason::OrgDisabled
            | Reason::UnknownPermission) => Self::Resolved(gate),
            _ if question.has_malformed_scope() => Self::MalformedScope,
            reason => Self::Resolved(reason),
        }
    }

    /// Whether the product's answer, on `snapshot`, is this one.
    pub(super) fn is_met_by(&self, found: &Outcome, snapshot: &Snapshot) -> bool {
        match (self, found) {
            (Self::Uncertain(expected), Outcome::Indeterminate(found)) => expected == found,
            (Self::MalformedScope, Outcome::Deny(found)) => *found == DenyReason::MalformedScope,
            (Self::Resolved(Reason::TooManyGroups), Outcome::Indeterminate(found)) => {
                *found == Uncertainty::TooLarge
            }
            (Self::Resolved(Reason::Path(_)), Outcome::Allow) => true,
            (Self::Resolved(expected), Outcome::Deny(found)) => is_same_denial(expected, found, snapshot),
            _ => false,
        }
    }

    /// Whether both are the same answer, perhaps for other paths.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Resolved(Reason::Path(_)), Self::Resolved(Reason::Path(_))) => true,
            _ => self == other,
        }
    }
}

fn is_same_denial(expected: &Reason, found: &DenyReason, snapshot: &Snapshot) -> bool {
    match (expected, found) {
        (Reason::UnknownUser, DenyReason::UnknownUser)
        | (Reason::InactiveUser, DenyReason::InactiveUser)
        | (Reason::OrgDisabled, DenyReason::OrgDisabled)
        | (Reason::UnknownPermission, DenyReason::UnknownPermission)
        | (Reason::NoPath, DenyReason::NoPath) => true,
        (Reason::DeniedBy(name), DenyReason::DeniedBy(role)) => snapshot.role_name(*role) == Some(name),
        (Reason::ConditionRequired(expected), DenyReason::ConditionRequired(found)) => {
            *expected == found.names(snapshot)
        }
        _ => false,
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resolved(reason) => write!(out, "{}: {reason}", reason.outcome()),
            Self::MalformedScope => out.write_str("deny: malformed scope"),
            Self::Uncertain(Uncertainty::Stale) => out.write_str("indeterminate: stale"),
            Self::Uncertain(Uncertainty::BeforeCreated) => out.write_str("indeterminate: before created"),
            Self::Uncertain(Uncertainty::RevisionNotReached) => {
                out.write_str("indeterminate: revision not reached")
            }
            Self::Uncertain(Uncertainty::AmbiguousSubject) => {
                out.write_str("indeterminate: ambiguous subject")
            }
            Self::Uncertain(Uncertainty::TooLarge) => out.write_str("indeterminate: too large"),
            Self::Uncertain(Uncertainty::OutsideCoverage) => out.write_str("indeterminate: outside coverage"),
        }
    }
}

/// What two ways to the same thing differ in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// The delta of a change could not be applied.
    Delta,
    /// A fresh snapshot could not be opened.
    Snapshot,
    /// The facts after the deltas are not those of a fresh snapshot.
    Facts,
    /// The product's owners of a group are not the oracle's.
    Owners,
    /// The product answers otherwise than the oracle.
    Answer,
    /// The state after the deltas answers otherwise than a fresh snapshot.
    Delayed,
    /// By handles the answer is another one than by names.
    Handle,
    /// A selected user may do otherwise than the same user asked about.
    Selection,
    /// A slice answers otherwise than the snapshot that it was made of.
    Slice,
    /// The module in wasm answers otherwise than the native core.
    Module,
    /// The answer changes before the moment up to which it was said to hold.
    ValidUntil,
    /// The product explains otherwise than the oracle.
    Explanation,
}

/// A difference, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// In what.
    pub trouble: Trouble,
    /// What the oracle, or the fresh state, says.
    pub expected: String,
    /// What the product, or the state after deltas, says.
    pub found: String,
}

impl Difference {
    /// Whether both are of the same kind, as far as their first words tell.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let lead = |text: &str| {
            let words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
            words.take(2).map(str::to_owned).collect::<Vec<_>>()
        };
        self.trouble == other.trouble
            && lead(&self.expected) == lead(&other.expected)
            && lead(&self.found) == lead(&other.found)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}: expected {}; found {}", self.trouble, self.expected, self.found)
    }
}
