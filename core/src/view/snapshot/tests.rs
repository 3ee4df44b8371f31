//! Facts that do not fit together, deltas that do not fit the state, and what a state forgets.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::{ApplyError, OpenError, Snapshot, StateError, Subject};
use crate::encode::{self, Validity};
use crate::id::{GrantId, GroupId, Instant, OrgId, Revision, RoleId, ScopeId, Span, UserId};
use crate::view::{
    Effect, Fact, FactChange, FactKey, Facts, GrantFact, GroupState, Member, Principal, Reach, Via,
    WireError, WireFault,
};

const ORG: OrgId = OrgId::from_u128(1);
const ADA: UserId = UserId::from_u128(1);
const TEAM: GroupId = GroupId::from_u128(2);
const READER: RoleId = RoleId::from_u128(3);
const AT: Revision = Revision::new(5);

fn scope(text: &str) -> ScopeId {
    ScopeId::parse(text).unwrap()
}

fn validity() -> Validity {
    Validity::from_now(Instant::from_millis(0), 900_000)
}

fn edge() -> (FactKey, Fact) {
    (FactKey::Edge(Member::User(ADA), TEAM, Via::Manual), Fact::Edge { spans: vec![Span::ALWAYS] })
}

fn user(name: &str) -> (FactKey, Fact) {
    (FactKey::User(ADA), Fact::User { name: name.into(), active: true })
}

fn grant() -> (FactKey, Fact) {
    let grant = GrantFact {
        role: READER,
        scope: scope("project:1"),
        reach: Reach::Subtree,
        effect: Effect::Allow,
        requires: Vec::new(),
        span: Span::ALWAYS,
    };
    (FactKey::Grant(Principal::Group(TEAM), GrantId::from_u128(4)), Fact::Grant(grant))
}

fn facts() -> Facts {
    let group = Fact::Group { slug: "team".into(), state: GroupState::Enabled };
    let role =
        Fact::Role { name: "reader".into(), permissions: vec![String::from("doc:read")], includes: vec![] };
    let org = (FactKey::Org, Fact::Org { enabled: true });
    [org, user("ada"), (FactKey::Group(TEAM), group), (FactKey::Role(READER), role), edge(), grant()].into()
}

fn bytes(facts: &Facts) -> Vec<u8> {
    encode::snapshot(ORG, AT, validity(), facts)
}

fn state() -> Snapshot {
    Snapshot::open(&bytes(&facts())).unwrap()
}

/// Bytes cannot name what is not there; facts that do are written so that the first byte behind the header is refused.
#[track_caller]
fn check_without(left_out: &[FactKey], expected: StateError) {
    let mut facts = facts();
    facts.retain(|key, _| !left_out.contains(key));
    let refused = WireError { offset: 63, fault: WireFault::Tag { found: 255 } };
    assert_eq!(Snapshot::open(&bytes(&facts)).unwrap_err(), OpenError::Wire(refused));
    let dropped = left_out.iter().map(|key| FactChange { key: key.clone(), fact: None }).collect();
    let delta = encode::delta(ORG, AT, AT.next(), validity(), &encode::merged([dropped]));
    assert_eq!(state().apply(&delta), Err(ApplyError::State(expected)));
}

#[test]
fn what_a_fact_names_has_a_fact() {
    check_without(&[FactKey::Org], StateError::NoOrg);
    check_without(&[FactKey::User(ADA)], StateError::UnknownUser(ADA));
    check_without(&[FactKey::Role(READER)], StateError::UnknownRole(READER));
    check_without(&[FactKey::Group(TEAM), grant().0], StateError::UnknownGroup(TEAM));
    check_without(&[FactKey::Group(TEAM), edge().0], StateError::UnknownGroup(TEAM));
    check_without(&[FactKey::User(ADA), edge().0, FactKey::Org], StateError::NoOrg);
}

#[test]
fn no_scope_lies_above_itself() {
    let mut facts = facts();
    for (below, above) in [("project:1", "area:1"), ("area:1", "project:1")] {
        facts.insert(FactKey::Scope(scope(below)), Fact::Scope { parents: vec![scope(above)] });
    }
    let refused = Snapshot::open(&bytes(&facts)).unwrap_err();
    let OpenError::State { cause, .. } = refused else { panic!("{refused}") };
    assert_eq!(cause, StateError::ScopeCycle(scope("area:1")));
}

#[test]
fn a_delta_is_no_snapshot_and_a_snapshot_no_delta() {
    let kind = WireError { offset: 6, fault: WireFault::Kind };
    let all: Vec<FactChange> =
        facts().into_iter().map(|(key, fact)| FactChange { key, fact: Some(fact) }).collect();
    let delta = encode::delta(ORG, Revision::default(), AT, validity(), &all);
    assert_eq!(Snapshot::open(&delta).unwrap_err(), OpenError::Wire(kind));
    let first = encode::snapshot(ORG, Revision::default(), validity(), &facts());
    let again = encode::snapshot(ORG, AT, validity(), &facts());
    assert_eq!(Snapshot::open(&first).unwrap().apply(&again), Err(ApplyError::Wire(kind)));
}

#[test]
fn a_delta_fits_the_organisation_and_the_revision() {
    let other = OrgId::from_u128(9);
    let apply = |org, from| state().apply(&encode::delta(org, from, Revision::new(9), validity(), &[]));
    assert_eq!(apply(ORG, AT), Ok(()));
    assert_eq!(apply(other, AT), Err(ApplyError::Org { expected: ORG, found: other }));
    for found in [Revision::new(4), Revision::new(6)] {
        assert_eq!(apply(ORG, found), Err(ApplyError::Base { expected: AT, found }));
    }
}

#[test]
fn a_role_is_found_by_a_name_that_one_role_has() {
    assert_eq!(state().role_named("reader"), Some(READER));
    assert_eq!(state().role_named("writer"), None);
    let other = FactKey::Role(RoleId::from_u128(99));
    let role = |name: &str| Fact::Role { name: name.into(), permissions: Vec::new(), includes: Vec::new() };
    let put = |fact| after(&[FactChange { key: other.clone(), fact }]);
    assert_eq!(put(Some(role("reader"))).role_named("reader"), None);
    assert_eq!(put(Some(role("writer"))).role_named("reader"), Some(READER));
    assert_eq!(put(None).role_named("reader"), Some(READER));
}

fn after(changes: &[FactChange]) -> Snapshot {
    let mut state = state();
    state.apply(&encode::delta(ORG, AT, AT.next(), validity(), changes)).unwrap();
    state
}

#[test]
fn a_subject_is_an_id_that_is_there_or_a_present_name() {
    assert_eq!(state().subject(&alloc::format!("{ADA}")), Subject::User(ADA));
    assert_eq!(state().subject("00000000-0000-0000-0000-00000000000f"), Subject::Unknown);
    let (key, fact) = user("ada.lovelace");
    let renamed = after(&[FactChange { key, fact: Some(fact) }]);
    assert_eq!(renamed.subject("ada.lovelace"), Subject::User(ADA));
    assert_eq!(renamed.subject("ada"), Subject::Unknown);
}

#[test]
fn permissions_and_scopes_are_forgotten_with_the_last_that_names_them() {
    assert!(state().knows_permission("doc:read") && state().knows_scope(&scope("project:1")));
    let dropped = |key| FactChange { key, fact: None };
    let revoked = after(&[dropped(grant().0)]);
    assert!(revoked.knows_permission("doc:read") && !revoked.knows_scope(&scope("project:1")));
    let gone = after(&[dropped(FactKey::Role(READER)), dropped(grant().0)]);
    assert!(!gone.knows_permission("doc:read"));
}
