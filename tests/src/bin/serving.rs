//! Measures what SCIM requests cost a server; `cargo xtask bench --scim` builds both and calls this.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use cohort_tests::serving::{measure, page};

/// Prints the figures as a page; what it is doing goes to standard error.
#[derive(Parser)]
#[command(name = "cohort-serving")]
struct Arguments {
    /// The server, built in release.
    #[arg(long)]
    cohort: PathBuf,
    /// Sizes, smallest first.
    #[arg(long, value_delimiter = ',', default_value = "100,10000,100000,1000000", value_parser = users)]
    users: Vec<usize>,
    /// The program of scim2-server, which is measured too.
    #[arg(long)]
    peer: Option<PathBuf>,
}

fn users(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (10..=2_000_000).contains(number));
    number.ok_or_else(|| "expected a number from 10 to 2000000".to_string())
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { cohort, users, peer } = Arguments::parse();
    match measure(&cohort, &users, peer.as_deref()).await {
        Ok(report) => {
            println!("{}", page::markdown(&report).trim_end());
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
