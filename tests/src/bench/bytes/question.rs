//! Deciding by name: many different users, about half of them allowed.

use std::hint::black_box;

use cohort_core::decide::{self, Check, decide};
use cohort_core::view::Snapshot;

use super::{NOW, row};
use crate::bench::Rows;
use crate::bench::report::Row;
use crate::bench::sample::{Budget, Samples};
use crate::organisation::{Organisation, Question, Random};

/// Questions asked, each in its turn.
const QUESTIONS: usize = 20_000;
/// Questions of one sample: single ones are too near to the clock's own cost.
const CHUNK: usize = 200;
/// Questions drawn before any answer will do.
const DRAWS_MAX: usize = 64;

/// Measures decisions and gives how many of a hundred were allowed.
pub(super) fn measure(organisation: &Organisation, snapshot: &Snapshot, rows: &mut Rows<'_>) -> usize {
    let questions = questions(organisation, snapshot);
    let allowed = questions.iter().filter(|question| allows(snapshot, question)).count();
    let name = "decide by name";
    if rows.wants(name) {
        let mut chunks = questions.chunks(CHUNK).cycle();
        let ask = |chunk: &[Question]| chunk.iter().filter(|question| allows(snapshot, question)).count();
        let samples = Samples::of(Budget::LONG, || black_box(ask(chunks.next().unwrap_or_default())));
        rows.add(each(row(name, &samples, None)));
    }
    by_handle(snapshot, &questions, rows);
    of_one_user(snapshot, &questions, rows);
    allowed * 100 / questions.len().max(1)
}

/// The same questions, and quite random ones, with their names looked up before.
fn by_handle(snapshot: &Snapshot, questions: &[Question], rows: &mut Rows<'_>) {
    let checks: Vec<Check> = questions.iter().filter_map(|question| looked_up(snapshot, question)).collect();
    let mut random = Random::new(4);
    let mut any = || {
        let (one, other) = (random.below(checks.len()), random.below(checks.len()));
        let (one, other) = (checks.get(one)?, checks.get(other)?);
        Some(Check { permission: other.permission, place: other.place, ..*one })
    };
    let mixed: Vec<Check> = (0..10 * QUESTIONS).filter_map(|_| any()).collect();
    for (name, checks) in [("check by handle", &checks), ("check by handle, random triples", &mixed)] {
        if !rows.wants(name) {
            continue;
        }
        let mut chunks = checks.chunks(CHUNK).cycle();
        let allows = |check: &&Check| decide::check(snapshot, check).is_ok_and(|one| one.outcome.is_allow());
        let ask = |chunk: &[Check]| chunk.iter().filter(allows).count();
        let samples = Samples::of(Budget::SHORT, || black_box(ask(chunks.next().unwrap_or_default())));
        rows.add(each(row(name, &samples, None)));
    }
}

/// A signed-in user: selected once, asked often.
fn of_one_user(snapshot: &Snapshot, questions: &[Question], rows: &mut Rows<'_>) {
    let checks: Vec<Check> = questions.iter().filter_map(|question| looked_up(snapshot, question)).collect();
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

/// Every other question is to be allowed, every other one not.
fn questions(organisation: &Organisation, snapshot: &Snapshot) -> Vec<Question> {
    let mut random = Random::new(3);
    let mut next = |wanted: bool| {
        let mut question = organisation.question(&mut random);
        for _ in 0..DRAWS_MAX {
            if allows(snapshot, &question) == wanted {
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
