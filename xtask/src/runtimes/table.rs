//! Every runtime and face: a row each.

use crate::failure::Failure;
use crate::project::Project;
use crate::runtimes::{Job, gates, install};
use crate::test::{self, Tally};
use crate::{shell, toolchain};
use std::path::Path;

/// One runtime.
pub(super) struct Runtime {
    /// Its cells of the matrix: RUNTIME-FACE, as in the names of its result files.
    pub(super) cells: &'static [&'static str],
    /// Installs what it needs, plays the worlds, and leaves the result files.
    pub(super) play: fn(&Project, &Job) -> Result<(), Failure>,
}

/// Deno asks for no module of the network and speaks to loopback alone.
const DENO: [&str; 9] = [
    "run",
    "--quiet",
    "--no-remote",
    "--no-config",
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-run",
    "--allow-net=127.0.0.1",
];

/// Tells a script where the server's program is.
const PROGRAM: &str = "COHORT_PROGRAM";

/// The order of the matrix.
pub(super) const RUNTIMES: &[Runtime] = &[
    Runtime { cells: &["node-npm"], play: |project, job| script(project, job, "node", "node.mjs", "node") },
    Runtime { cells: &["deno-npm"], play: |project, job| script(project, job, "deno", "node.mjs", "deno") },
    Runtime { cells: &["bun-npm"], play: |project, job| script(project, job, "bun", "node.mjs", "bun") },
    Runtime {
        cells: &["workerd-npm"],
        play: |project, job| script(project, job, "node", "workerd.mjs", "workerd"),
    },
    Runtime { cells: &["chromium-npm"], play: |project, job| browser(project, job, "chromium", "chromium") },
    Runtime { cells: &["firefox-npm"], play: |project, job| browser(project, job, "firefox-esr", "firefox") },
    Runtime { cells: &["wasmtime-raw", "wasmtime-component"], play: gates::wasmtime },
    Runtime { cells: &["wasmtime-python-raw", "wasmtime-python-component"], play: gates::wasmtime_python },
    Runtime { cells: &["envoy-proxy"], play: gates::envoy_worlds },
];

/// Runs a script of `tests/runtimes` in `program`: it is told the runtime, the worlds, where to
/// leave the result, and where the packages are.
fn script(project: &Project, job: &Job, program: &str, file: &str, runtime: &str) -> Result<(), Failure> {
    let folder = install::PACKAGES.installed(project)?;
    let mut command = match program {
        "node" => project.command("node"),
        other => project.command(install::program(&folder, other)?),
    };
    if program == "deno" {
        command.args(DENO);
    }
    let file = project.root().join(install::SOURCES).join(file);
    command
        .env(PROGRAM, project.program("cohort"))
        .arg(file)
        .arg(runtime)
        .arg(&job.worlds)
        .arg(job.result(&format!("{runtime}-npm")))
        .arg(&folder);
    shell::run(&mut command)
}

/// The tests of what people do with the npm package.
pub(super) fn package_tests(project: &Project, worlds: &Path, tally: &mut Tally) -> Result<(), Failure> {
    toolchain::ensure_node(project)?;
    toolchain::ensure_browser(project, "chromium")?;
    let folder = install::PACKAGES.installed(project)?;
    let mut node = test::node_tests(project, install::SOURCES, &[])?;
    node.env("COHORT_PACKAGES", folder).env("COHORT_WORLDS", worlds);
    shell::run_reading(&mut node, |line| tally.node_line(line))
}

/// Plays in a browser, which comes as a package of the system.
fn browser(project: &Project, job: &Job, package: &'static str, name: &str) -> Result<(), Failure> {
    toolchain::ensure_browser(project, package)?;
    script(project, job, "node", "browser.mjs", name)
}
