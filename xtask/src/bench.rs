//! `cargo xtask bench`: measures organisations of several sizes, SCIM requests, or a gateway, and writes the page about it.

use crate::command::{Command, Words};
use crate::failure::Failure;
use crate::project::Project;
use crate::test::gateway;
use crate::{dist, shell};
use std::fs;
use std::process;

const PAGE: &str = "docs/benchmarks.md";
const SCIM_PAGE: &str = "docs/benchmarks-scim.md";
const ENVOY_PAGE: &str = "docs/benchmarks-edge.md";

pub(crate) const COMMAND: Command = Command {
    name: "bench",
    summary: "measures changes, bytes, decisions and SCIM requests at several sizes",
    help: "\
Usage: cargo xtask bench [--sizes S,M,L] [--only NAME] [--json]
       cargo xtask bench --scim [--users LIST]
       cargo xtask bench --envoy

Builds in release, makes organisations of 1,000, 100,000 and 1,000,000 users from a fixed seed, and measures what
each kind of change costs a graph, what snapshots and deltas cost, and how long a decision takes, natively and through
the raw module in wasmtime and Node, next to the floor of the machine. A whole run takes some minutes and 16 GiB,
prints its page and writes docs/benchmarks.md; a run with options only prints. Nothing fails on a slow machine: compare
the rows of one run.

With --scim it runs the server, built in release, on loopback with an empty folder for each size, fills it, and measures
the CPU time that the server takes for each kind of SCIM request and whether that grows; it prints its page and writes
docs/benchmarks-scim.md, or with --users only prints. It fails if a listing is not complete or a member was lost.

With --envoy it measures requests through a real Envoy without the filter and with it, prints its page and writes
docs/benchmarks-edge.md.

Options:
  --sizes LIST   some of S, M and L, smallest first (default S,M,L)
  --scim         measure SCIM requests
  --envoy        measure the filter in a gateway
  --users LIST   numbers of users, smallest first (default 100,10000,100000)
  --only NAME    only what has NAME in its name, such as `membership`
  --json         prints the figures as JSON
",
    run,
};

fn run(project: &Project, mut words: Words) -> Result<(), Failure> {
    let (mut is_scim, mut is_envoy, mut options) = (false, false, Vec::new());
    while let Some(word) = words.next() {
        match word.as_str() {
            _ if is_envoy => return Err(words.unknown(word)),
            "--envoy" if options.is_empty() && !is_scim => is_envoy = true,
            "--scim" if options.is_empty() => is_scim = true,
            "--users" if is_scim => {
                let value = words.value(&word)?;
                options.extend([word, value]);
            }
            "--json" if !is_scim => options.push(word),
            "--sizes" | "--only" if !is_scim => {
                let value = words.value(&word)?;
                options.extend([word, value]);
            }
            _ => return Err(words.unknown(word)),
        }
    }
    // Standard output is for the figures: `--json` is read by programs.
    eprintln!("building in release (some minutes the first time) ...");
    let (path, page) = match (is_scim, is_envoy) {
        (_, true) => (ENVOY_PAGE, filter(project)?),
        (true, _) => (SCIM_PAGE, requests(project, &options)?),
        _ => (PAGE, organisations(project, &options)?),
    };
    if !options.is_empty() {
        return Ok(());
    }
    let path = project.root().join(path);
    fs::write(&path, page).map_err(|cause| Failure::Write { path, cause })
}

/// What organisations cost: changes, bytes and decisions.
fn organisations(project: &Project, options: &[String]) -> Result<String, Failure> {
    let package = ["--release", "--package=cohort-tests", "--bin=cohort-bench"];
    build(project, &package)?;
    let module = dist::raw_module(project)?;
    let mut bench = project.command(project.release_program("cohort-bench"));
    printed(bench.args(options).arg("--module").arg(module))
}

/// What SCIM requests cost. Only the server is built in release: what sends the requests is not measured.
fn requests(project: &Project, options: &[String]) -> Result<String, Failure> {
    build(project, &["--release", "--package=cohort-server"])?;
    build(project, &["--package=cohort-tests", "--bin=cohort-serving"])?;
    let mut bench = project.command(project.program("cohort-serving"));
    printed(bench.args(options).arg("--cohort").arg(project.release_program("cohort")))
}

/// What the filter costs. Envoy and the filter are what ships: what sends the requests is not measured.
fn filter(project: &Project) -> Result<String, Failure> {
    dist::proxy(project)?;
    build(project, &["--package=cohort-tests", "--bin=cohort-gateway"])?;
    let envoy = gateway::envoy(project)?;
    let mut bench = project.command(project.program("cohort-gateway"));
    bench.arg("--bench").arg("--envoy").arg(envoy);
    printed(bench.arg("--filter").arg(project.dist().join("cohort.proxy-wasm.wasm")))
}

fn build(project: &Project, what: &[&str]) -> Result<(), Failure> {
    shell::run(project.cargo(&["build", "--quiet", "--locked"]).args(what))
}

/// What the program prints, which is printed too.
fn printed(program: &mut process::Command) -> Result<String, Failure> {
    let mut page = String::new();
    shell::run_reading(program, |line| {
        page.push_str(line);
        page.push('\n');
    })?;
    Ok(page)
}
