//! Rules on managers, groups and the present, as the state changes around them.

use alloc::vec::Vec;

use super::{Graph, fold, group};
use crate::attribute::{Profile, Text};
use crate::change::Change;
use crate::id::{GroupId, Instant, OrgId, SourceId, Span, UserId};
use crate::limits::SPANS_MAX;
use crate::model::{EdgeKey, Group, User};
use crate::rule::Rule;
use crate::view::{Fact, FactKey, GroupState, Member, Via};

const NOW: Instant = Instant::from_millis(0);

fn person(id: u128, source: Option<u128>, fields: &[(&str, &[&str])]) -> User {
    let mut profile = Profile::new();
    for (field, values) in fields {
        profile.set(field, values.iter().map(|value| Text::folded_by(value, fold)).collect());
    }
    let user = User::new(UserId::from_u128(id), &alloc::format!("user{id}"));
    User { source: source.map(SourceId::from_u128), profile, ..user }
}

fn graph(changes: impl IntoIterator<Item = Change>) -> Graph {
    let mut graph = Graph::new(OrgId::from_u128(9));
    for change in changes {
        graph.apply(&change).unwrap();
    }
    graph
}

fn user(id: u128, manager: &str) -> Change {
    Change::SetUser(person(id, None, &[("manager", &[manager])]))
}

#[track_caller]
fn check(graph: &Graph, group: u128, members: &[u128]) {
    let users = graph.users_in(GroupId::from_u128(group), NOW);
    assert_eq!(users.into_iter().map(UserId::as_u128).collect::<Vec<_>>(), members);
}

#[test]
fn a_changed_manager_moves_everybody_below() {
    let mut graph = graph([
        group(10, Some("REPORTS TO USER1 DEEP")),
        group(11, Some("REPORTS TO user1")),
        user(1, ""),
        user(2, "User1"),
        user(3, "user2"),
        user(4, "user3"),
    ]);
    check(&graph, 10, &[2, 3, 4]);
    check(&graph, 11, &[2]);
    let applied = graph.apply(&user(2, "")).unwrap();
    assert_eq!(applied.moves.iter().filter(|one| !one.joined).count(), 4);
    check(&graph, 10, &[]);
    graph.apply(&user(3, "00000000-0000-0000-0000-000000000001")).unwrap();
    check(&graph, 10, &[3, 4]);
    check(&graph, 11, &[3]);
}

#[test]
fn a_manager_is_of_the_same_source_and_may_arrive_later() {
    let rule = group(10, Some("REPORTS TO user1"));
    let pushed = |id, source| Change::SetUser(person(id, source, &[("manager", &["user1"])]));
    let mut graph = graph([rule, pushed(2, Some(7)), pushed(3, None)]);
    check(&graph, 10, &[]);
    graph.apply(&Change::SetUser(person(1, Some(7), &[]))).unwrap();
    check(&graph, 10, &[2]);
    graph.apply(&Change::SetUser(person(1, None, &[]))).unwrap();
    check(&graph, 10, &[3]);
    graph.apply(&Change::RemoveUser(UserId::from_u128(1))).unwrap();
    check(&graph, 10, &[]);
}

#[test]
fn an_inactive_manager_counts() {
    let boss = User { active: false, ..person(1, None, &[]) };
    check(&graph([group(10, Some("REPORTS TO user1")), Change::SetUser(boss), user(2, "user1")]), 10, &[2]);
}

fn member(user: u128, group: u128) -> EdgeKey {
    EdgeKey::include(GroupId::from_u128(group), Member::User(UserId::from_u128(user)), Via::Manual)
}

fn nested(below: u128, above: u128) -> EdgeKey {
    EdgeKey::include(GroupId::from_u128(above), Member::Group(GroupId::from_u128(below)), Via::Manual)
}

#[test]
fn a_rule_on_a_group_follows_all_that_makes_its_members() {
    let mut graph = graph([
        user(1, ""),
        group(10, None),
        group(11, None),
        group(12, Some("MEMBER OF (group11)")),
        group(13, Some("MEMBER OF (nothing, Group12)")),
        Change::SetEdge(nested(10, 11), Span::ALWAYS),
    ]);
    check(&graph, 13, &[]);
    let applied = graph.apply(&Change::SetEdge(member(1, 10), Span::ALWAYS)).unwrap();
    assert_eq!(applied.moves.len(), 2);
    check(&graph, 13, &[1]);
    let disabled = Group { state: GroupState::Disabled, ..Group::new(GroupId::from_u128(11), "group11") };
    for (change, members) in [
        (Change::SetGroup(disabled), &[][..]),
        (group(11, None), &[1]),
        (Change::SetGroup(Group::new(GroupId::from_u128(11), "renamed")), &[]),
        (group(11, None), &[1]),
        (Change::RemoveEdge(nested(10, 11)), &[]),
        (Change::SetEdge(nested(10, 11), Span::ALWAYS), &[1]),
        (Change::RemoveGroup(GroupId::from_u128(10)), &[]),
    ] {
        graph.apply(&change).unwrap();
        check(&graph, 13, members);
        check(&graph, 12, members);
    }
}

