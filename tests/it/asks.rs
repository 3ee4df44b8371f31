//! The worlds as files: what is written is complete, and a face that answers wrongly does not get through.

use std::fs;

use cohort_core::view::Snapshot;
use cohort_tests::asks::{Face, Given, Native, Question, Report, Step, play, read, record};
use cohort_tests::program::Scratch;
use cohort_tests::world;

/// A core of which one thing is broken.
struct Broken {
    core: Native,
    fault: Fault,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// One question is answered the other way round.
    Reversed,
    /// Conditions are not handed over.
    NoConditions,
    /// Who may is cut after the first.
    ShortList,
    /// A refused delta is said to be applied.
    Swallowed,
    /// An older key is taken for the pinned one.
    AnyKey,
    /// The moment up to which an answer holds is a millisecond off.
    Late,
}

impl Face for Broken {
    type State = Snapshot;

    fn open(&mut self, envelope: &[u8]) -> Result<Snapshot, String> {
        self.core.open(envelope).map_err(|code| match self.fault {
            Fault::AnyKey if code == "unknown_key" => "bad_signature".to_owned(),
            _ => code,
        })
    }

    fn apply(&mut self, state: &mut Snapshot, envelope: &[u8]) -> Result<(), String> {
        let applied = self.core.apply(state, envelope);
        if self.fault == Fault::Swallowed { Ok(()) } else { applied }
    }

    fn ask(&mut self, state: &mut Snapshot, question: &Question, at: i64) -> Option<Given> {
        let mut question = question.clone();
        if self.fault == Fault::NoConditions {
            question.conditions.clear();
        }
        let mut given = self.core.ask(state, &question, at)?;
        if self.fault == Fault::Reversed && (&*question.user, &*question.permission) == ("eve", "quote:read")
        {
            given.outcome = if given.outcome == "allow" { "deny" } else { "allow" }.to_owned();
        }
        if let (Fault::Late, Some(exact)) = (self.fault, &mut given.exact) {
            exact.valid_until += 1;
        }
        Some(given)
    }

    fn explain(&mut self, state: &mut Snapshot, question: &Question, at: i64) -> Option<String> {
        self.core.explain(state, question, at)
    }

    fn who(&mut self, state: &mut Snapshot, question: &Question, at: i64) -> Option<Vec<String>> {
        let mut users = self.core.who(state, question, at)?;
        users.truncate(if self.fault == Fault::ShortList { 1 } else { users.len() });
        Some(users)
    }

    fn verifies(&self) -> bool {
        true
    }
}

#[test]
fn every_world_is_written_and_read_again() {
    let scratch = Scratch::new();
    let recorded = record(scratch.path()).unwrap();
    let worlds = world::files().unwrap();
    assert_eq!(recorded.worlds, worlds.len());
    let is_ask = |line: &&str| line.trim_start().starts_with("ask ");
    let asks: usize = worlds.iter().map(|(_, text)| text.lines().filter(is_ask).count()).sum();
    assert_eq!(recorded.asks, asks);

    let report = play(scratch.path(), &mut Native::default()).unwrap();
    assert_eq!((report.failures.len(), report.passed_over.len()), (0, 0), "{:?}", report.failures);
    assert_eq!(report.worlds, recorded.worlds + 3);
    assert!(report.asks > 3 * recorded.asks && report.cases > 200, "{report:?}");
    for name in fs::read_to_string(scratch.path().join("index")).unwrap().lines() {
        let text = fs::read_to_string(scratch.path().join(name).join("asks")).unwrap();
        let again: String = read(&text).unwrap().iter().map(|step: &Step| format!("{step}\n")).collect();
        assert_eq!(again, text, "{name}");
    }
}

#[test]
fn every_fault_of_a_face_is_found() {
    let scratch = Scratch::new();
    record(scratch.path()).unwrap();
    let failures =
        |fault| -> Report { play(scratch.path(), &mut Broken { core: Native::default(), fault }).unwrap() };
    for (fault, where_found) in [
        (Fault::Reversed, "small: "),
        (Fault::NoConditions, " with "),
        (Fault::ShortList, "who "),
        (Fault::Swallowed, "hostile: apply "),
        (Fault::AnyKey, "envelope: open "),
        (Fault::Late, "ask "),
    ] {
        let report = failures(fault);
        let found = report.failures.iter().any(|line| line.contains(where_found));
        assert!(found, "{where_found}: {:?}", report.failures.first());
    }
}
