//! What must be true of every world (`docs/model.md`, Resolution), tried on random ones.

use std::collections::BTreeMap;

use cohort_core::change::Change;
use cohort_core::decide::{Outcome, Query, Uncertainty, decide};
use cohort_core::encode;
use cohort_core::explain::{Miss, explain};
use cohort_core::graph::Graph;
use cohort_core::id::{GrantId, GroupId, Instant, Revision, ScopeId, Span};
use cohort_core::model::{EdgeKey, Grant, Group};
use cohort_core::view::{Effect, Fact, FactKey, GroupState, Snapshot};
use cohort_tests::build::Build;
use cohort_tests::random::{Pair, Question, STALE, Told, World, seed_or, validity};
use cohort_tests::world::read;

/// Tries a law on `worlds` worlds, each told in full. The law says how many cases of it a world had; without any
/// in all of them it would not have been tried.
#[track_caller]
fn every_world(worlds: u64, law: impl Fn(&mut World, &Pair) -> usize) {
    let seed = seed_or(1);
    let mut cases = 0;
    for number in 0..worlds {
        println!("world {number} of seed {seed}");
        let mut world = World::new(seed, number);
        let pair = Pair::of(&world.lines).unwrap_or_else(|difference| panic!("{difference}"));
        cases += law(&mut world, &pair);
    }
    assert!(cases > 20, "{cases} cases");
}

/// An edge that was told all that `graph` knows.
fn edge_of(graph: &Graph) -> Snapshot {
    let bytes = encode::snapshot(graph.org(), Revision::new(1), validity(), graph.facts());
    Snapshot::open(&bytes).unwrap()
}

/// Whether the answer of `edge` is yes; it is never asked for a revision of the future here.
fn allows(edge: &Snapshot, question: &Question) -> bool {
    decide(edge, &question.query(&question.subject(), Revision::default())).outcome.is_allow()
}

/// The state after one more line; none when a side refuses it.
fn after(pair: &Pair, line: &str) -> Option<Pair> {
    let mut next = pair.clone();
    let told = next.tell(line).unwrap_or_else(|difference| panic!("{line}: {difference}"));
    (told == Told::Taken).then_some(next)
}

/// What a statement is about, for those that replace what was told before about the same and nothing else.
fn subject(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split(' ').collect();
    Some(match words.as_slice() {
        ["set", user, ..] => format!("user {user}"),
        ["enable" | "disable" | "archive", group, ..] => format!("state {group}"),
        ["member" | "unmember", member, "of", group, ..] => format!("edge {member} {group}"),
        ["group", group, "has", member, ..] => format!("edge {member} {group}"),
        ["person", _, "is", user] => format!("person {user}"),
        ["exclude", user, "of", group, ..] => format!("exclusion {user} {group}"),
        ["org", ..] => "org".to_owned(),
        ["scope", scope, ..] => format!("scope {scope}"),
        _ => return None,
    })
}

#[test]
fn changes_of_different_things_may_come_in_any_order() {
    every_world(25, |world, _| {
        let start = Pair::of(world.beginning()).unwrap();
        let in_order = |one: &String, other: &String| after(&start, one).and_then(|next| after(&next, other));
        let mut cases = 0;
        for pair in world.changes().windows(2) {
            let (one, other) = (&pair[0], &pair[1]);
            if subject(one).is_none() || subject(other).is_none() || subject(one) == subject(other) {
                continue;
            }
            if let (Some(forth), Some(back)) = (in_order(one, other), in_order(other, one)) {
                assert_eq!(forth.edge().facts(), back.edge().facts(), "{one}\n{other}");
                cases += 1;
            }
        }
        cases
    });
}

