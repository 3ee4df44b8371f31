//! Bytes: deterministic, proven on opening, refused when anything is off.

use alloc::vec::Vec;

use super::{Validity, changes_from_bytes, changes_to_bytes, delta, merged, snapshot};
use crate::change::Change;
use crate::decide::{Outcome, Query, decide};
use crate::graph::Graph;
use crate::id::{GrantId, GroupId, Instant, OrgId, PersonId, Revision, RoleId, ScopeId, Span, UserId};
use crate::limits::ANCESTORS_MAX;
use crate::model::{EdgeKey, Grant, Group, Role, User};
use crate::view::{
    ApplyError, Effect, Fact, FactChange, FactKey, GroupState, Member, OpenError, Principal, Reach, Snapshot,
    StateError, Via,
};

const ORG: OrgId = OrgId::from_u128(7);
const ADA: PersonId = PersonId::from_u128(8);

fn validity() -> Validity {
    Validity::from_now(Instant::from_millis(1_000), 900_000)
}

fn ids() -> (UserId, GroupId, GroupId, RoleId) {
    (UserId::from_u128(1), GroupId::from_u128(2), GroupId::from_u128(3), RoleId::from_u128(4))
}

fn world() -> Graph {
    let (ada, team, all, reader) = ids();
    let bounded = Span::new(None, Some(Instant::from_millis(50_000))).unwrap();
    let project = ScopeId::parse("project:42").unwrap();
    let changes = [
        Change::SetUser(User::new(ada, "ada")),
        Change::SetGroup(Group::new(team, "team")),
        Change::SetGroup(Group::new(all, "all")),
        Change::SetEdge(EdgeKey::include(team, Member::User(ada), Via::Scim), bounded),
        Change::SetEdge(EdgeKey::include(all, Member::Group(team), Via::Manual), Span::ALWAYS),
        Change::SetRole(Role::new(reader, "reader", &["doc:read"]).unwrap()),
        Change::SetScope { scope: ScopeId::parse("doc:1").unwrap(), parents: alloc::vec![project.clone()] },
        Change::SetGrant(Grant {
            scope: project,
            requires: alloc::vec!["mfa".into()],
            ..Grant::new(GrantId::from_u128(5), Principal::Group(all), reader)
        }),
        Change::SetGrant(Grant {
            reach: Reach::Exact,
            effect: Effect::Deny,
            ..Grant::new(GrantId::from_u128(6), Principal::Everyone, reader)
        }),
        Change::SetPerson { user: ada, person: Some(ADA) },
        Change::SetGrant(Grant {
            scope: ScopeId::realm(),
            reach: Reach::Exact,
            ..Grant::new(GrantId::from_u128(7), Principal::Person(ADA), reader)
        }),
    ];
    let mut graph = Graph::new(ORG);
    for change in &changes {
        graph.apply(change).unwrap();
    }
    graph
}

fn bytes() -> Vec<u8> {
    snapshot(ORG, Revision::new(3), validity(), world().facts())
}

fn asks(snapshot: &Snapshot) -> Outcome {
    let query = Query { conditions: &["mfa"], ..Query::new("ada", "doc:read", Instant::from_millis(2_000)) };
    decide(snapshot, &query.on("doc:1")).outcome
}

#[test]
fn opening_gives_back_the_facts() {
    let opened = Snapshot::open(&bytes()).unwrap();
    assert_eq!(asks(&opened), Outcome::Allow);
    assert_eq!(opened.header().revision, Revision::new(3));
    assert_eq!(bytes(), bytes());
}

#[test]
fn a_delta_leads_to_the_same_state_as_a_new_snapshot() {
    let mut graph = world();
    let (_, team, ..) = ids();
    let mut held = Snapshot::open(&bytes()).unwrap();
    let mut batches = Vec::new();
    for state in [GroupState::Archived, GroupState::Disabled] {
        let change = Change::SetGroup(Group { state, ..Group::new(team, "team") });
        let kept = changes_to_bytes(&graph.apply(&change).unwrap().facts);
        batches.push(changes_from_bytes(&kept).unwrap());
    }
    let changes = merged(batches);
    assert_eq!(changes.len(), 1);
    held.apply(&delta(ORG, Revision::new(3), Revision::new(5), validity(), &changes)).unwrap();
    assert!(!asks(&held).is_allow());
    assert_eq!(held.header().revision, Revision::new(5));
    let (from, to) = (Revision::new(3), Revision::new(6));
    let refused = held.apply(&delta(ORG, from, to, validity(), &[])).unwrap_err();
    assert_eq!(refused, ApplyError::Base { expected: Revision::new(5), found: from });
}

#[test]
fn a_heartbeat_only_moves_the_freshness_bound() {
    let mut held = Snapshot::open(&bytes()).unwrap();
    let later = Validity::from_now(Instant::from_millis(600_000), 900_000);
    held.apply(&delta(ORG, Revision::new(3), Revision::new(3), later, &[])).unwrap();
    assert_eq!(held.header().valid_until, Instant::from_millis(1_500_000));
    let replayed = delta(ORG, Revision::new(3), Revision::new(3), validity(), &[]);
    assert_eq!(held.apply(&replayed), Err(ApplyError::Older));
}

