//! Random sequences of changes: incremental facts are those of a graph built from the state in another order, each
//! change can be taken back, and memberships are those of a plain fixpoint at single moments.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Graph, fold};
use crate::attribute::{Profile, Text};
use crate::change::Change;
use crate::id::{GrantId, GroupId, Instant, OrgId, PersonId, RoleId, ScopeId, SourceId, Span, UserId};
use crate::model::{EdgeKey, EdgeKind, Grant, Group, Role, User};
use crate::rule::{Manager, Rule, Subject, Surroundings, Truth};
use crate::times::Times;
use crate::view::{Effect, Facts, GroupState, Member, Principal, Via};

const USERS: usize = 5;
const GROUPS: usize = 7;

/// Rules of every kind; some name groups that name them back, some groups by slugs that come and go.
const RULES: &[&str] = &[
    "department = sales",
    "department != sales AND job IS NULL",
    "NOT department IN (legal, sales) OR status = active",
    "REPORTS TO user0",
    "REPORTS TO user1 DEEP AND NOT REPORTS TO user2",
    "NOT REPORTS TO user3 DEEP",
    "attr.from <= NOW AND attr.until > NOW",
    "attr.many = NOW",
    "MEMBER OF (group0)",
    "MEMBER OF (group1, group2) AND department = sales",
    "MEMBER OF (group3) OR REPORTS TO user1",
    "MEMBER OF (group4, other4) AND attr.until > NOW - 30m",
    "MEMBER OF (group5) OR MEMBER OF (\"00000000-0000-0000-0000-000000000006\")",
    "MEMBER OF (\"00000000-0000-0000-0000-000000000001\", group6) OR department = legal",
];

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % end
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    fn user(&mut self) -> UserId {
        UserId::from_u128(self.below(USERS) as u128)
    }

    fn group(&mut self) -> GroupId {
        GroupId::from_u128(self.below(GROUPS) as u128)
    }

    fn span(&mut self) -> Span {
        let (from, length) = (self.below(100) as i64, 1 + self.below(60) as i64);
        let bounded = Span::new(Some(Instant::from_millis(from)), Some(Instant::from_millis(from + length)));
        if self.below(2) == 0 { Span::ALWAYS } else { bounded.unwrap() }
    }
}

/// A moment within the first 150 ms of 1970, as attributes tell it.
fn moment(random: &mut Random) -> String {
    alloc::format!("1970-01-01T00:00:00.{:03}Z", random.below(150))
}

fn set_user(random: &mut Random) -> Change {
    let id = random.user();
    let name = alloc::format!("user{}", random.below(USERS));
    let mut profile = Profile::new();
    let many = if random.below(3) == 0 { 25 } else { 2 };
    let managers = ["", "user0", "User1", "user2", "nobody", "00000000-0000-0000-0000-000000000003"];
    let fields = [
        ("department", alloc::vec![String::from(random.of(&["", "Sales", "legal", "it"]))]),
        ("manager", alloc::vec![String::from(random.of(&managers))]),
        ("attr.from", alloc::vec![moment(random)]),
        ("attr.until", alloc::vec![moment(random)]),
        ("attr.many", (0..many).map(|_| moment(random)).collect()),
    ];
    for (field, values) in &fields {
        profile.set(field, values.iter().map(|value| Text::folded_by(value, fold)).collect());
    }
    let source = random.of(&[None, None, Some(SourceId::from_u128(1))]);
    Change::SetUser(User { source, active: random.below(5) > 0, profile, ..User::new(id, &name) })
}

fn set_group(random: &mut Random) -> Change {
    let id = random.group();
    let prefix = random.of(&["group", "Group", "group", "other"]);
    let rule = (random.below(3) > 0).then(|| Rule::parse(random.of(RULES), fold).unwrap());
    let state =
        random.of(&[GroupState::Enabled, GroupState::Enabled, GroupState::Enabled, GroupState::Disabled]);
    Change::SetGroup(Group { state, rule, ..Group::new(id, &alloc::format!("{prefix}{}", id.as_u128())) })
}

