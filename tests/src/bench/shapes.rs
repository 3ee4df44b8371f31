//! Organisations of the sizes that published benchmarks of policy engines use: 5 to 50 users, groups and resources.

use std::hint::black_box;

use cohort_core::decide::decide;
use cohort_core::view::Snapshot;

use super::report::{Part, Row};
use super::sample::{Budget, Samples};
use super::{Failure, Rows, floor};
use crate::build::{Build, query};
use crate::world::{self, Ask, Statement};

/// What is measured on which world of `tests/data/worlds/shapes`.
const SHAPES: [(&str, &str); 3] = [
    ("teams and repositories", include_str!("../../data/worlds/shapes/repository-roles.world")),
    ("documents and folders", include_str!("../../data/worlds/shapes/documents-in-folders.world")),
    ("to-do lists", include_str!("../../data/worlds/shapes/to-do-lists.world")),
];
/// Rounds of all questions of a world in one sample.
const ROUNDS: usize = 100;

/// Measures decisions by name on each shape that is asked for.
///
/// # Errors
/// [`Failure`] if a world is refused, or the bytes of one are.
pub(super) fn measure(rows: &mut Rows<'_>) -> Result<(), Failure> {
    for (name, text) in SHAPES {
        if rows.wants(name) {
            rows.add(shape(name, text)?);
        }
    }
    Ok(())
}

fn shape(name: &str, text: &str) -> Result<Row, Failure> {
    let (build, asks) = at_the_first_questions(text)?;
    let snapshot = Snapshot::open(&build.snapshot_bytes())?;
    let conditions: Vec<Vec<&str>> =
        asks.iter().map(|ask| ask.conditions.iter().map(String::as_str).collect()).collect();
    let asked: Vec<_> = asks.iter().zip(&conditions).map(|(ask, with)| query(ask, with, build.at)).collect();
    let allowed = || asked.iter().filter(|query| decide(&snapshot, query).outcome.is_allow()).count();
    let samples = Samples::of(Budget::SHORT, || (0..ROUNDS).map(|_| black_box(allowed())).sum::<usize>());
    Ok(Row { part: Part::Shape, ..floor::row(name, &samples, (ROUNDS * asked.len()) as f64) })
}

/// The world as it is when it has asked something for the first time, and what it asks there.
fn at_the_first_questions(text: &str) -> Result<(Build, Vec<Ask>), Failure> {
    let mut build = Build::default();
    let mut asks = Vec::new();
    for line in world::read(text).unwrap_or_default() {
        match line.statement {
            Statement::Ask(ask) => asks.push(ask),
            _ if !asks.is_empty() => break,
            statement => build.carry_out(&statement).map(drop).map_err(Failure::World)?,
        }
    }
    Ok((build, asks))
}
