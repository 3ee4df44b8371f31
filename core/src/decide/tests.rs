//! What no world can say: states that no directory makes, and states too large to write down.

use alloc::format;
use alloc::vec::Vec;

use super::{DenyReason, Outcome, Query, Uncertainty, decide};
use crate::change::Change;
use crate::encode::{self, Validity};
use crate::graph::Graph;
use crate::id::{GrantId, GroupId, Instant, OrgId, Revision, RoleId, ScopeId, Span, UserId};
use crate::limits::{ANCESTORS_MAX, GROUPS_VISITED_MAX};
use crate::model::{EdgeKey, Grant, Group, Role, User};
use crate::view::{Effect, Fact, FactKey, Facts, GrantFact, Member, Principal, Reach, Snapshot, Via};

const ADA: UserId = UserId::from_u128(1);
const READER: RoleId = RoleId::from_u128(1);

fn opened(facts: &Facts) -> Snapshot {
    let validity = Validity::from_now(Instant::from_millis(0), 900_000);
    Snapshot::open(&encode::snapshot(OrgId::from_u128(1), Revision::new(1), validity, facts)).unwrap()
}

fn query() -> Query<'static> {
    Query::new("ada", "doc:read", Instant::from_millis(0))
}

/// Ada, and a reader who may read.
fn beginning() -> Graph {
    let mut graph = Graph::new(OrgId::from_u128(1));
    let reader = Role::new(READER, "reader", &["doc:read"]).unwrap();
    for change in [Change::SetUser(User::new(ADA, "ada")), Change::SetRole(reader)] {
        graph.apply(&change).unwrap();
    }
    graph
}

fn grant(principal: Principal, scope: ScopeId) -> Change {
    Change::SetGrant(Grant { scope, ..Grant::new(GrantId::from_u128(1), principal, READER) })
}

/// Scopes side by side on each level, all of a level below all of the next: two ways more at each.
#[test]
fn a_scope_is_looked_at_once_however_many_ways_lead_there() {
    let mut graph = beginning();
    let scope = |side: char, level: usize| ScopeId::parse(&format!("{side}:{level}")).unwrap();
    for level in (0..ANCESTORS_MAX / 2).rev() {
        let parents = alloc::vec![scope('a', level + 1), scope('b', level + 1)];
        for side in ['a', 'b'] {
            graph.apply(&Change::SetScope { scope: scope(side, level), parents: parents.clone() }).unwrap();
        }
    }
    graph.apply(&grant(Principal::User(ADA), scope('b', ANCESTORS_MAX / 2))).unwrap();
    assert_eq!(decide(&opened(graph.facts()), &query().on("a:0")).outcome, Outcome::Allow);
}

#[test]
fn a_user_in_too_many_groups_is_not_decided() {
    let mut graph = beginning();
    let join = |graph: &mut Graph, id: usize| {
        let id = GroupId::from_u128(id as u128);
        let edge = EdgeKey::include(id, Member::User(ADA), Via::Manual);
        graph.apply(&Change::SetGroup(Group::new(id, "group"))).unwrap();
        graph.apply(&Change::SetEdge(edge, Span::ALWAYS)).unwrap();
    };
    (0..GROUPS_VISITED_MAX).for_each(|id| join(&mut graph, id));
    let outcome = |graph: &Graph| decide(&opened(graph.facts()), &query()).outcome;
    assert_eq!(outcome(&graph), Outcome::Deny(DenyReason::NoPath));
    join(&mut graph, GROUPS_VISITED_MAX);
    assert_eq!(outcome(&graph), Outcome::Indeterminate(Uncertainty::TooLarge));
}

/// A directory refuses a deny above a rule, so that nobody has to know profiles to know who is denied. An edge does
/// not rely on it.
#[test]
fn a_rule_carries_nobody_into_a_deny() {
    let mut graph = beginning();
    let group = GroupId::from_u128(1);
    graph.apply(&Change::SetGroup(Group::new(group, "ruled"))).unwrap();
    graph.apply(&grant(Principal::Everyone, ScopeId::org())).unwrap();
    let deny = GrantFact {
        role: READER,
        scope: ScopeId::org(),
        reach: Reach::Subtree,
        effect: Effect::Deny,
        requires: Vec::new(),
        span: Span::ALWAYS,
    };
    let outcome = |via| {
        let mut facts = graph.facts().clone();
        let spans = alloc::vec![Span::ALWAYS];
        facts.insert(FactKey::Edge(Member::User(ADA), group, via), Fact::Edge { spans });
        facts.insert(
            FactKey::Grant(Principal::Group(group), GrantId::from_u128(2)),
            Fact::Grant(deny.clone()),
        );
        decide(&opened(&facts), &query()).outcome
    };
    assert_eq!(outcome(Via::Manual), Outcome::Deny(DenyReason::DeniedBy(READER)));
    assert_eq!(outcome(Via::Rule), Outcome::Allow);
}
