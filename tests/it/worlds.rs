//! Every world file, answered by the core through bytes: each step's facts travel as a delta, as they would to an
//! edge, and must lead to the same state as a fresh snapshot.

use std::collections::BTreeSet;

use cohort_core::decide::{Outcome, Query};
use cohort_core::encode;
use cohort_core::explain::explain;
use cohort_core::id::UserId;
use cohort_core::view::Snapshot;
use cohort_tests::build::{Build, group_id, query, user_id};
use cohort_tests::world::{self, Ask, Line, Statement};

/// Plays `text` against the core and gives the lines whose answer is not as written, and the count of all.
///
/// A line that the core refuses ends the world; it is one of the wrong ones.
#[track_caller]
fn play(name: &str, text: &str) -> (Vec<String>, usize) {
    let lines = world::read(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut build = Build::default();
    let mut edge = Snapshot::open(&build.snapshot_bytes()).unwrap();
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for line in &lines {
        let from = build.revision;
        let applied = match build.carry_out(&line.statement) {
            Ok(applied) => applied,
            Err(error) => {
                wrong.push(format!("{name}:{}: refused: {error:?}", line.number));
                return (wrong, asked);
            }
        };
        let facts = encode::merged(applied.into_iter().map(|one| one.facts));
        let delta = encode::delta(build.graph.org(), from, build.revision, build.validity(), &facts);
        // An `at` that goes back in time would be a delta made before the state; a new edge starts there.
        if edge.apply(&delta).is_err() {
            edge = Snapshot::open(&build.snapshot_bytes()).unwrap();
        }
        if let Some(problem) = check(&build, &edge, line, &mut asked) {
            wrong.push(format!("{name}:{}: {problem}", line.number));
        }
    }
    assert_eq!(Snapshot::open(&build.snapshot_bytes()).unwrap().facts(), edge.facts(), "{name}");
    (wrong, asked)
}

fn check(build: &Build, edge: &Snapshot, line: &Line, asked: &mut usize) -> Option<String> {
    match &line.statement {
        Statement::Ask(ask) => {
            *asked += 1;
            ask_edge(build, edge, ask)
        }
        Statement::Count { group, members } => {
            *asked += 1;
            let found = build.graph.users_in(group_id(group), build.at).len();
            (found != *members).then(|| format!("{group} has {found} members; expected {members}"))
        }
        Statement::Owners { group, users } => {
            *asked += 1;
            let found: BTreeSet<UserId> = build.graph.owners(group_id(group), build.at).collect();
            let expected: BTreeSet<UserId> = users.iter().map(|user| user_id(user)).collect();
            (found != expected).then(|| format!("{group} has {} owners; expected {users:?}", found.len()))
        }
        _ => None,
    }
}

fn ask_edge(build: &Build, edge: &Snapshot, ask: &Ask) -> Option<String> {
    let conditions: Vec<&str> = ask.conditions.iter().map(String::as_str).collect();
    let query = query(ask, &conditions, build.at);
    // Who came by a delta is kept otherwise than who was there from the beginning: both edges are asked. A question
    // about another instant is put to one that was told the facts then.
    let fresh = Snapshot::open(&build.snapshot_bytes_at(query.at)).unwrap();
    let edges = if ask.at.is_some() { [&fresh; 2] } else { [edge, &fresh] };
    edges.into_iter().find_map(|edge| ask_one(edge, &query, ask))
}

fn ask_one(edge: &Snapshot, query: &Query<'_>, ask: &Ask) -> Option<String> {
    let explanation = explain(edge, query);
    let outcome = match explanation.decision.outcome {
        Outcome::Allow => world::Outcome::Allow,
        Outcome::Deny(_) => world::Outcome::Deny,
        Outcome::Indeterminate(_) => world::Outcome::Indeterminate,
    };
    let text = explanation.to_text(edge);
    let detail = text.split_once(": ").map_or("", |(_, detail)| detail);
    (!ask.is_met_by(outcome, detail)).then(|| format!("{text}; expected {:?} {:?}", ask.outcome, ask.detail))
}

#[test]
fn every_world_is_answered_as_written() {
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for (name, text) in world::files().unwrap() {
        let (mut here, count) = play(&name, &text);
        wrong.append(&mut here);
        asked += count;
    }
    assert!(asked > 50, "{asked}");
    assert!(wrong.is_empty(), "{} of {asked}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_wrong_literal_is_found() {
    let world = "user ada\ngroup staff has ada\nrole reader grants doc:read\ngrant reader to staff\n\
                 ask ada doc:read = deny: no path\nask ada doc:read = allow: manual staff < writer\n";
    let (wrong, asked) = play("wrong", world);
    assert_eq!((wrong.len(), asked), (2, 2), "{wrong:?}");
}
