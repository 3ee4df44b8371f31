//! Plays the worlds through a face in wasmtime.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use cohort_host::module::Program;
use cohort_tests::asks::{Report, play};
use cohort_tests::faces::{Component, Known, Raw, payload, refusals};

/// Leads the raw module or the component, in wasmtime, through the files that `cohort-asks` wrote.
///
/// Leaves a result file; the status is 1 if an answer is not as it must be.
#[derive(Parser)]
#[command(name = "cohort-faces")]
struct Arguments {
    /// Which.
    #[arg(long, value_parser = ["raw", "component"])]
    face: String,
    /// The folder of the worlds.
    #[arg(long, default_value = "target/runtimes/worlds")]
    worlds: PathBuf,
    /// The folder of the modules.
    #[arg(long, default_value = "dist")]
    dist: PathBuf,
    /// The result file.
    #[arg(long)]
    result: PathBuf,
}

/// The version that this workspace is built with.
const WASMTIME: &str = "48";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(report) if report.failures.is_empty() => ExitCode::SUCCESS,
        Ok(report) => {
            report.failures.iter().for_each(|failure| println!("{failure}"));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(Arguments { face, worlds, dist, result }: &Arguments) -> Result<Report, Box<dyn std::error::Error>> {
    let report = match face.as_str() {
        "raw" => play(worlds, &mut Raw(Program::from_file(&dist.join("cohort.wasm"))?))?,
        _ => of_component(worlds, &dist.join("cohort.component.wasm"))?,
    };
    fs::write(result, report.to_result("wasmtime", WASMTIME, face))?;
    Ok(report)
}

/// The worlds, and what the component must refuse besides bytes, tried with a small organisation.
fn of_component(worlds: &Path, file: &Path) -> Result<Report, Box<dyn std::error::Error>> {
    let mut component = Component::from_bytes(&fs::read(file)?)?;
    let mut report = play(worlds, &mut component)?;
    let small = worlds.join("small");
    let (snapshot, delta) = (fs::read(small.join("small.snapshot"))?, fs::read(small.join("small.delta"))?);
    let (snapshot, delta) = (payload(&snapshot), payload(&delta));
    let known = Known { snapshot, delta, user: "ada", permission: "quote:create", at: 1_772_359_200_000 };
    let (tried, mut failures) = refusals(&component, known)?;
    report.cases += tried;
    report.failures.append(&mut failures);
    Ok(report)
}
