//! Plays a world against the real programs; `cargo xtask demo` builds them and calls this.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use cohort_tests::demo::{Options, play};
use cohort_tests::program::Programs;

/// Plays a world: provisions it over TCP, follows it with a wasmtime host, and compares every answer.
#[derive(Parser)]
#[command(name = "cohort-demo")]
struct Arguments {
    /// The `cohort` program.
    #[arg(long)]
    cohort: PathBuf,
    /// The `cohort-host` program.
    #[arg(long)]
    host: PathBuf,
    /// The raw wasm module.
    #[arg(long)]
    module: PathBuf,
    /// The world file.
    #[arg(long)]
    world: PathBuf,
    /// A folder for the data; it is emptied first.
    #[arg(long)]
    folder: PathBuf,
    /// End with status 0 only if every answer was as written, instead of leaving the server running.
    #[arg(long)]
    once: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { cohort, host, module, world, folder, once } = Arguments::parse();
    let options = Options { programs: Programs { cohort, host, module }, world, folder, once };
    match play(&options).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("demo: {failure}");
            ExitCode::FAILURE
        }
    }
}
