//! `cargo xtask bench`: measures organisations of several sizes and writes the page about it.

use crate::command::{Command, Words};
use crate::failure::Failure;
use crate::project::Project;
use crate::{dist, shell};
use std::fs;

const PAGE: &str = "docs/benchmarks.md";

pub(crate) const COMMAND: Command = Command {
    name: "bench",
    summary: "measures changes, bytes and decisions at three sizes",
    help: "\
Usage: cargo xtask bench [--sizes S,M,L] [--only NAME] [--json]

Builds in release, makes organisations of 1,000, 100,000 and 1,000,000 users from a fixed seed, and measures what
each kind of change costs a graph, what snapshots and deltas cost, and how long a decision takes, natively and through
the raw module in wasmtime and Node, next to the floor of the machine. A whole run takes some minutes and 16 GiB,
prints its page and writes docs/benchmarks.md; a run with options only prints. Nothing fails on a slow machine: compare
the rows of one run.

Options:
  --sizes LIST   some of S, M and L, smallest first (default S,M,L)
  --only NAME    only what has NAME in its name, such as `membership`
  --json         prints the figures as JSON
",
    run,
};

fn run(project: &Project, mut words: Words) -> Result<(), Failure> {
    let mut options = Vec::new();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--json" => options.push(word),
            "--sizes" | "--only" => {
                let value = words.value(&word)?;
                options.extend([word, value]);
            }
            _ => return Err(words.unknown(word)),
        }
    }
    // Standard output is for the figures: `--json` is read by programs.
    eprintln!("building in release (some minutes the first time) ...");
    shell::run(&mut project.cargo(&[
        "build",
        "--quiet",
        "--locked",
        "--release",
        "--package=cohort-tests",
        "--bin=cohort-bench",
    ]))?;
    let module = dist::raw_module(project)?;
    let mut page = String::new();
    let mut bench = project.command(project.release_program("cohort-bench"));
    shell::run_reading(bench.args(&options).arg("--module").arg(module), |line| {
        page.push_str(line);
        page.push('\n');
    })?;
    if !options.is_empty() {
        return Ok(());
    }
    let path = project.root().join(PAGE);
    fs::write(&path, page).map_err(|cause| Failure::Write { path, cause })
}
