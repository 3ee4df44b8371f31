//! Who owns a group, and when the last owner may go.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::{Graph, group, nested, user};
use crate::change::Change;
use crate::graph::GraphError;
use crate::id::{GroupId, Instant, OrgId, Span, UserId};
use crate::model::EdgeKey;
use crate::view::{Member, Via};

const ADA: UserId = UserId::from_u128(1);
const BOB: UserId = UserId::from_u128(2);
const TEAM: GroupId = GroupId::from_u128(10);
const NOW: Instant = Instant::from_millis(50);

fn edge(user: UserId, via: Via) -> EdgeKey {
    EdgeKey::include(TEAM, Member::User(user), via)
}

fn own(user: UserId, span: Span) -> Change {
    Change::SetOwner { group: TEAM, user, span }
}

fn until(millis: i64) -> Span {
    Span::new(None, Some(Instant::from_millis(millis))).unwrap()
}

/// The team of Ada, who owns it, and what `changes` add.
fn team(changes: &[Change]) -> Graph {
    let mut graph = Graph::new(OrgId::from_u128(9));
    let first = [user(1, ""), user(2, ""), group(10, None), group(11, None), own(ADA, Span::ALWAYS)];
    for change in first.iter().chain(changes) {
        graph.apply(change).unwrap();
    }
    graph
}

#[test]
fn an_owner_is_a_member_and_the_facts_are_a_members() {
    let mut graph = team(&[nested(10, 11)]);
    assert_eq!(graph.owners(TEAM, NOW).collect::<Vec<_>>(), [ADA]);
    assert_eq!(graph.users_in(TEAM, NOW), BTreeSet::from([ADA]));
    let owned = graph.facts().clone();
    let applied = graph.apply(&Change::SetEdge(edge(ADA, Via::Manual), Span::ALWAYS)).unwrap();
    assert_eq!((applied.facts, applied.inverse), (Vec::new(), alloc::vec![own(ADA, Span::ALWAYS)]));
    assert_eq!(graph.facts(), &owned);
    assert!(!graph.owns(ADA, TEAM, NOW));
}

#[test]
fn owning_ends_with_its_edge_and_goes_no_further() {
    let mut graph = team(&[nested(10, 11), own(BOB, until(50))]);
    assert!(graph.owns(BOB, TEAM, Instant::from_millis(49)) && !graph.owns(BOB, TEAM, NOW));
    assert!(!graph.owns(ADA, GroupId::from_u128(11), NOW), "the group above is not hers");
    assert!(graph.is_last_owner(ADA, TEAM, NOW) && !graph.is_last_owner(BOB, TEAM, NOW));
    assert!(!graph.is_last_owner(ADA, TEAM, Instant::from_millis(49)));
    let applied = graph.apply(&Change::RemoveUser(ADA)).unwrap();
    assert_eq!(graph.owners(TEAM, NOW).count(), 0);
    for inverse in &applied.inverse {
        graph.apply(inverse).unwrap();
    }
    assert!(graph.owns(ADA, TEAM, NOW));
}

/// Whether Ada may go, be a plain member and end her time, with `changes` told before: all three, or none.
#[track_caller]
fn check_leaving(changes: &[Change], expected: &Result<(), GraphError>) {
    let graph = team(changes);
    for leave in [
        Change::RemoveEdge(edge(ADA, Via::Manual)),
        Change::SetEdge(edge(ADA, Via::Manual), Span::ALWAYS),
        own(ADA, until(50)),
    ] {
        assert_eq!(graph.check_owner_stays(&leave, NOW), *expected, "{leave:?}");
        assert!(graph.clone().apply(&leave).is_ok(), "an administrator may: {leave:?}");
    }
}

#[test]
fn the_last_owner_stays_while_there_are_members() {
    let refused = Err(GraphError::LastOwner(TEAM));
    let bob = |via, span| Change::SetEdge(edge(BOB, via), span);
    check_leaving(&[], &Ok(()));
    check_leaving(&[bob(Via::Manual, Span::ALWAYS)], &refused);
    check_leaving(&[bob(Via::Scim, Span::ALWAYS)], &refused);
    check_leaving(&[nested(11, 10)], &refused);
    check_leaving(&[group(10, Some("department IS NULL"))], &refused);
    check_leaving(&[bob(Via::Manual, until(50))], &Ok(()));
    check_leaving(&[own(BOB, until(51))], &Ok(()));
    check_leaving(&[own(BOB, until(50)), bob(Via::Scim, Span::ALWAYS)], &refused);
    check_leaving(&[Change::SetEdge(edge(ADA, Via::Scim), Span::ALWAYS)], &Ok(()));
}

#[test]
fn whoever_is_no_last_owner_may_go() {
    let graph = team(&[own(BOB, Span::ALWAYS)]);
    let gone = Change::RemoveEdge(edge(BOB, Via::Manual));
    assert_eq!(graph.check_owner_stays(&gone, NOW), Ok(()));
    let graph = team(&[Change::SetEdge(edge(BOB, Via::Manual), Span::ALWAYS)]);
    assert_eq!(graph.check_owner_stays(&gone, NOW), Ok(()));
    assert_eq!(graph.check_owner_stays(&own(ADA, until(60)), NOW), Ok(()), "still there");
}

#[test]
fn only_somebody_there_owns_only_something_there() {
    let mut graph = team(&[]);
    let (nobody, nothing) = (UserId::from_u128(99), GroupId::from_u128(99));
    let refused = graph.apply(&Change::SetOwner { group: TEAM, user: nobody, span: Span::ALWAYS });
    assert_eq!(refused, Err(GraphError::UnknownUser(nobody)));
    let refused = graph.apply(&Change::SetOwner { group: nothing, user: ADA, span: Span::ALWAYS });
    assert_eq!(refused, Err(GraphError::UnknownGroup(nothing)));
}
