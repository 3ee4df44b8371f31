//! `cargo xtask bench`: measures organisations of several sizes, SCIM requests, or a gateway, and writes the page about it.

use crate::command::{Command, Words};
use crate::failure::Failure;
use crate::project::Project;
use crate::test::gateway;
use crate::toolchain::{NpmPackages, PythonPackages};
use crate::{dist, shell};
use std::env;
use std::fs;
use std::io;
use std::process;

const PAGE: &str = "docs/benchmarks.md";
const SCIM_PAGE: &str = "docs/benchmarks-scim.md";
const ENVOY_PAGE: &str = "docs/benchmarks-edge.md";
const PEERS_PAGE: &str = "docs/benchmarks-peers.md";
/// The largest organisation that every peer can hold.
const PEERS_SIZES: &str = "S,M";

/// What decisions are measured beside.
const PEERS: NpmPackages =
    NpmPackages { what: "cedar-wasm, CASL and casbin", manifests: "tests/js/peers", folder: "peers" };
/// The other server that SCIM requests are sent to.
const SCIM_PEERS: PythonPackages =
    PythonPackages { what: "scim2-server", requirements: "tests/python/peers.txt", folder: "scim-peers" };

pub(crate) const COMMAND: Command = Command {
    name: "bench",
    summary: "measures changes, bytes, decisions, SCIM requests and a gateway, also beside others",
    help: "\
Usage: cargo xtask bench [--sizes S,M,L] [--only NAME] [--json]
       cargo xtask bench --peers [--sizes S,M] [--json]
       cargo xtask bench --scim [--users LIST] [--peers]
       cargo xtask bench --envoy

Builds in release, makes organisations of 1,000, 100,000 and 1,000,000 users from a fixed seed, and measures what
each kind of change costs a graph, what snapshots and deltas cost, and how long a decision takes, natively and through
each face in wasmtime and Node, next to the floor of the machine; and counts the instructions that the raw module takes,
which no other work on the machine disturbs. A whole run takes about ten minutes and 16 GiB,
prints its page and writes docs/benchmarks.md; a run with options only prints. Nothing fails on a slow machine: compare
the rows of one run.

With --peers it asks the same questions of cedar-wasm, CASL, casbin and a walk written by hand, in Node beside the
raw module and the npm package, prints its page and writes docs/benchmarks-peers.md. npm installs the peers below
target/, in the versions of tests/js/peers/package-lock.json.

With --scim it runs the server, built in release, on loopback with an empty folder for each size, fills it, and measures
the CPU time that the server takes for each kind of SCIM request and whether that grows; it prints its page, and with
--peers and the default sizes writes docs/benchmarks-scim.md. It fails if a listing is not complete or a member was lost.

With --envoy it measures requests through a real Envoy without the filter and with it, prints its page and writes
docs/benchmarks-edge.md.

Options:
  --sizes LIST   some of S, M and L, smallest first (default S,M,L)
  --peers        measure what others would use, beside the module and the npm package; with --scim, another server:
                 scim2-server, which is installed from PyPI below target/
  --scim         measure SCIM requests
  --envoy        measure the filter in a gateway
  --users LIST   numbers of users, smallest first (default 100,10000,100000,1000000)
  --only NAME    only what has NAME in its name, such as `membership`
  --json         prints the figures as JSON
",
    run,
};

fn run(project: &Project, mut words: Words) -> Result<(), Failure> {
    let (mut of, mut options) = (Of::Organisations, Vec::new());
    while let Some(word) = words.next() {
        match (word.as_str(), of) {
            ("--scim", Of::Organisations) if options.is_empty() => of = Of::Requests { peers: false },
            ("--envoy", Of::Organisations) if options.is_empty() => of = Of::Gateway,
            ("--peers", Of::Organisations) if options.is_empty() => of = Of::Peers,
            ("--peers", Of::Requests { .. }) => of = Of::Requests { peers: true },
            ("--json", Of::Organisations | Of::Peers) => options.push(word),
            ("--users", Of::Requests { .. })
            | ("--only", Of::Organisations)
            | ("--sizes", Of::Organisations | Of::Peers) => {
                let value = words.value(&word)?;
                options.extend([word, value]);
            }
            _ => return Err(words.unknown(word)),
        }
    }
    // Standard output is for the figures: `--json` is read by programs.
    eprintln!("building in release (some minutes the first time) ...");
    let (path, page) = match of {
        Of::Organisations => (PAGE, organisations(project, &options)?),
        Of::Peers => (PEERS_PAGE, beside_peers(project, &options)?),
        Of::Requests { peers } => (SCIM_PAGE, requests(project, &options, peers)?),
        Of::Gateway => (ENVOY_PAGE, filter(project)?),
    };
    if !options.is_empty() || matches!(of, Of::Requests { peers: false }) {
        return Ok(());
    }
    let path = project.root().join(path);
    fs::write(&path, page).map_err(|cause| Failure::Write { path, cause })
}

/// What is measured.
#[derive(Clone, Copy)]
enum Of {
    Organisations,
    Peers,
    Requests { peers: bool },
    Gateway,
}

/// What the same questions cost others.
fn beside_peers(project: &Project, options: &[String]) -> Result<String, Failure> {
    build(project, &["--release", "--package=cohort-tests", "--bin=cohort-bench"])?;
    for module in ["raw", "npm"] {
        ship(project, module)?;
    }
    let mut bench = project.command(project.release_program("cohort-bench"));
    if !options.iter().any(|option| option == "--sizes") {
        bench.args(["--sizes", PEERS_SIZES]);
    }
    bench.args(options).arg("--peers").arg(PEERS.installed(project)?);
    printed(bench.arg("--dist").arg(project.dist()))
}

/// Builds one of the modules that ship. What it says goes to standard error, too.
fn ship(project: &Project, module: &str) -> Result<(), Failure> {
    let program = env::current_exe().map_err(|cause| Failure::Start { line: "xtask".to_owned(), cause })?;
    let mut command = project.command(program);
    shell::run(command.args([dist::COMMAND.name, "--only", module]).stdout(io::stderr()))
}

/// What organisations cost: changes, bytes and decisions.
fn organisations(project: &Project, options: &[String]) -> Result<String, Failure> {
    let package = ["--release", "--package=cohort-tests", "--bin=cohort-bench"];
    build(project, &package)?;
    for module in ["raw", "component", "npm"] {
        ship(project, module)?;
    }
    let mut bench = project.command(project.release_program("cohort-bench"));
    printed(bench.args(options).arg("--dist").arg(project.dist()))
}

/// What SCIM requests cost. Only the server is built in release: what sends the requests is not measured.
fn requests(project: &Project, options: &[String], peers: bool) -> Result<String, Failure> {
    build(project, &["--release", "--package=cohort-server"])?;
    build(project, &["--package=cohort-tests", "--bin=cohort-serving"])?;
    let mut bench = project.command(project.program("cohort-serving"));
    bench.args(options).arg("--cohort").arg(project.release_program("cohort"));
    if peers {
        bench.arg("--peer").arg(SCIM_PEERS.installed(project)?.program("scim2-server"));
    }
    printed(&mut bench)
}

/// What the filter costs. Envoy and the filter are what ships: what sends the requests is not measured.
fn filter(project: &Project) -> Result<String, Failure> {
    dist::proxy(project)?;
    build(project, &["--package=cohort-tests", "--bin=cohort-gateway"])?;
    let mut bench = project.command(project.program("cohort-gateway"));
    bench.arg("--bench").arg("--envoy").arg(gateway::envoy(project)?);
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
