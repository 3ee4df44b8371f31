//! The public testers of SCIM servers, run against the real program.
//!
//! They are Python programs, installed as one file pins them.

use crate::failure::Failure;
use crate::project::Project;
use crate::test::count::Tally;
use crate::test::parts;
use crate::toolchain::PythonPackages;
use crate::{shell, toolchain};

/// What is installed.
const TESTERS: PythonPackages = PythonPackages {
    what: "scim2-tester and scim-sanity",
    requirements: "tests/python/requirements.txt",
    folder: "scim-testers",
};
/// Starts the server, runs the testers and counts what they say.
const SCRIPT: &str = "tests/python/scim_testers.py";

/// Installs the testers if they are not there, and runs them.
pub(super) fn run(project: &Project, tally: &mut Tally) -> Result<(), Failure> {
    toolchain::need_c_compiler(project)?;
    let python = TESTERS.installed(project)?.program("python");
    shell::run(&mut project.cargo(&["build", "--quiet", "--locked", "--package=cohort-server"]))?;
    let mut testers = project.command(python);
    testers.arg(SCRIPT).arg(project.program("cohort"));
    let outcome = shell::run_reading(&mut testers, |line| tally.node_line(line));
    parts::counted("testers", tally, outcome)
}