/// An edge that was away for some revisions is told of all of them in one delta.
#[test]
fn changes_may_be_followed_all_at_once() {
    every_world(25, |world, one_by_one| {
        let mut start = Pair::of(world.beginning()).unwrap();
        let mut probe = start.clone();
        let taken = |line: &&String| probe.tell(line).unwrap() == Told::Taken;
        let taken: Vec<&str> = world.changes().iter().filter(taken).map(String::as_str).collect();
        if taken.is_empty() {
            return 0;
        }
        let told = start.tell(&taken.join("\n")).unwrap_or_else(|difference| panic!("{difference}"));
        assert_eq!(told, Told::Taken);
        assert_eq!(start.edge().facts(), one_by_one.edge().facts());
        taken.len()
    });
}

#[test]
fn a_world_may_be_told_in_any_order() {
    every_world(25, |world, _| {
        let told = Pair::of(world.beginning()).unwrap();
        let shuffled = shuffled(world);
        let other = Pair::of(&shuffled).unwrap();
        let missing = |one: &Pair, other: &Pair| {
            let facts = one.edge().facts();
            let missing = facts.iter().filter(|(key, fact)| other.edge().facts().get(*key) != Some(*fact));
            missing.map(|(key, fact)| format!("{key:?} {fact:?}")).collect::<Vec<_>>()
        };
        assert_eq!(missing(&told, &other), missing(&other, &told), "{}", shuffled.join("\n"));
        1
    });
}

/// The beginning, as far as nobody refuses it, with access first, people and groups shuffled, rules after the groups
/// that they may name, edges and accounts shuffled as far as they are of different members. Grants keep their order, from
/// which they have their ids.
fn shuffled(world: &mut World) -> Vec<String> {
    let mut told = Pair::new().unwrap();
    let taken = |line: &&String| told.tell(line).unwrap() == Told::Taken;
    let mut lines: Vec<String> = world.beginning().iter().filter(taken).cloned().collect();
    // A group whose own statement was refused is there if another was nested in it.
    for group in &told.oracle().groups {
        let is_it =
            |line: &String| line.starts_with(&format!("group {} ", group.name)) && subject(line).is_none();
        if !lines.iter().any(|line| is_it(line) || *line == format!("group {}", group.name)) {
            lines.push(format!("group {}", group.name));
        }
    }
    let (mut access, mut people, mut rules, mut grants) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut edges: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines {
        match (line.split(' ').next(), subject(&line)) {
            (Some("member" | "exclude" | "group" | "person"), Some(edge)) => {
                edges.entry(edge).or_default().push(line);
            }
            (Some("user" | "group"), _) => {
                let (who, rule) = line.split_once(" when ").unwrap_or((&line, ""));
                if !rule.is_empty() {
                    rules.push(line.clone());
                }
                people.push(who.to_owned());
            }
            (Some("grant" | "deny"), _) => grants.push(line),
            _ => access.push(line),
        }
    }
    let mut edges: Vec<Vec<String>> = edges.into_values().collect();
    world.prng.shuffle(&mut people);
    world.prng.shuffle(&mut rules);
    world.prng.shuffle(&mut edges);
    let edges = edges.into_iter().flatten();
    access.into_iter().chain(people).chain(rules).chain(edges).chain(grants).collect()
}

#[test]
fn without_denies_giving_takes_nothing_away() {
    every_world(25, |world, _| {
        let lines = world.lines.iter().filter(|line| !line.starts_with("deny "));
        let pair = Pair::of(&lines.cloned().collect::<Vec<_>>()).unwrap();
        let questions = world.questions(40);
        let mut cases = 0;
        for line in gifts(&pair) {
            let Some(more) = after(&pair, &line) else { continue };
            for question in questions.iter().filter(|question| allows(pair.edge(), question)) {
                assert!(allows(more.edge(), question), "{line}\n{}", question.line("allow"));
                cases += 1;
            }
        }
        cases
    });
}

