//! Every runtime and face: a row each.

use crate::failure::Failure;
use crate::project::Project;
use crate::runtimes::{Job, install};
use crate::test::{self, Tally, gateway};
use crate::{shell, toolchain};
use std::path::Path;

/// One cell of the matrix.
pub(super) struct Runtime {
    /// RUNTIME-FACE, as in the name of its result file.
    pub(super) name: &'static str,
    /// Installs what it needs, plays the worlds, and leaves the result file.
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

/// Leads the faces in Python through the worlds.
const FACES: &str = "tests/python/faces.py";

/// Tells a script where the server's program is.
const PROGRAM: &str = "COHORT_PROGRAM";

/// The order of the matrix.
pub(super) const RUNTIMES: &[Runtime] = &[
    Runtime { name: "node-npm", play: |project, job| script(project, job, "node", "node.mjs", "node") },
    Runtime { name: "deno-npm", play: |project, job| script(project, job, "deno", "node.mjs", "deno") },
    Runtime { name: "bun-npm", play: |project, job| script(project, job, "bun", "node.mjs", "bun") },
    Runtime {
        name: "workerd-npm",
        play: |project, job| script(project, job, "node", "workerd.mjs", "workerd"),
    },
    Runtime { name: "chromium-npm", play: |project, job| browser(project, job, "chromium", "chromium") },
    Runtime { name: "firefox-npm", play: |project, job| browser(project, job, "firefox-esr", "firefox") },
    Runtime { name: "wasmtime-raw", play: |project, job| wasmtime(project, job, "raw") },
    Runtime { name: "wasmtime-component", play: |project, job| wasmtime(project, job, "component") },
    Runtime { name: "python-raw", play: |project, job| python(project, job, "raw") },
    Runtime { name: "python-component", play: |project, job| python(project, job, "component") },
    Runtime { name: "envoy-proxy", play: envoy },
];

/// Leads a face in the wasmtime of Cargo.lock.
fn wasmtime(project: &Project, job: &Job, face: &str) -> Result<(), Failure> {
    let mut faces = project.command(project.program("cohort-faces"));
    faces.args(["--face", face, "--worlds"]).arg(&job.worlds).arg("--result").arg(&job.result);
    shell::run(faces.arg("--dist").arg(project.dist()))
}

/// Leads a face in wasmtime from Python.
fn python(project: &Project, job: &Job, face: &str) -> Result<(), Failure> {
    let mut faces = project.command(gateway::PACKAGES.installed(project)?.program("python"));
    shell::run(faces.args([FACES, face]).arg(&job.worlds).arg(project.dist()).arg(&job.result))
}

/// Asks the filter in Envoy.
fn envoy(project: &Project, job: &Job) -> Result<(), Failure> {
    let mut worlds = project.command(project.program("cohort-gateway-worlds"));
    worlds.arg("--envoy").arg(gateway::envoy(project)?).args(["--version", gateway::ENVOY_VERSION]);
    worlds.arg("--filter").arg(project.dist().join("cohort.proxy-wasm.wasm"));
    shell::run(worlds.arg("--worlds").arg(&job.worlds).arg("--result").arg(&job.result))
}

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
        .arg(&job.result)
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
