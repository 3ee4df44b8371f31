//! What must happen at a gateway, with a real Envoy before a real upstream and the real server.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use cohort_tests::gateway::bench::measure;
use cohort_tests::gateway::scenarios::{Place, run};

/// Runs the scenarios of a gateway; the status is 1 if one fails. With `--bench`, measures what the filter costs.
#[derive(Parser)]
#[command(name = "cohort-gateway")]
struct Arguments {
    /// The program `envoy`.
    #[arg(long)]
    envoy: PathBuf,
    /// The filter.
    #[arg(long, default_value = "dist/cohort.proxy-wasm.wasm")]
    filter: PathBuf,
    /// Prints the page of figures instead.
    #[arg(long)]
    bench: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { envoy, filter, bench } = Arguments::parse();
    let place = Place { envoy: &envoy, filter: &filter };
    if !bench {
        return ExitCode::from(u8::from(run(place).await > 0));
    }
    match measure(place).await {
        Ok(figures) => {
            print!("{figures}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