/// Statements that put somebody somewhere, open a group, or grant something.
fn gifts(pair: &Pair) -> Vec<String> {
    let oracle = pair.oracle();
    let (Some(user), Some(role)) = (oracle.users.first(), oracle.roles.first()) else { return Vec::new() };
    let mut gifts = vec!["org enabled".to_owned(), format!("grant {} to everyone", role.name)];
    for group in oracle.groups.iter().take(4) {
        gifts.push(format!("enable {}", group.name));
        gifts.push(format!("member {} of {}", user.name, group.name));
        gifts.extend(oracle.groups.first().map(|first| format!("group {} has {}", group.name, first.name)));
    }
    gifts
}

#[test]
fn disabling_gives_nobody_anything() {
    every_world(25, |world, pair| {
        let questions = world.questions(60);
        let mut lines = vec!["org disabled".to_owned()];
        for group in &pair.oracle().groups {
            lines.extend([format!("disable {}", group.name), format!("archive {}", group.name)]);
        }
        let mut cases = 0;
        for line in lines {
            let less = after(pair, &line).unwrap();
            for question in questions.iter().filter(|question| !allows(pair.edge(), question)) {
                assert!(!allows(less.edge(), question), "{line}\n{}", question.line("deny"));
                cases += 1;
            }
        }
        cases
    });
}

#[test]
fn disabling_and_enabling_leaves_nothing_behind() {
    every_world(25, |_, pair| {
        let mut cases = 0;
        for group in &pair.oracle().groups {
            if group.state != cohort_oracle::GroupState::Enabled {
                continue;
            }
            for word in ["disable", "archive"] {
                let held = after(pair, &format!("{word} {}", group.name)).unwrap();
                assert_ne!(held.edge().facts(), pair.edge().facts());
                let back = after(&held, &format!("enable {}", group.name)).unwrap();
                assert_eq!(back.edge().facts(), pair.edge().facts(), "{word} {}", group.name);
                cases += 1;
            }
        }
        cases
    });
}

#[test]
fn every_change_can_be_taken_back() {
    every_world(25, |world, _| {
        let mut build = Build::default();
        let mut cases = 0;
        for line in read(&world.lines.join("\n")).unwrap() {
            let before = build.graph.facts().clone();
            let Ok(applied) = build.clone().carry_out(&line.statement) else { continue };
            build.carry_out(&line.statement).unwrap();
            let mut graph = build.graph.clone();
            for inverse in applied.iter().rev().flat_map(|one| &one.inverse) {
                graph.apply(inverse).unwrap();
            }
            assert_eq!(*graph.facts(), before, "{:?}", line.statement);
            cases += 1;
        }
        cases
    });
}

#[test]
fn an_answer_holds_until_it_says() {
    every_world(25, |world, pair| {
        let spans = pair.oracle().edges.iter().map(|edge| edge.span);
        let spans = spans.chain(pair.oracle().grants.iter().map(|grant| grant.span));
        let bounds: Vec<i64> = spans.flat_map(|span| [span.from, span.until]).flatten().collect();
        let mut cases = 0;
        for question in world.questions(60) {
            let subject = question.subject();
            let first = decide(pair.edge(), &question.query(&subject, Revision::default()));
            let until = first.valid_until.as_millis();
            let near = bounds.iter().flat_map(|at| [*at - 1, *at, *at + 1]).chain([until - 1, STALE - 1]);
            for at in near.filter(|at| (question.at..until).contains(at)) {
                let later = question.at(at);
                let later = decide(pair.edge(), &later.query(&subject, Revision::default()));
                assert_eq!(later.outcome, first.outcome, "{}\nat {at}", question.line("?"));
                cases += 1;
            }
        }
        cases
    });
}

