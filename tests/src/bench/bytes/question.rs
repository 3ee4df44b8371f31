//! Deciding by name: many different users, about half of them allowed.

use std::hint::black_box;

use cohort_core::decide::decide;
use cohort_core::view::Snapshot;

use super::{NOW, row};
use crate::bench::Rows;
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
        let mut row = row(name, &samples, None);
        row.median_ns /= CHUNK as f64;
        row.p99_ns /= CHUNK as f64;
        rows.add(row);
    }
    allowed * 100 / questions.len().max(1)
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
