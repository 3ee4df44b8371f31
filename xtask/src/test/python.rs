//! Python packages in folders of their own, below cargo's output folder.
//!
//! Versions and hashes of all files are pinned in one file of each; its folder is made anew when that file changes.

use crate::failure::Failure;
use crate::project::Project;
use crate::{shell, toolchain};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The copy of the requirements that is written when all of them are installed.
const INSTALLED: &str = "installed.txt";

/// What is installed together.
pub(crate) struct Packages {
    /// For people: what is installed.
    pub(crate) names: &'static str,
    /// Below the root.
    pub(crate) requirements: &'static str,
    /// Below cargo's output folder.
    pub(crate) folder: &'static str,
}

impl Packages {
    /// The Python that has exactly these packages.
    ///
    /// # Errors
    /// [`Failure::MissingTool`] without Python, what the installation ended with, or a file that cannot be written.
    pub(crate) fn python(&self, project: &Project) -> Result<PathBuf, Failure> {
        toolchain::ensure_python(project)?;
        let folder = project.target().join(self.folder);
        let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
        let file = project.root().join(self.requirements);
        let wanted = fs::read(&file).map_err(|cause| Failure::Read { path: file, cause })?;
        let starts = || shell::output(project.command(&python).arg("--version")).is_some();
        if fs::read(folder.join(INSTALLED)).is_ok_and(|found| found == wanted) && starts() {
            return Ok(python);
        }
        shell::say(format!("installing {} (a minute the first time) ...", self.names));
        emptied(&folder)?;
        toolchain::make_python_folder(project, &folder)?;
        // Hashes stand for files: nothing is built from sources that nobody has looked at.
        let options =
            ["-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "--only-binary=:all:"];
        let mut pip = project.command(&python);
        shell::run(pip.args(options).args([
            "--disable-pip-version-check",
            "--requirement",
            self.requirements,
        ]))?;
        let mark = folder.join(INSTALLED);
        fs::write(&mark, wanted).map_err(|cause| Failure::Write { path: mark, cause })?;
        Ok(python)
    }
}

fn emptied(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(Failure::Write { path: folder.to_owned(), cause })
        }
        _ => Ok(()),
    }
}
