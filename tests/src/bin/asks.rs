//! Writes the worlds of the tests as files for every face.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use cohort_tests::asks::{Native, Recorded, play, record};

/// Writes every world as bytes, questions and answers that faces in any language can read.
///
/// The form is described in `tests/src/asks.rs`. What was written is read again and put to the core; the status is 1
/// if an answer differs. With `--result`, that run leaves a result file too.
#[derive(Parser)]
#[command(name = "cohort-asks")]
struct Arguments {
    /// The folder to write to; what was in it is gone.
    #[arg(long, default_value = "target/runtimes/worlds")]
    out: PathBuf,
    /// Where to write how the core itself answered.
    #[arg(long, value_name = "FILE")]
    result: Option<PathBuf>,
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

/// How many answers differ.
fn run(Arguments { out, result }: &Arguments) -> Result<usize, Box<dyn std::error::Error>> {
    let Recorded { worlds, asks, not_for_faces } = record(out)?;
    println!("{worlds} worlds with {asks} questions in `{}`", out.display());
    println!("{not_for_faces} statements (count, owners) are about the directory; no face can be asked");
    let report = play(out, &mut Native::default())?;
    for failure in &report.failures {
        println!("{failure}");
    }
    println!("the core: {} folders, {} answers, {} refusals", report.worlds, report.asks, report.cases);
    if let Some(file) = result {
        std::fs::write(file, report.to_result("native", env!("CARGO_PKG_VERSION"), "core"))?;
    }
    Ok(report.failures.len())
}
