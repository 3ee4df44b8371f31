//! What must happen at a gateway, with a real Envoy before a real upstream and the real server.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use cohort_tests::gateway::scenarios::{Place, run};

/// Runs the scenarios of a gateway; the status is 1 if one fails.
#[derive(Parser)]
#[command(name = "cohort-gateway")]
struct Arguments {
    /// The program `envoy`.
    #[arg(long)]
    envoy: PathBuf,
    /// The filter.
    #[arg(long, default_value = "dist/cohort.proxy-wasm.wasm")]
    filter: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { envoy, filter } = Arguments::parse();
    match run(Place { envoy: &envoy, filter: &filter }).await {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
