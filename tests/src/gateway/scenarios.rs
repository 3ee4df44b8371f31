//! What must happen at a gateway, scenario by scenario.

mod example;
mod feed;
mod load;
mod requests;
mod stage;

use std::future::Future;
use std::path::Path;

use crate::failure::Failure;

/// Why a scenario failed: something did not run, or an answer was not as it must be.
#[derive(Debug)]
pub struct Problem(String);

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self(failure.to_string())
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// Where the programs of a scenario are.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Envoy.
    pub envoy: &'a Path,
    /// The filter.
    pub filter: &'a Path,
}

/// Runs every scenario and prints its name and what came of it; how many failed.
pub async fn run(place: Place<'_>) -> usize {
    let mut failed = 0;
    failed += one("requests are judged by routes and the core", requests::judged(place)).await;
    failed +=
        one("a configuration that is not whole does not start", requests::refused_configurations(place))
            .await;
    failed += one("the example of the page works", example::example(place)).await;
    failed += one("changes arrive, flipped bits do not", feed::changes_and_flipped_bits(place)).await;
    failed += one("without a state nothing is known", feed::not_loaded(place)).await;
    failed += one("past the freshness bound nothing is known until news comes", feed::stale(place)).await;
    failed +=
        one("no answer under load is another than that of its revision", load::changes_under_load(place))
            .await;
    failed
}

async fn one(name: &str, scenario: impl Future<Output = Result<(), Problem>>) -> usize {
    let outcome = scenario.await;
    match &outcome {
        Ok(()) => println!("# pass 1\nenvoy: {name}"),
        Err(problem) => println!("# fail 1\nenvoy: {name}: {problem}"),
    }
    usize::from(outcome.is_err())
}

/// Compares an answer with what it must be.
fn expect(what: &str, found: &str, expected: &str) -> Result<(), Problem> {
    if found == expected { Ok(()) } else { Err(Problem(format!("{what}: {found}; expected {expected}"))) }
}