#[test]
fn a_refused_delta_leaves_the_state_as_it_was() {
    let (ada, ..) = ids();
    let mut graph = world();
    let mut facts = graph.apply(&Change::RemoveUser(ada)).unwrap().facts;
    // Without its first fact, the edge's removal, the delta would leave an edge of nobody.
    facts.retain(|change| !matches!(change.key, FactKey::Edge(..)));
    let mut held = Snapshot::open(&bytes()).unwrap();
    let contradictory = delta(ORG, Revision::new(3), Revision::new(4), validity(), &facts);
    assert!(matches!(held.apply(&contradictory), Err(ApplyError::State(_))));
    assert_eq!(asks(&held), Outcome::Allow);
    assert_eq!(held.header().revision, Revision::new(3));
}

/// A delta that drops a group or a role, but leaves a fact that names it, is refused; the whole delta is not.
#[test]
fn what_a_fact_names_cannot_be_dropped() {
    let (ada, team, all, reader) = ids();
    for (removal, named) in [
        (Change::RemoveUser(ada), FactKey::User(ada)),
        (Change::RemoveGroup(team), FactKey::Group(team)),
        (Change::RemoveGroup(all), FactKey::Group(all)),
        (Change::RemoveRole(reader), FactKey::Role(reader)),
    ] {
        let whole = world().apply(&removal).unwrap().facts;
        let naming = whole.iter().filter(|change| change.key != named);
        assert!(naming.clone().count() > 0, "nothing names {named:?}");
        for left in naming {
            let partly: Vec<FactChange> = whole.iter().filter(|change| *change != left).cloned().collect();
            let mut held = Snapshot::open(&bytes()).unwrap();
            let refused = held.apply(&delta(ORG, Revision::new(3), Revision::new(4), validity(), &partly));
            assert!(matches!(refused, Err(ApplyError::State(_))), "{named:?} without {:?}", left.key);
            held.apply(&delta(ORG, Revision::new(3), Revision::new(4), validity(), &whole)).unwrap();
        }
    }
}

#[test]
fn the_realm_is_for_persons_and_persons_have_accounts() {
    let (ada, ..) = ids();
    let grant = GrantId::from_u128(7);
    let told = world().facts().get(&FactKey::Grant(Principal::Person(ADA), grant)).unwrap().clone();
    for principal in [Principal::Everyone, Principal::User(ada), Principal::Group(ids().1)] {
        let more = (FactKey::Grant(principal, grant), told.clone());
        check_contradiction(more, &StateError::RealmGrant(grant));
    }
    let nobody = UserId::from_u128(99);
    let account = FactChange { key: FactKey::Person(nobody), fact: Some(Fact::Person { id: ADA }) };
    let mut held = Snapshot::open(&bytes()).unwrap();
    let refused = held.apply(&delta(ORG, Revision::new(3), Revision::new(4), validity(), &[account]));
    assert_eq!(refused, Err(ApplyError::State(StateError::UnknownUser(nobody))));
}

#[track_caller]
fn check_contradiction((key, fact): (FactKey, Fact), expected: &StateError) {
    let mut facts = world().facts().clone();
    facts.insert(key, fact);
    let refused = Snapshot::open(&snapshot(ORG, Revision::new(3), validity(), &facts)).unwrap_err();
    let OpenError::State { cause, .. } = refused else { panic!("{refused}") };
    assert_eq!(cause, *expected);
}

#[test]
fn cut_bytes_are_refused() {
    let bytes = bytes();
    for end in 0..bytes.len() {
        assert!(Snapshot::open(&bytes[..end]).is_err(), "first {end} bytes");
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(Snapshot::open(&longer).is_err());
}

/// Below the signature, hostile bytes are refused or opened, never a panic; what opens, decides.
#[test]
fn flipped_bytes_never_panic() {
    let bytes = bytes();
    for at in 0..bytes.len() {
        for flip in 1..=255u8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= flip;
            if let Ok(opened) = Snapshot::open(&flipped) {
                asks(&opened);
            }
        }
    }
}

/// A state may have scopes below as many others as is allowed; one more must not come in from above.
#[test]
fn a_delta_may_not_push_lower_scopes_too_deep() {
    let step = |number: usize| ScopeId::parse(&alloc::format!("step:{number}")).unwrap();
    let below_next = |number| {
        let fact = Fact::Scope { parents: alloc::vec![step(number + 1)] };
        FactChange { key: FactKey::Scope(step(number)), fact: Some(fact) }
    };
    let (from, to) = (Revision::new(3), Revision::new(4));
    let mut held = Snapshot::open(&bytes()).unwrap();
    let stairs = merged([(0..ANCESTORS_MAX).map(below_next).collect()]);
    held.apply(&delta(ORG, from, to, validity(), &stairs)).unwrap();
    assert!(Snapshot::open(&snapshot(ORG, to, validity(), &held.facts())).is_ok());
    let one_more = delta(ORG, to, to.next(), validity(), &[below_next(ANCESTORS_MAX)]);
    let refused = held.apply(&one_more).unwrap_err();
    assert_eq!(refused, ApplyError::State(StateError::ScopeCycle(step(0))));
    assert_eq!(held.header().revision, to);
}