fn edge(random: &mut Random) -> EdgeKey {
    let via = random.of(&[Via::Manual, Via::Scim]);
    match random.below(4) {
        0 => EdgeKey { via, ..EdgeKey::exclude(random.group(), random.user()) },
        1 => EdgeKey::include(random.group(), Member::Group(random.group()), via),
        _ => EdgeKey::include(random.group(), Member::User(random.user()), via),
    }
}

fn grant(random: &mut Random) -> Change {
    let (group, user) = (Principal::Group(random.group()), Principal::User(random.user()));
    let person = Principal::Person(PersonId::from_u128(random.below(2) as u128));
    let principal = random.of(&[Principal::Everyone, group, user, person]);
    let scope = if random.below(4) == 0 { ScopeId::realm() } else { ScopeId::org() };
    let grant = Grant::new(GrantId::from_u128(random.below(4) as u128), principal, RoleId::from_u128(0));
    Change::SetGrant(Grant { effect: random.of(&[Effect::Allow, Effect::Deny]), scope, ..grant })
}

fn set_person(random: &mut Random) -> Change {
    let person = random.of(&[None, Some(0), Some(1)]).map(PersonId::from_u128);
    Change::SetPerson { user: random.user(), person }
}

fn change(random: &mut Random) -> Change {
    match random.below(21) {
        0..5 => set_user(random),
        5..10 => set_group(random),
        10..15 => Change::SetEdge(edge(random), random.span()),
        15 => Change::SetOwner { group: random.group(), user: random.user(), span: random.span() },
        16 => Change::RemoveEdge(edge(random)),
        17 => Change::RemoveUser(random.user()),
        18 => Change::RemoveGroup(random.group()),
        19 => set_person(random),
        _ => grant(random),
    }
}

/// The changes that make up the state, in random order; those that come too early are tried again later.
fn rebuilt(graph: &Graph, now: Instant, random: &mut Random) -> Graph {
    let mut waiting: Vec<Change> = Vec::new();
    waiting.extend(graph.users.values().cloned().map(Change::SetUser));
    let link =
        |(user, person): (&UserId, &PersonId)| Change::SetPerson { user: *user, person: Some(*person) };
    waiting.extend(graph.persons.iter().map(link));
    waiting.extend(graph.groups.values().cloned().map(Change::SetGroup));
    waiting.extend(graph.edges.keys().map(|key| graph.edge_as_it_is(*key)));
    waiting.extend(graph.roles.values().cloned().map(Change::SetRole));
    waiting.extend(graph.grants.values().cloned().map(Change::SetGrant));
    for at in 0..waiting.len() {
        let other = random.below(waiting.len());
        waiting.swap(at, other);
    }
    let mut other = Graph::new(graph.org());
    other.evaluate_at(now);
    while !waiting.is_empty() {
        let before = waiting.len();
        waiting.retain(|change| other.apply(change).is_err());
        assert!(waiting.len() < before, "{waiting:?}");
    }
    other
}

/// What is known at one moment: the groups that a user is in so far.
struct Moment<'a> {
    graph: &'a Graph,
    inside: &'a BTreeSet<GroupId>,
}

impl Surroundings for Moment<'_> {
    fn manager(&self, user: UserId) -> Manager {
        self.graph.manager(user)
    }

    fn names_anybody(&self, reference: &Text) -> bool {
        self.graph.names_anybody(reference)
    }

    fn is_named(&self, user: UserId, reference: &Text) -> bool {
        self.graph.is_named(user, reference)
    }

    fn times_in(&self, _: UserId, group: &Text) -> Times {
        let named = |id: &&GroupId| {
            let slug = self.graph.groups[*id].slug.to_lowercase();
            group.folded == slug || group.folded == alloc::format!("{id}")
        };
        if self.inside.iter().any(|id| named(&id)) { Times::always() } else { Times::never() }
    }
}

