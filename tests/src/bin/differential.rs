//! The long comparison of the product with the oracle over random worlds.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use cohort_host::module::{ModuleError, Program};
use cohort_tests::random::{Size, run, seed_or};

/// Answers between two lines of progress.
const PROGRESS_ANSWERS: u64 = 500_000;

/// Plays random worlds on both sides and compares every answer.
///
/// Prints the seed, how often each reason was met, and the first difference in the least world that shows it. The
/// status is 1 for a difference. It is 1 too when a run of 1,000,000 answers or more proves too little: each reason of
/// allow, deny and indeterminate and each kind of path must be at least 0.1 % of the answers, 40 to 60 % must be
/// allow, and each kind of nearest miss must be met.
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
    /// Ask this module too, such as `dist/cohort.wasm`.
    #[arg(long, value_name = "FILE")]
    module: Option<PathBuf>,
}

fn main() -> ExitCode {
    let Arguments { decisions, seed, explain_every, module } = Arguments::parse();
    let seed = seed.unwrap_or_else(|| seed_or(1));
    let program = match module.as_deref().map(compiled).transpose() {
        Ok(program) => program,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut next = PROGRESS_ANSWERS;
    let report = run(seed, &Size { answers: decisions, explain_every, program }, |tally| {
        if tally.answers >= next {
            eprintln!("{:>10} answers, {:.1} % allow", tally.answers, tally.allows() / 10.0);
            next += PROGRESS_ANSWERS;
        }
    });
    let lacks = if report.found.is_none() { report.tally.lacks() } else { Vec::new() };
    println!("{report}");
    for lack in &lacks {
        println!("proves too little: {lack}");
    }
    if report.found.is_none() && lacks.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn compiled(module: &Path) -> Result<Arc<Program>, ModuleError> {
    Program::from_file(module).map(Arc::new)
}
