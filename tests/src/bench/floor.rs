//! What the machine takes for almost nothing: below this, no figure of the run can be.

use std::hint::black_box;
use std::time::Duration;

use super::Rows;
use super::report::{Part, Row};
use super::sample::{Budget, Samples, time};
use crate::organisation::Random;

/// Calls, or steps through memory, in one sample: one alone is shorter than reading the clock.
const STEPS: u32 = 1_000;
/// Words of the chain that is walked: 128 MiB, more than any cache on the way.
const CHAIN_WORDS: usize = 16 * 1024 * 1024;

/// Measures an empty call and one cache miss.
pub(super) fn measure(rows: &mut Rows<'_>) {
    if rows.wants("an empty call") {
        let samples = Samples::of(Budget::SHORT, || (0..STEPS).for_each(|step| empty(black_box(step))));
        rows.add(row("an empty call", &samples, f64::from(STEPS)));
    }
    if rows.wants("one cache miss") {
        let chain = chain();
        let mut at = 0;
        let walked = Samples::take(Budget::SHORT, || {
            let (took, end) = time(|| (0..STEPS).try_fold(at, |at, _| chain.get(at).copied()));
            at = end.unwrap_or_default();
            Ok::<Duration, std::convert::Infallible>(took)
        });
        let Ok(samples) = walked;
        rows.add(row("one cache miss", &samples, f64::from(STEPS)));
    }
}

/// A floor's row, from samples of `steps` things each.
pub(super) fn row(name: &str, samples: &Samples, steps: f64) -> Row {
    Row {
        part: Part::Floor,
        name: name.to_string(),
        median_ns: samples.median() / steps,
        p99_ns: samples.p99() / steps,
        repetitions: samples.count(),
        facts: None,
        follows: None,
    }
}

#[inline(never)]
fn empty(argument: u32) {
    black_box(argument);
}

/// A cycle through all words in random order, each holding the place of the next (Sattolo 1986).
fn chain() -> Vec<usize> {
    let mut random = Random::new(1);
    let mut chain: Vec<usize> = (0..CHAIN_WORDS).collect();
    for last in (1..CHAIN_WORDS).rev() {
        chain.swap(last, random.below(last));
    }
    chain
}
