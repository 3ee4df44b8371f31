//! The record, byte by byte.

use super::to_bytes;
use cohort_core::decide::{ConditionSet, Decision, DenyReason, Outcome, Uncertainty};
use cohort_core::id::{Instant, Revision, RoleId};

#[track_caller]
fn check(outcome: Outcome, codes: [u8; 2]) {
    let valid_until = Instant::from_millis(-2);
    let bytes = to_bytes(&Decision { outcome, revision: Revision::new(0x0102), valid_until });
    assert_eq!(bytes[..2], codes);
    assert_eq!(bytes[2..8], [0; 6]);
    assert_eq!(bytes[8..16], [2, 1, 0, 0, 0, 0, 0, 0]);
    assert_eq!(bytes[16..], [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
}

#[test]
fn every_outcome_has_its_codes() {
    check(Outcome::Allow, [1, 0]);
    let denials = [
        DenyReason::UnknownUser,
        DenyReason::UnknownPermission,
        DenyReason::MalformedScope,
        DenyReason::OrgDisabled,
        DenyReason::InactiveUser,
        DenyReason::DeniedBy(RoleId::from_u128(1)),
        DenyReason::ConditionRequired(ConditionSet::default()),
        DenyReason::NoPath,
    ];
    for (reason, code) in denials.into_iter().zip(1..) {
        check(Outcome::Deny(reason), [2, code]);
    }
    let uncertain = [
        Uncertainty::Stale,
        Uncertainty::BeforeCreated,
        Uncertainty::RevisionNotReached,
        Uncertainty::AmbiguousSubject,
        Uncertainty::TooLarge,
        Uncertainty::OutsideCoverage,
    ];
    for (why, code) in uncertain.into_iter().zip(32..) {
        check(Outcome::Indeterminate(why), [3, code]);
    }
}