/// Two rules that admit each other's members do not keep a user who came from outside and left again.
#[test]
fn rules_that_name_each_other_let_go() {
    let mut graph = graph([
        user(1, ""),
        group(10, None),
        group(11, Some("MEMBER OF (group10, group12)")),
        group(12, Some("MEMBER OF (group11)")),
        Change::SetEdge(member(1, 10), Span::ALWAYS),
    ]);
    check(&graph, 12, &[1]);
    graph.apply(&Change::RemoveEdge(member(1, 10))).unwrap();
    check(&graph, 11, &[]);
    check(&graph, 12, &[]);
}

#[test]
fn a_rule_on_a_group_holds_while_the_membership_does() {
    let at = Instant::from_millis;
    let span = |from, until| Span::new(Some(at(from)), Some(at(until))).unwrap();
    let mut graph = graph([
        user(1, ""),
        group(10, None),
        group(11, None),
        group(12, Some("MEMBER OF (group11) AND job IS NULL")),
        Change::SetEdge(member(1, 10), span(0, 20)),
        Change::SetEdge(nested(10, 11), span(10, 30)),
        Change::SetEdge(member(1, 11), span(40, 50)),
        Change::SetEdge(EdgeKey::exclude(GroupId::from_u128(12), UserId::from_u128(1)), span(12, 14)),
    ]);
    let key = FactKey::Edge(Member::User(UserId::from_u128(1)), GroupId::from_u128(12), Via::Rule);
    let spans = alloc::vec![span(10, 12), span(14, 20), span(40, 50)];
    assert_eq!(graph.facts().get(&key), Some(&Fact::Edge { spans }));
    let applied = graph.apply(&Change::SetEdge(member(1, 10), span(0, 18))).unwrap();
    assert_eq!((applied.facts.len(), applied.moves.len()), (2, 0));
}

#[test]
fn too_many_spans_pull_the_horizon_in() {
    let days: Vec<_> = (1..=20).map(|day| alloc::format!("1970-02-{day:02}")).collect();
    let days: Vec<&str> = days.iter().map(alloc::string::String::as_str).collect();
    let day = |number: i64| Instant::from_millis((30 + number) * 86_400_000);
    let mut graph = graph([
        Change::SetUser(person(1, None, &[("attr.shift", &days[..SPANS_MAX])])),
        group(10, Some("attr.shift = NOW")),
    ]);
    assert_eq!((graph.horizon(), graph.evaluate_at(day(3)).len()), (Instant::MAX, 0));
    graph.apply(&Change::SetUser(person(1, None, &[("attr.shift", &days)]))).unwrap();
    assert_eq!(graph.horizon(), day(19));
    check_at(&graph, day(3), true);
    check_at(&graph, day(2), false);
    assert_eq!(graph.evaluate_at(NOW).len(), 1);
    assert_eq!(graph.horizon(), day(17));
    check_at(&graph, day(16), true);
    assert_eq!((graph.evaluate_at(day(5)).len(), graph.horizon()), (1, Instant::MAX));
    check_at(&graph, day(20), true);
    graph.apply(&Change::RemoveUser(UserId::from_u128(1))).unwrap();
    assert_eq!(graph.horizon(), Instant::MAX);
}

#[track_caller]
fn check_at(graph: &Graph, at: Instant, inside: bool) {
    assert_eq!(graph.users_in(GroupId::from_u128(10), at).len(), usize::from(inside));
}

#[test]
fn a_preview_says_what_saving_does() {
    let mut graph =
        graph([user(1, ""), user(2, "user1"), user(3, "nobody"), group(10, Some("manager IS NULL"))]);
    let rule = Rule::parse("REPORTS TO user1", fold).unwrap();
    let preview = graph.preview(GroupId::from_u128(10), &rule, NOW);
    let ids = |users: &[UserId]| users.iter().map(|user| user.as_u128()).collect::<Vec<_>>();
    assert_eq!((ids(&preview.added.users), ids(&preview.removed.users)), (alloc::vec![2], alloc::vec![1]));
    assert_eq!(ids(&preview.unknown_by_field["manager"].users), [3]);
    graph.apply(&group(10, Some("REPORTS TO user1"))).unwrap();
    check(&graph, 10, &[2]);
}
