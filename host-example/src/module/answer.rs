//! Answers in the module's form (`docs/raw-abi.md`, Answer).

use cohort_core::decide::Uncertainty;
use cohort_core::id::{Instant, Revision};

use super::error::ModuleError;

/// Bytes of an answer.
pub(super) const BYTES: usize = 24;

/// An answer of the module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Yes, no, or not known.
    pub outcome: Outcome,
    /// The revision that answered.
    pub revision: Revision,
    /// The answer holds up to this moment, as long as no news arrives.
    pub valid_until: Instant,
}

/// Yes, no, or not known; whatever is not [`Outcome::Allow`] is a no.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Yes.
    Allow,
    /// No.
    Deny(Denial),
    /// This state cannot say.
    Indeterminate(Uncertainty),
}

/// Why not; the explanation has the names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Denial {
    /// No user of this id or name.
    UnknownUser,
    /// No role has this permission.
    UnknownPermission,
    /// The scope in the question is not one.
    MalformedScope,
    /// The organisation is disabled.
    OrgDisabled,
    /// The user is not active.
    InactiveUser,
    /// A deny grant holds.
    Denied,
    /// Allowed if the caller could assert more.
    ConditionRequired,
    /// Nothing gives it.
    NoPath,
}

impl Answer {
    pub(super) fn parse(bytes: [u8; BYTES]) -> Result<Self, ModuleError> {
        let ([head, revision, valid_until], _) = bytes.as_chunks::<8>() else {
            return Err(ModuleError::Answer { outcome: 0, reason: 0 });
        };
        let [outcome, reason, ..] = *head;
        let unknown = ModuleError::Answer { outcome, reason };
        Ok(Self {
            outcome: outcome_of(outcome, reason).ok_or(unknown)?,
            revision: Revision::new(u64::from_le_bytes(*revision)),
            valid_until: Instant::from_millis(i64::from_le_bytes(*valid_until)),
        })
    }
}

const fn outcome_of(outcome: u8, reason: u8) -> Option<Outcome> {
    Some(match (outcome, reason) {
        (1, 0) => Outcome::Allow,
        (2, 1) => Outcome::Deny(Denial::UnknownUser),
        (2, 2) => Outcome::Deny(Denial::UnknownPermission),
        (2, 3) => Outcome::Deny(Denial::MalformedScope),
        (2, 4) => Outcome::Deny(Denial::OrgDisabled),
        (2, 5) => Outcome::Deny(Denial::InactiveUser),
        (2, 6) => Outcome::Deny(Denial::Denied),
        (2, 7) => Outcome::Deny(Denial::ConditionRequired),
        (2, 8) => Outcome::Deny(Denial::NoPath),
        (3, 32) => Outcome::Indeterminate(Uncertainty::Stale),
        (3, 33) => Outcome::Indeterminate(Uncertainty::BeforeCreated),
        (3, 34) => Outcome::Indeterminate(Uncertainty::RevisionNotReached),
        (3, 35) => Outcome::Indeterminate(Uncertainty::AmbiguousSubject),
        (3, 36) => Outcome::Indeterminate(Uncertainty::TooLarge),
        (3, 37) => Outcome::Indeterminate(Uncertainty::OutsideCoverage),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
