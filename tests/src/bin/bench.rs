//! Measures organisations of several sizes; `cargo xtask bench` builds it in release and calls this.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use clap::Parser;
use cohort_tests::bench::report::Report;
use cohort_tests::bench::{Failure, Modules, measure, page, peers, weight};
use cohort_tests::organisation::Size;

/// Prints the figures as a page, or as JSON; what it is doing goes to standard error.
#[derive(Parser)]
#[command(name = "cohort-bench")]
struct Arguments {
    /// Sizes, smallest first.
    #[arg(long, value_delimiter = ',', default_value = "S,M,L", value_parser = size)]
    sizes: Vec<Size>,
    /// Measure only what has this in its name.
    #[arg(long, default_value = "")]
    only: String,
    /// The folder that `cargo xtask dist` fills, for the figures in wasm.
    #[arg(long)]
    dist: Option<PathBuf>,
    /// The folder in which peers are installed: measure them beside the raw module and the npm package, and nothing else.
    #[arg(long, requires = "dist")]
    peers: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Only open the snapshot on standard input, and print the bytes of memory that it takes.
    #[arg(long, hide = true)]
    weigh: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let printed = match &arguments {
        Arguments { weigh: true, .. } => weight(),
        Arguments { peers: Some(peers), dist: Some(dist), sizes, json, .. } => {
            beside_peers(sizes, peers, &Modules::of(dist), *json)
        }
        Arguments { sizes, only, dist, json, .. } => figures(sizes, only, dist.as_deref(), *json),
    };
    match printed {
        Ok(text) => {
            println!("{}", text.trim_end());
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn size(name: &str) -> Result<Size, String> {
    Size::named(name).ok_or_else(|| "expected S, M or L".to_string())
}

fn weight() -> Result<String, Failure> {
    let taken = weight::weigh(std::io::stdin().lock())?;
    Ok(taken.map(|bytes| bytes.to_string()).unwrap_or_default())
}

fn figures(sizes: &[Size], only: &str, dist: Option<&Path>, json: bool) -> Result<String, Failure> {
    if dist.is_none() {
        eprintln!("no figures in wasm: `--dist` names no folder with the modules");
    }
    let report = report(sizes, only, dist)?;
    if json {
        serde_json::to_string_pretty(&report).map_err(Failure::Report)
    } else {
        Ok(page::markdown(&report))
    }
}

fn beside_peers(sizes: &[Size], peers: &Path, modules: &Modules, json: bool) -> Result<String, Failure> {
    let scratch = std::env::temp_dir().join(format!("cohort-peers-{}", std::process::id()));
    let places = peers::Places { peers, modules, scratch: &scratch };
    let measured = sizes.iter().map(|size| Ok((size.name, peers::measure(*size, &places)?)));
    let measured: Result<Vec<_>, Failure> = measured.collect();
    std::fs::remove_dir_all(&scratch).map_err(Failure::Start)?;
    let measured = measured?;
    if json {
        return serde_json::to_string_pretty(&measured).map_err(Failure::Report);
    }
    Ok(peers::markdown(&measured))
}

fn report(sizes: &[Size], only: &str, dist: Option<&Path>) -> Result<Report, Failure> {
    if let [size] = sizes {
        return measure(*size, only, dist.map(Modules::of).as_ref());
    }
    let mut whole = Report { cores: 0, sizes: Vec::new() };
    for size in sizes {
        let Report { cores, sizes } = in_its_own_process(*size, only, dist)?;
        whole.cores = cores;
        whole.sizes.extend(sizes);
    }
    Ok(whole)
}

/// A process for each size: none inherits the heap, and so the memory figures, of the one before.
fn in_its_own_process(size: Size, only: &str, dist: Option<&Path>) -> Result<Report, Failure> {
    let program = std::env::current_exe().map_err(Failure::Start)?;
    let mut command = Command::new(program);
    command.args(["--json", "--sizes", size.name, "--only", only]).stderr(Stdio::inherit());
    command.args(dist.map(|_| "--dist")).args(dist);
    let output = command.output().map_err(Failure::Start)?;
    if !output.status.success() {
        return Err(Failure::Ended { size: size.name });
    }
    serde_json::from_slice(&output.stdout).map_err(Failure::Report)
}
