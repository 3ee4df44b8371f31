//! The long comparison of the product with the oracle over random worlds.

use std::process::ExitCode;

use clap::Parser;
use cohort_tests::random::{Large, Size, large, run, seed_or};

/// Answers between two lines of progress.
const PROGRESS_ANSWERS: u64 = 500_000;

/// Plays random worlds on both sides and compares every answer.
#[derive(Parser)]
#[command(name = "cohort-differential")]
struct Arguments {
    /// Answers to compare.
    #[arg(long, default_value_t = 10_000_000)]
    decisions: u64,
    /// The seed of the worlds; `COHORT_SEED` or 1 when absent.
    #[arg(long)]
    seed: Option<u64>,
    /// One answer of this many is also explained by both sides.
    #[arg(long, default_value_t = 16)]
    explain_every: usize,
    /// Leave out the two worlds of ten thousand groups.
    #[arg(long)]
    small_only: bool,
}

fn main() -> ExitCode {
    let Arguments { decisions, seed, explain_every, small_only } = Arguments::parse();
    let seed = seed.unwrap_or_else(|| seed_or(1));
    let mut next = PROGRESS_ANSWERS;
    let mut report = run(seed, Size { answers: decisions, explain_every }, |tally| {
        if tally.answers >= next {
            eprintln!("{:>10} answers, {:.1} % allow", tally.answers, tally.allows() / 10.0);
            next += PROGRESS_ANSWERS;
        }
    });
    let mut faults = Vec::new();
    if report.found.is_none() {
        faults = report.tally.lacks();
    }
    if !small_only {
        for side in [Large::AtTheStop, Large::BeyondTheStop] {
            if let Err(difference) = large(side, &mut report.tally) {
                faults.push(format!("{side:?}: {difference}"));
            }
        }
    }
    println!("{report}");
    for fault in &faults {
        println!("{fault}");
    }
    if report.found.is_none() && faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
