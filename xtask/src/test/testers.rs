//! The public testers of SCIM servers, run against the real program.
//!
//! They are Python programs. Their versions and the hashes of all their files are pinned in one file; the folder
//! that they are installed into is made anew when that file changes.

use crate::failure::Failure;
use crate::project::Project;
use crate::test::count::Tally;
use crate::test::parts;
use crate::{shell, toolchain};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What is installed.
const REQUIREMENTS: &str = "tests/python/requirements.txt";
/// Starts the server, runs the testers and counts what they say.
const SCRIPT: &str = "tests/python/scim_testers.py";
/// Where the testers are installed, below cargo's output folder.
const FOLDER: &str = "scim-testers";
/// The copy of the requirements that is written when all of them are installed.
const INSTALLED: &str = "installed.txt";

/// Installs the testers if they are not there, and runs them.
pub(super) fn run(project: &Project, tally: &mut Tally) -> Result<(), Failure> {
    toolchain::need_c_compiler(project)?;
    toolchain::ensure_python(project)?;
    let python = installed(project)?;
    shell::run(&mut project.cargo(&["build", "--quiet", "--locked", "--package=cohort-server"]))?;
    let mut testers = project.command(python);
    testers.arg(SCRIPT).arg(project.program("cohort"));
    let outcome = shell::run_reading(&mut testers, |line| tally.node_line(line));
    parts::counted("testers", tally, outcome)
}

/// The Python that has exactly the required packages.
fn installed(project: &Project) -> Result<PathBuf, Failure> {
    let folder = project.target().join(FOLDER);
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let file = project.root().join(REQUIREMENTS);
    let wanted = fs::read(&file).map_err(|cause| Failure::Read { path: file, cause })?;
    let starts = || shell::output(project.command(&python).arg("--version")).is_some();
    if fs::read(folder.join(INSTALLED)).is_ok_and(|found| found == wanted) && starts() {
        return Ok(python);
    }
    shell::say("installing scim2-tester and scim-sanity (a minute the first time) ...");
    emptied(&folder)?;
    toolchain::make_python_folder(project, &folder)?;
    // Hashes stand for files: nothing is built from sources that nobody has looked at.
    let options = ["-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "--only-binary=:all:"];
    let mut pip = project.command(&python);
    shell::run(pip.args(options).args(["--disable-pip-version-check", "--requirement", REQUIREMENTS]))?;
    let mark = folder.join(INSTALLED);
    fs::write(&mark, wanted).map_err(|cause| Failure::Write { path: mark, cause })?;
    Ok(python)
}

fn emptied(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(Failure::Write { path: folder.to_owned(), cause })
        }
        _ => Ok(()),
    }
}
