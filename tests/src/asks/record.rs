//! Plays worlds through the core, and keeps what it was told and what it answered.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cohort_core::encode::{self, Validity};
use cohort_core::id::{Instant, Revision, RoleId};
use cohort_core::view::{FactChange, FactKey, Snapshot};

use super::face::{Face, Given};
use super::failure::AsksFailure;
use super::folder::{Folder, sealed};
use super::hostile;
use super::native::Native;
use super::step::{Answer, Question, Step};
use crate::build::{Build, query};
use crate::world::{self, Ask, Outcome, Statement};

/// What was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Recorded {
    /// Worlds.
    pub worlds: usize,
    /// Their questions.
    pub asks: usize,
    /// Statements about the directory (`count`, `owners`) that no face can be asked.
    pub not_for_faces: usize,
}

/// Writes all worlds of the tests, `small` and the hostile cases to `top`, in place of what was there.
///
/// # Errors
/// [`AsksFailure`]: the first file that cannot be written, or world that the core does not answer as it says.
pub fn record(top: &Path) -> Result<Recorded, AsksFailure> {
    let mut folder = Folder::emptied(top)?;
    let mut recorded = Recorded::default();
    for (name, text) in world::files().map_err(AsksFailure::file(top))? {
        let mut recording = Recording::new();
        for line in world::read(&text)? {
            recording.tell(&line.statement, || format!("{name}:{}", line.number))?;
        }
        recorded.worlds += 1;
        recorded.asks += recording.asks;
        recorded.not_for_faces += recording.not_for_faces;
        let files: Vec<(String, Vec<u8>)> = recording.files.into_iter().collect();
        folder.add(name.trim_end_matches(".world"), &files, &recording.steps)?;
    }
    hostile::add(&mut folder)?;
    Ok(recorded)
}

/// One world so far.
struct Recording {
    build: Build,
    /// Follows by deltas.
    edge: Snapshot,
    /// What the edge was not told yet.
    waiting: Vec<Vec<FactChange>>,
    told: (Revision, Validity),
    at: Option<Instant>,
    files: BTreeMap<String, Vec<u8>>,
    steps: Vec<Step>,
    asked: BTreeSet<String>,
    asks: usize,
    not_for_faces: usize,
}

impl Recording {
    fn new() -> Self {
        let build = Build::default();
        let bytes = build.snapshot_bytes();
        let edge = opened(&bytes);
        let told = (build.revision, build.validity());
        let mut new = Self {
            build,
            edge,
            waiting: Vec::new(),
            told,
            at: None,
            files: BTreeMap::new(),
            steps: Vec::new(),
            asked: BTreeSet::new(),
            asks: 0,
            not_for_faces: 0,
        };
        let file = new.keep("snapshot", &bytes);
        new.steps.push(Step::Open { file, refused: None });
        new
    }

