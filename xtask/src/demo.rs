//! `cargo xtask demo`: builds what the demo needs and hands the terminal over to it.

use crate::command::{Command, Words};
use crate::failure::Failure;
use crate::project::Project;
use crate::{dist, shell, toolchain};
use std::path::PathBuf;
use std::process;

const WORLD: &str = "tests/data/worlds/acme.world";

pub(crate) const COMMAND: Command = Command {
    name: "demo",
    summary: "starts a server and a wasmtime host and shows decisions flip",
    help: "\
Usage: cargo xtask demo [--once] [--world FILE]

Builds the server, the wasmtime host and the module, then plays one organisation end to end on this machine:
people and groups arrive by SCIM over TCP, the host fetches the signed snapshot and prints its decisions, and
changes flip them live. At the end the server keeps running, and the demo says what to try next.

Everything is written below target/demo; only loopback addresses are used. The first build takes some minutes.

Options:
  --once         ends after the last step, with status 0 only if every decision was the expected one
  --world FILE   the organisation and its expected decisions (default tests/data/worlds/acme.world)
",
    run,
};

fn run(project: &Project, mut words: Words) -> Result<(), Failure> {
    let mut once = false;
    let mut world = project.root().join(WORLD);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--once" => once = true,
            "--world" => world = absolute(words.value("--world")?)?,
            _ => return Err(words.unknown(word)),
        }
    }
    if !world.is_file() {
        return Err(Failure::MissingFile { path: world, expected: "a world file" });
    }
    toolchain::need_c_compiler(project)?;
    dist::raw(project)?;
    programs(project)?;
    let mut demo = project.command(project.program("cohort-demo"));
    demo.arg("--cohort").arg(project.program("cohort"));
    demo.arg("--host").arg(project.program("cohort-host"));
    demo.arg("--module").arg(project.dist().join("cohort.wasm"));
    demo.arg("--world").arg(world);
    demo.arg("--folder").arg(project.target().join("demo"));
    if once {
        demo.arg("--once");
    }
    hand_over(demo)
}

/// Builds the programs that the demo and the tests start.
///
/// # Errors
/// What the build ended with.
pub(crate) fn programs(project: &Project) -> Result<(), Failure> {
    shell::say("building the server, the host and the demo (some minutes the first time) ...");
    shell::run(&mut project.cargo(&[
        "build",
        "--locked",
        "--package=cohort-server",
        "--package=cohort-host",
        "--package=cohort-tests",
    ]))
}

/// A path relative to where the person stands, who may stand anywhere in the project.
fn absolute(path: String) -> Result<PathBuf, Failure> {
    std::path::absolute(&path).map_err(|cause| Failure::Read { path: path.into(), cause })
}

/// Becomes `program`, so that signals and the exit status are its own.
#[cfg(unix)]
fn hand_over(mut program: process::Command) -> Result<(), Failure> {
    use std::os::unix::process::CommandExt;
    let cause = program.exec();
    Err(Failure::Start { line: shell::line(&program), cause })
}

/// Runs `program` and ends with its exit status.
#[cfg(not(unix))]
fn hand_over(mut program: process::Command) -> Result<(), Failure> {
    let status = program.status().map_err(|cause| Failure::Start { line: shell::line(&program), cause })?;
    process::exit(status.code().unwrap_or(1))
}
