//! Plays the worlds through the faces in wasmtime.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use cohort_host::module::Program;
use cohort_tests::asks::{Report, play};
use cohort_tests::faces::{Component, Known, Raw, payload, refusals};

/// Leads the raw module and the component, in wasmtime, through the files that `cohort-asks` wrote.
///
/// Leaves a result file for each; the status is 1 if an answer is not as it must be.
#[derive(Parser)]
#[command(name = "cohort-faces")]
struct Arguments {
    /// The folder of the worlds.
    #[arg(long, default_value = "target/runtimes/worlds")]
    worlds: PathBuf,
    /// The folder of the modules.
    #[arg(long, default_value = "dist")]
    dist: PathBuf,
    /// The folder for result files.
    #[arg(long, default_value = "target/runtimes")]
    results: PathBuf,
}

/// The version that this workspace is built with.
const WASMTIME: &str = "48";

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
    let Arguments { worlds, dist, .. } = arguments;
    let mut raw = Raw(Program::from_file(&dist.join("cohort.wasm"))?);
    let wrong = shown(arguments, "raw", &play(worlds, &mut raw)?)?;
    let mut component = Component::from_bytes(&fs::read(dist.join("cohort.component.wasm"))?)?;
    let mut report = play(worlds, &mut component)?;
    let (tried, mut failures) = refused(&worlds.join("small"), &component)?;
    report.cases += tried;
    report.failures.append(&mut failures);
    Ok(wrong + shown(arguments, "component", &report)?)
}

/// What the component must refuse besides bytes, tried with a small organisation.
fn refused(small: &Path, component: &Component) -> Result<(usize, Vec<String>), Box<dyn std::error::Error>> {
    let (snapshot, delta) = (fs::read(small.join("small.snapshot"))?, fs::read(small.join("small.delta"))?);
    let (snapshot, delta) = (payload(&snapshot), payload(&delta));
    let known = Known { snapshot, delta, user: "ada", permission: "quote:create", at: 1_772_359_200_000 };
    Ok(refusals(component, known)?)
}

/// Prints a report and leaves it as a result file; how many answers are wrong.
fn shown(arguments: &Arguments, name: &str, report: &Report) -> std::io::Result<usize> {
    for failure in &report.failures {
        println!("{failure}");
    }
    println!("# {} 1", if report.failures.is_empty() { "pass" } else { "fail" });
    println!(
        "wasmtime {name}: {} folders, {} answers, {} refusals",
        report.worlds, report.asks, report.cases
    );
    let file = arguments.results.join(format!("wasmtime-{name}.json"));
    write(&file, &report.to_result("wasmtime", WASMTIME, name))?;
    Ok(report.failures.len())
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
