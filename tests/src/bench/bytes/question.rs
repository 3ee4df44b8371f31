//! Deciding by name: many different users, about half of them allowed.

use std::hint::black_box;

use cohort_core::decide::{self, Check, decide};
use cohort_core::view::{Snapshot, Subject};

use super::{NOW, row};
use crate::bench::Rows;
use crate::bench::report::Row;
use crate::bench::sample::{Budget, Samples};
use crate::bench::wasm::Told;
use crate::organisation::{Organisation, Question, Random};

/// Questions asked, each in its turn.
const QUESTIONS: usize = 20_000;
/// Questions of one sample: single ones are too near to the clock's own cost.
const CHUNK: usize = 200;
/// Questions drawn before any answer will do.
const DRAWS_MAX: usize = 64;

/// Questions, about half of them allowed.
pub(in crate::bench) struct Workload {
    questions: Vec<Question>,
    /// The ids of those who ask.
    users: Vec<String>,
    /// The user of one question with permission and scope of another.
    mixed: Vec<[usize; 2]>,
    allowed: usize,
}

impl Workload {
    /// Questions to `organisation`, of which this is the snapshot.
    pub(in crate::bench) fn new(organisation: &Organisation, snapshot: &Snapshot) -> Self {
        let questions = questions(organisation, snapshot);
        let mut random = Random::new(4);
        let mixed = (0..10 * QUESTIONS).map(|_| [random.below(QUESTIONS), random.below(QUESTIONS)]).collect();
        let users = questions.iter().map(|question| match snapshot.subject(&question.subject) {
            Subject::User(id) => id.to_string(),
            Subject::Unknown | Subject::Ambiguous => question.subject.clone(),
        });
        let users = users.collect();
        let allowed = questions.iter().filter(|question| allows(snapshot, question)).count();
        Self { questions, users, mixed, allowed }
    }

    /// By name.
    pub(in crate::bench) fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// By handle.
    pub(in crate::bench) fn checks(&self, snapshot: &Snapshot) -> Vec<Check> {
        self.questions.iter().filter_map(|question| looked_up(snapshot, question)).collect()
    }

    /// As other programs are told.
    pub(in crate::bench) fn told(&self) -> Told {
        Told {
            at: NOW.as_millis(),
            users: self.users.clone(),
            permissions: self.questions.iter().map(|question| question.permission.clone()).collect(),
            scopes: self
                .questions
                .iter()
                .map(|question| question.scope.clone().unwrap_or_default())
                .collect(),
            mixed: self.mixed.clone(),
            allowed: self.allowed,
        }
    }

    /// How many of a hundred are allowed.
    pub(super) fn allowed_percent(&self) -> usize {
        self.allowed * 100 / self.questions.len().max(1)
    }

    /// Measures decisions.
    pub(super) fn measure(&self, snapshot: &Snapshot, rows: &mut Rows<'_>) {
        let name = "decide by name";
        if rows.wants(name) {
            let mut chunks = self.questions.chunks(CHUNK).cycle();
            let ask = |chunk: &[Question]| chunk.iter().filter(|question| allows(snapshot, question)).count();
            let samples = Samples::of(Budget::LONG, || black_box(ask(chunks.next().unwrap_or_default())));
            rows.add(each(row(name, &samples, None)));
        }
        let checks = self.checks(snapshot);
        self.by_handle(snapshot, &checks, rows);
        of_one_user(snapshot, &checks, rows);
    }

    /// The same questions, and quite random ones, with their names looked up before.
    fn by_handle(&self, snapshot: &Snapshot, checks: &[Check], rows: &mut Rows<'_>) {
        let mixed = self.mixed.iter().filter_map(|[one, other]| {
            let (one, other) = (checks.get(*one)?, checks.get(*other)?);
            Some(Check { permission: other.permission, place: other.place, ..*one })
        });
        let mixed: Vec<Check> = mixed.collect();
        for (name, checks) in [("check by handle", checks), ("check by handle, random triples", &mixed)] {
            if !rows.wants(name) {
                continue;
            }
            rows.add(checked(name, snapshot, checks));
        }
    }
}

/// Measures questions by handle.
pub(in crate::bench) fn checked(name: &str, snapshot: &Snapshot, checks: &[Check]) -> Row {
    let mut chunks = checks.chunks(CHUNK).cycle();
    let allows = |check: &&Check| decide::check(snapshot, check).is_ok_and(|one| one.outcome.is_allow());
    let ask = |chunk: &[Check]| chunk.iter().filter(allows).count();
    let samples = Samples::of(Budget::SHORT, || black_box(ask(chunks.next().unwrap_or_default())));
    each(row(name, &samples, None))
}

/// A signed-in user: selected once, asked often.
fn of_one_user(snapshot: &Snapshot, checks: &[Check], rows: &mut Rows<'_>) {
    let mut next = checks.iter().cycle();
    let mut select = || next.next().and_then(|check| snapshot.select(check.user, None, NOW).ok());
    if rows.wants("select one user") {
        rows.add(row("select one user", &Samples::of(Budget::SHORT, &mut select), None));
    }
    let Some(selection) = select().filter(|_| rows.wants("can, of a selected user")) else { return };
    let mut chunks = checks.chunks(CHUNK).cycle();
    let can = |check: &&Check| selection.can(check.permission) == Ok(true);
    let ask = |chunk: &[Check]| chunk.iter().filter(can).count();
    let samples = Samples::of(Budget::SHORT, || black_box(ask(chunks.next().unwrap_or_default())));
    rows.add(each(row("can, of a selected user", &samples, None)));
}

/// The row of one of the [`CHUNK`] things that each sample did.
fn each(mut row: Row) -> Row {
    row.median_ns /= CHUNK as f64;
    row.p99_ns /= CHUNK as f64;
    row
}

fn looked_up(snapshot: &Snapshot, question: &Question) -> Option<Check> {
    let (user, permission) =
        (snapshot.user(&question.subject).ok()??, snapshot.permission(&question.permission)?);
    let place = question.scope.as_deref().map_or(Ok(snapshot.org_place()), |scope| snapshot.place(scope));
    Some(Check::new(user, permission, place.ok()?, NOW))
}

/// Every other question is to be allowed, every other one not; some role has each permission, for it is asked for by
/// handle too.
fn questions(organisation: &Organisation, snapshot: &Snapshot) -> Vec<Question> {
    let mut random = Random::new(3);
    let fits = |question: &Question, wanted: bool| {
        snapshot.knows_permission(&question.permission) && allows(snapshot, question) == wanted
    };
    let mut next = |wanted: bool| {
        let mut question = organisation.question(&mut random);
        for _ in 0..DRAWS_MAX {
            if fits(&question, wanted) {
                break;
            }
            question = organisation.question(&mut random);
        }
        question
    };
    (0..QUESTIONS).map(|number| next(number % 2 == 0)).collect()
}

fn allows(snapshot: &Snapshot, question: &Question) -> bool {
    decide(snapshot, &question.query(NOW)).outcome.is_allow()
}
