//! Prints what each face answered in each runtime.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use cohort_tests::matrix::Matrix;

/// Prints the table of runtimes and faces from their result files.
///
/// The status is 1 if a cell is red: something failed, less was played than there is, or there is no file.
#[derive(Parser)]
#[command(name = "cohort-matrix")]
struct Arguments {
    /// Where the result files are.
    folder: PathBuf,
    /// RUNTIME-FACE of each cell, such as `node-npm`.
    #[arg(required = true)]
    names: Vec<String>,
}

fn main() -> ExitCode {
    let Arguments { folder, names } = Arguments::parse();
    let matrix = Matrix::read(&folder, &names);
    print!("{matrix}");
    let green = matrix.cells.iter().filter(|cell| cell.is_green()).count();
    println!("# pass {green}");
    println!("# fail {}", matrix.cells.len() - green);
    if green == matrix.cells.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
