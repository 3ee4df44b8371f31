//! The long run of eight identity providers at once, and of many additions to one large group.

use std::process::ExitCode;

use clap::Parser;
use cohort_tests::failure::Failure;
use cohort_tests::load::{Burst, Plan, burst, run};
use cohort_tests::program::Programs;
use cohort_tests::random::seed_or;

/// Sends requests of eight identity providers in parallel to the development build of the server, checks each answer
/// and the final state, and prints what was sent and how the server's memory grew.
///
/// With `--group`, fills a group first, adds to it in parallel, kills the server in the middle and checks that every
/// acknowledged addition is there.
#[derive(Parser)]
#[command(name = "cohort-load")]
struct Arguments {
    /// Requests to send.
    #[arg(long, default_value_t = 200_000)]
    requests: usize,
    /// What is drawn; `COHORT_SEED` or 1 when absent.
    #[arg(long)]
    seed: Option<u64>,
    /// Members of the group that is added to, instead of the mixed requests.
    #[arg(long, value_name = "MEMBERS")]
    group: Option<usize>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match carried_out(&arguments).await {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn carried_out(arguments: &Arguments) -> Result<String, Failure> {
    let programs = Programs::built();
    if let Some(members) = arguments.group {
        return Ok(burst(programs, Burst { members, cut_after: 200 }).await?.to_string());
    }
    let seed = arguments.seed.unwrap_or_else(|| seed_or(1));
    println!("seed {seed}");
    Ok(run(programs, Plan { requests: arguments.requests, seed }).await?.to_string())
}
