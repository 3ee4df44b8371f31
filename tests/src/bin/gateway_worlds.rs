//! Plays the worlds through the filter in Envoy.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use cohort_tests::asks::play;
use cohort_tests::gateway::Gateway;
use cohort_tests::gateway::scenarios::Place;

/// Asks what `cohort-asks` wrote as requests to an Envoy with the filter, and leaves a result file.
///
/// The status is 1 if an answer is not as it must be.
#[derive(Parser)]
#[command(name = "cohort-gateway-worlds")]
struct Arguments {
    /// The program `envoy`.
    #[arg(long)]
    envoy: PathBuf,
    /// The filter.
    #[arg(long, default_value = "dist/cohort.proxy-wasm.wasm")]
    filter: PathBuf,
    /// The folder of the worlds.
    #[arg(long, default_value = "target/runtimes/worlds")]
    worlds: PathBuf,
    /// The result file.
    #[arg(long, default_value = "target/runtimes/envoy-proxy.json")]
    result: PathBuf,
    /// The version of Envoy, for the result.
    #[arg(long, default_value = "")]
    version: String,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// How many answers are wrong.
fn run(arguments: &Arguments) -> Result<usize, Box<dyn std::error::Error>> {
    let place = Place { envoy: &arguments.envoy, filter: &arguments.filter };
    let mut gateway = Gateway::start(place, &arguments.worlds)?;
    let mut report = play(&arguments.worlds, &mut gateway)?;
    // Bytes were opened here and not by the gateway, which is told facts that are moved in time.
    let cases = std::mem::take(&mut report.cases);
    report.passed_over.insert("refusal", cases);
    for failure in &report.failures {
        println!("{failure}");
    }
    std::fs::write(&arguments.result, report.to_result("envoy", &arguments.version, "proxy"))?;
    Ok(report.failures.len())
}
