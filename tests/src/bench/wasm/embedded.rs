//! The module in wasmtime, called directly: no fuel, no epochs, no other bounds.

use std::time::Instant;

use wasmtime::{Engine, Module};

use super::instance::{Asked, Opened};
use super::{CHUNK, FACTS, Told, expect_allowed, row};
use crate::bench::report::Row;
use crate::bench::sample::{Budget, Samples, time};
use crate::bench::{Failure, Rows};

pub(super) const RUNTIME: &str = "wasmtime";

/// Measures everything of the module in wasmtime.
///
/// # Errors
/// [`Failure`] if the module does not run, or allows something else than the core.
pub(super) fn measure(
    code: &[u8],
    (snapshot, deltas): (&[u8], &[Vec<u8>]),
    told: &Told,
    rows: &mut Rows<'_>,
) -> Result<(), Failure> {
    let engine = Engine::default();
    let module = Module::from_binary(&engine, code)?;
    open("open snapshot in a fresh instance", rows, || Opened::new(&engine, &module, snapshot).map(drop))?;
    let mut opened = Opened::new(&engine, &module, snapshot)?;
    open("open snapshot", rows, || {
        opened.close()?;
        opened.open(snapshot)
    })?;
    rows.add_bytes("linear memory in wasmtime", Some(opened.memory_bytes()));
    let asked = opened.asked(told)?;
    chunked("empty call", &asked, rows, |chunk| opened.call_nothing(chunk.len()))?;
    let user = asked.first().map_or(0, |(user, ..)| *user);
    let selection = opened.select(user, told.at)?;
    chunked("can, of a selected user", &asked, rows, |chunk| opened.can(selection, chunk))?;
    chunked("check by handle", &asked, rows, |chunk| opened.check(chunk, told.at))?;
    expect_allowed(RUNTIME, told, opened.check(&asked, told.at)?)?;
    let mixed = told.mixed.iter().filter_map(|[one, other]| {
        let ((user, ..), (_, permission, place)) = (asked.get(*one)?, asked.get(*other)?);
        Some((*user, *permission, *place))
    });
    let mixed: Vec<Asked> = mixed.collect();
    chunked("check by handle, random triples", &mixed, rows, |chunk| opened.check(chunk, told.at))?;
    let mut opened = Opened::new(&engine, &module, snapshot)?;
    opened.follow(deltas)?;
    let name = format!("linear memory in wasmtime, and {} deltas", deltas.len());
    rows.add_bytes(&name, Some(opened.memory_bytes()));
    Ok(())
}

fn open(
    name: &str,
    rows: &mut Rows<'_>,
    mut once: impl FnMut() -> Result<(), Failure>,
) -> Result<(), Failure> {
    let samples = Samples::take(Budget::LONG, || {
        let start = Instant::now();
        once().map(|()| start.elapsed())
    })?;
    rows.add(Row { follows: Some(FACTS.to_string()), ..row(RUNTIME, name, &samples, 1) });
    Ok(())
}

/// Measures what is done with one chunk of the questions after the other.
fn chunked<T>(
    name: &str,
    asked: &[Asked],
    rows: &mut Rows<'_>,
    mut once: impl FnMut(&[Asked]) -> Result<T, Failure>,
) -> Result<(), Failure> {
    let mut chunks = asked.chunks_exact(CHUNK).cycle();
    let samples = Samples::take(Budget::SHORT, || {
        let (took, done) = time(|| once(chunks.next().unwrap_or_default()));
        done.map(|_| took)
    })?;
    rows.add(row(RUNTIME, name, &samples, CHUNK));
    Ok(())
}