/// A rule that comes and goes more often than a fact can say is worked out up to a horizon.
#[test]
fn bytes_are_not_used_beyond_their_horizon() {
    let shifts: Vec<String> = (0..20).map(|at| format!("attr.shift=2026-01-01T00:00:{at:02}Z")).collect();
    let mut text = format!("user ada {}\ngroup duty when attr.shift = NOW\n", shifts.join(" "));
    text.push_str("role keeper grants door:open\ngrant keeper to duty");
    let mut build = Build::default();
    for line in read(&text).unwrap() {
        build.carry_out(&line.statement).unwrap();
    }
    let horizon = build.graph.horizon();
    let edge = Snapshot::open(&build.snapshot_bytes()).unwrap();
    let outcome = |at| decide(&edge, &Query::new("ada", "door:open", at)).outcome;
    assert_eq!(outcome(horizon), Outcome::Indeterminate(Uncertainty::Stale));
    for late_millis in 1..=2_000 {
        let at = horizon.plus_millis(-late_millis);
        assert_eq!(outcome(at).is_allow(), at.as_millis() % 1_000 == 0, "{at:?}");
    }
}

#[test]
fn a_nearest_miss_is_one_change_away() {
    every_world(60, |world, pair| {
        let mut cases = 0;
        for question in world.questions(60) {
            let subject = question.subject();
            let explanation = explain(pair.edge(), &question.query(&subject, Revision::default()));
            for miss in &explanation.misses {
                assert!(helps(pair, miss, &question), "{miss:?}\n{}", question.line("deny"));
                cases += 1;
            }
        }
        cases
    });
}

/// Whether one of the changes that a miss can mean turns the answer to allow.
fn helps(pair: &Pair, miss: &Miss, question: &Question) -> bool {
    if let Miss::Condition(name) = miss {
        let subject = question.subject();
        let mut conditions = question.conditions.clone();
        conditions.push(name);
        let query = question.query(&subject, Revision::default());
        let query = Query { conditions: &conditions, ..query };
        return decide(pair.edge(), &query).outcome.is_allow();
    }
    remedies(pair, miss, question).iter().any(|change| {
        let mut graph = pair.build().graph.clone();
        graph.apply(change).is_ok() && allows(&edge_of(&graph), question)
    })
}

fn remedies(pair: &Pair, miss: &Miss, question: &Question) -> Vec<Change> {
    let graph = &pair.build().graph;
    let at = Instant::from_millis(question.at);
    let always = |grant: &Grant| Change::SetGrant(Grant { span: Span::ALWAYS, ..grant.clone() });
    match miss {
        Miss::Disabled(group) | Miss::Archived(group) => {
            let group = graph.group(*group).unwrap();
            vec![Change::SetGroup(Group { state: GroupState::Enabled, ..group.clone() })]
        }
        Miss::ExpiredEdge(group) | Miss::FutureEdge(group) => edges_not_at(graph, *group, at),
        Miss::ExpiredGrant(role) | Miss::FutureGrant(role) => {
            let missed = |grant: &&Grant| grant.role == *role && !grant.span.contains(at);
            allow_grants(graph).filter(missed).map(always).collect()
        }
        Miss::OtherScope(scope) => {
            let here = ScopeId::parse(&question.scope).unwrap();
            let moved = |grant: &Grant| Change::SetGrant(Grant { scope: here.clone(), ..grant.clone() });
            allow_grants(graph).filter(|grant| grant.scope == *scope).map(moved).collect()
        }
        Miss::Condition(_) => Vec::new(),
    }
}

fn allow_grants(graph: &Graph) -> impl Iterator<Item = &Grant> {
    let ids = graph.facts().keys().filter_map(|key| match key {
        FactKey::Grant(_, id) => Some(*id),
        _ => None,
    });
    ids.filter_map(|id: GrantId| graph.grant(id)).filter(|grant| grant.effect == Effect::Allow)
}

/// For each edge into `group` that does not hold at `at`, the change that makes it hold.
fn edges_not_at(graph: &Graph, group: GroupId, at: Instant) -> Vec<Change> {
    let edges = graph.facts().iter().filter_map(|(key, fact)| match (key, fact) {
        (FactKey::Edge(member, into, via), Fact::Edge { spans }) if *into == group => {
            let holds = spans.iter().any(|span| span.contains(at));
            (!holds).then(|| EdgeKey::include(group, *member, *via))
        }
        _ => None,
    });
    edges.map(|key| Change::SetEdge(key, Span::ALWAYS)).collect()
}