    fn tell(&mut self, statement: &Statement, place: impl Fn() -> String) -> Result<(), AsksFailure> {
        let applied = self.build.carry_out(statement);
        let applied = applied.map_err(|cause| AsksFailure::Refused { place: place(), cause })?;
        self.waiting.extend(applied.into_iter().map(|one| one.facts));
        match statement {
            Statement::Ask(ask) => self.ask(ask, place),
            Statement::Count { .. } | Statement::Owners { .. } => {
                self.not_for_faces += 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Brings the edge to where the world is.
    fn follow(&mut self) {
        let now = (self.build.revision, self.build.validity());
        if self.told == now {
            return;
        }
        let facts = encode::merged(std::mem::take(&mut self.waiting));
        let delta = encode::delta(self.build.graph.org(), self.told.0, now.0, now.1, &facts);
        self.told = now;
        if self.edge.apply(&delta).is_ok() {
            let file = self.keep("delta", &delta);
            self.steps.push(Step::Apply { file, refused: None });
            return;
        }
        // An `at` that goes back in time would be a delta made before the state; a new edge starts there.
        let bytes = self.build.snapshot_bytes();
        self.edge = opened(&bytes);
        let file = self.keep("snapshot", &bytes);
        self.steps.push(Step::Open { file, refused: None });
    }

    /// The edge that followed is asked, and a fresh one: who came by a delta is kept otherwise than who was there from
    /// the beginning. A question about another instant is put to one that was told the facts then.
    fn ask(&mut self, ask: &Ask, place: impl Fn() -> String) -> Result<(), AsksFailure> {
        self.asks += 1;
        self.follow();
        let conditions: Vec<&str> = ask.conditions.iter().map(String::as_str).collect();
        let at = query(ask, &conditions, self.build.at).at;
        if self.at != Some(at) {
            self.at = Some(at);
            self.steps.push(Step::At(at.as_millis()));
        }
        let question = question_of(ask);
        let bytes = self.build.snapshot_bytes_at(at);
        let mut fresh = opened(&bytes);
        let of = Some(self.keep("snapshot", &bytes));
        if ask.at.is_none() {
            let answer = answered(&mut self.edge, &question, at);
            expect(ask, &answer, &place)?;
            self.steps.push(Step::Ask(question.clone(), answer));
        }
        let question = Question { of, ..question };
        let answer = answered(&mut fresh, &question, at);
        expect(ask, &answer, &place)?;
        self.steps.push(Step::Ask(question.clone(), answer));
        self.lists(&mut fresh, &question, at);
        Ok(())
    }

    /// Who else may, and which roles the user has: worlds do not say it, the core does.
    fn lists(&mut self, fresh: &mut Snapshot, question: &Question, at: Instant) {
        let (mut native, mut steps) = (Native::default(), Vec::new());
        let who = Question { user: String::new(), ..question.clone() };
        if let Some(users) = native.who(fresh, &who, at.as_millis()) {
            steps.push(Step::Who(who, users));
        }
        for role in self.roles() {
            let question = Question { permission: role.to_string(), ..question.clone() };
            if let Some(given) = native.role(fresh, &question, at.as_millis()) {
                steps.push(Step::Role(question, answer_of(given)));
            }
        }
        for step in steps {
            let line = format!("{at:?} {step}");
            if self.asked.insert(line) {
                self.steps.push(step);
            }
        }
    }

    fn roles(&self) -> Vec<RoleId> {
        let role = |key: &FactKey| if let FactKey::Role(id) = key { Some(*id) } else { None };
        self.build.graph.facts().keys().filter_map(role).collect()
    }

    /// The name of the file with these bytes; one that is there already, or a new one.
    fn keep(&mut self, kind: &str, bytes: &[u8]) -> String {
        let bytes = sealed(bytes);
        if let Some((name, _)) = self.files.iter().find(|(_, kept)| **kept == bytes) {
            return name.clone();
        }
        let name = format!("{}.{kind}", self.files.len());
        self.files.insert(name.clone(), bytes);
        name
    }
}

#[expect(
    clippy::expect_used,
    reason = "bytes that the encoder makes open, or the tests of the core have failed"
)]
fn opened(bytes: &[u8]) -> Snapshot {
    Snapshot::open(bytes).expect("the encoder's own bytes open")
}

fn question_of(ask: &Ask) -> Question {
    Question {
        user: ask.user.clone(),
        permission: ask.permission.clone(),
        scope: (ask.scope != "org").then(|| ask.scope.clone()),
        parent: ask.within.clone(),
        conditions: ask.conditions.clone(),
        at_least: 0,
        of: None,
    }
}

/// What the core answers and says.
pub(super) fn answered(state: &mut Snapshot, question: &Question, at: Instant) -> Answer {
    let native = Native::default();
    let text = native.explained(state, question, at.as_millis());
    let detail = text.split_once(": ").map(|(_, detail)| detail.to_owned());
    let given = native.decided(state, question, at.as_millis());
    Answer { detail, ..answer_of(given) }
}

fn answer_of(given: Given) -> Answer {
    Answer { outcome: given.outcome, exact: given.exact, detail: None }
}

fn expect(ask: &Ask, answer: &Answer, place: impl Fn() -> String) -> Result<(), AsksFailure> {
    let outcome = match answer.outcome.as_str() {
        "allow" => Outcome::Allow,
        "deny" => Outcome::Deny,
        _ => Outcome::Indeterminate,
    };
    if ask.is_met_by(outcome, answer.detail.as_deref().unwrap_or_default()) {
        return Ok(());
    }
    Err(AsksFailure::Answer { place: place(), found: answer.to_string() })
}