/// The groups of a user at one moment, by the words of `docs/model.md`, Resolution, point 3.
fn plain_groups(graph: &Graph, user: &User, at: Instant) -> BTreeSet<GroupId> {
    let mut inside = BTreeSet::new();
    loop {
        let before = inside.clone();
        let valid = |group: GroupId, member, kind| {
            [Via::Manual, Via::Scim].into_iter().any(|via| {
                let span = graph.edges.get(&EdgeKey { group, member, kind, via });
                span.is_some_and(|span| span.contains(at))
            })
        };
        for (id, group) in graph.groups.iter().filter(|(_, group)| group.state == GroupState::Enabled) {
            let own = Member::User(user.id);
            let told = valid(*id, own, EdgeKind::Include);
            let nested = before.iter().any(|below| valid(*id, Member::Group(*below), EdgeKind::Include));
            let around = Moment { graph, inside: &before };
            let subject = Subject { user: user.id, profile: &user.profile, around: &around };
            let ruled = group.rule.as_ref().is_some_and(|rule| rule.evaluate(&subject, at) == Truth::True);
            if told || nested || ruled && !valid(*id, own, EdgeKind::Exclude) {
                inside.insert(*id);
            }
        }
        if inside == before {
            return inside;
        }
    }
}

fn check_rebuilt(graph: &Graph, now: Instant, random: &mut Random, place: &str) {
    if random.below(4) == 0 {
        let other = rebuilt(graph, now, random);
        assert_eq!(graph.facts(), other.facts(), "{place}");
        assert_eq!(graph.owners, other.owners, "{place}");
        assert_eq!(graph.horizon(), other.horizon(), "{place}");
    }
}

fn check_moments(graph: &Graph, now: Instant, random: &mut Random, place: &str) {
    for user in graph.users.values() {
        let at = now.plus_millis(random.below(170) as i64);
        if at >= graph.horizon() {
            continue;
        }
        let found: BTreeSet<GroupId> =
            graph.groups_of(user.id, at).into_iter().map(|(group, _)| group).collect();
        assert_eq!(found, plain_groups(graph, user, at), "user {} at {at:?}, {place}", user.id);
    }
}

fn follow(facts: &mut Facts, applied: &super::super::Applied) {
    for change in &applied.facts {
        match &change.fact {
            Some(fact) => _ = facts.insert(change.key.clone(), fact.clone()),
            None => _ = facts.remove(&change.key),
        }
    }
}

fn run(seed: u64, steps: usize) -> usize {
    let mut random = Random(seed);
    let mut graph = Graph::new(OrgId::from_u128(9));
    let mut now = Instant::from_millis(0);
    graph.evaluate_at(now);
    graph.apply(&Change::SetRole(Role::new(RoleId::from_u128(0), "reader", &["doc:read"]).unwrap())).unwrap();
    let mut moved = 0;
    for step in 0..steps {
        let place = alloc::format!("step {step} of seed {seed:#x}");
        let (mut facts, owners) = (graph.facts().clone(), graph.owners.clone());
        let change = change(&mut random);
        let Ok(applied) = graph.apply(&change) else {
            assert_eq!(graph.facts(), &facts, "{change:?}, {place}");
            continue;
        };
        let before = (facts.clone(), owners);
        follow(&mut facts, &applied);
        assert_eq!(graph.facts(), &facts, "{change:?}, {place}");
        for one in &applied.moves {
            let member = graph.members(one.group).any(|edge| edge == (Member::User(one.user), Via::Rule));
            assert_eq!(member, one.joined, "{place}");
        }
        moved += applied.moves.len();
        if random.below(4) == 0 {
            for inverse in &applied.inverse {
                graph.apply(inverse).unwrap();
            }
            assert_eq!(
                (graph.facts(), &graph.owners),
                (&before.0, &before.1),
                "back from {change:?}, {place}"
            );
        }
        if random.below(8) == 0 {
            now = Instant::from_millis(random.below(150) as i64);
            graph.evaluate_at(now);
        }
        check_rebuilt(&graph, now, &mut random, &place);
        check_moments(&graph, now, &mut random, &place);
    }
    moved
}

#[test]
fn incremental_facts_are_those_of_a_rebuilt_graph() {
    let moved: usize = (1..=12).map(|seed| run(0x9e37_79b9_7f4a_7c15 ^ (seed << 20), 250)).sum();
    assert!(moved > 1_000, "{moved}");
}
