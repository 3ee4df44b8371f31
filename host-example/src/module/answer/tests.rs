//! This host reads what the module writes, and nothing else.

use super::{Answer, Denial, Outcome};
use crate::module::ModuleError;
use cohort_core::decide::{self, ConditionSet, Decision, DenyReason, Uncertainty};
use cohort_core::id::{Instant, Revision, RoleId};
use cohort_raw::answer::to_bytes;

#[track_caller]
fn check(written: decide::Outcome, read: Outcome) {
    let (revision, valid_until) = (Revision::new(u64::MAX), Instant::from_millis(-7));
    let bytes = to_bytes(&Decision { outcome: written, revision, valid_until });
    assert_eq!(Answer::parse(bytes).unwrap(), Answer { outcome: read, revision, valid_until });
}

#[test]
fn every_outcome_is_read() {
    check(decide::Outcome::Allow, Outcome::Allow);
    let denials = [
        (DenyReason::UnknownUser, Denial::UnknownUser),
        (DenyReason::UnknownPermission, Denial::UnknownPermission),
        (DenyReason::MalformedScope, Denial::MalformedScope),
        (DenyReason::OrgDisabled, Denial::OrgDisabled),
        (DenyReason::InactiveUser, Denial::InactiveUser),
        (DenyReason::DeniedBy(RoleId::from_u128(1)), Denial::Denied),
        (DenyReason::ConditionRequired(ConditionSet::default()), Denial::ConditionRequired),
        (DenyReason::NoPath, Denial::NoPath),
    ];
    for (written, read) in denials {
        check(decide::Outcome::Deny(written), Outcome::Deny(read));
    }
    let uncertain = [
        Uncertainty::Stale,
        Uncertainty::BeforeCreated,
        Uncertainty::RevisionNotReached,
        Uncertainty::AmbiguousSubject,
        Uncertainty::TooLarge,
        Uncertainty::OutsideCoverage,
    ];
    for why in uncertain {
        check(decide::Outcome::Indeterminate(why), Outcome::Indeterminate(why));
    }
}

#[test]
fn numbers_without_a_case_are_no_answer() {
    for (outcome, reason) in [(0, 0), (1, 1), (2, 0), (2, 9), (3, 1), (4, 0)] {
        let mut bytes = [0; super::BYTES];
        bytes[..2].copy_from_slice(&[outcome, reason]);
        let refused = Answer::parse(bytes);
        assert!(matches!(refused, Err(ModuleError::Answer { .. })), "{outcome} {reason}");
    }
}
