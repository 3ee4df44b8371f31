//! Python packages in a folder of their own.
//!
//! Their versions and the hashes of all their files are pinned in one file; the folder that they are installed into is
//! made anew when that file changes.

use crate::failure::Failure;
use crate::project::Project;
use crate::shell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The copy of the requirements that is written when all of them are installed.
const INSTALLED: &str = "installed.txt";

/// Packages that are installed together.
pub(crate) struct PythonPackages {
    /// What people call them.
    pub(crate) what: &'static str,
    /// The file that pins them, below the project's folder.
    pub(crate) requirements: &'static str,
    /// Where they are installed, below cargo's output folder.
    pub(crate) folder: &'static str,
}

/// A folder that has exactly the required packages.
pub(crate) struct PythonFolder(PathBuf);

impl PythonFolder {
    /// A program of it, such as `python`.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        match cfg!(windows) {
            true => self.0.join("Scripts").join(format!("{name}.exe")),
            false => self.0.join("bin").join(name),
        }
    }
}

impl PythonPackages {
    /// The folder with the packages, which are installed if they are not there.
    ///
    /// # Errors
    /// [`Failure::MissingTool`] without Python or what makes such folders, or what the installer ended with.
    pub(crate) fn installed(&self, project: &Project) -> Result<PythonFolder, Failure> {
        super::ensure_python(project)?;
        let path = project.target().join(self.folder);
        let folder = PythonFolder(path.clone());
        let python = folder.program("python");
        let file = project.root().join(self.requirements);
        let wanted = fs::read(&file).map_err(|cause| Failure::Read { path: file, cause })?;
        let starts = || shell::output(project.command(&python).arg("--version")).is_some();
        if fs::read(path.join(INSTALLED)).is_ok_and(|found| found == wanted) && starts() {
            return Ok(folder);
        }
        shell::say(format!("installing {} (a minute the first time) ...", self.what));
        emptied(&path)?;
        super::make_python_folder(project, &path)?;
        // Hashes stand for files: nothing is built from sources that nobody has looked at.
        let options =
            ["-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "--only-binary=:all:"];
        let mut pip = project.command(&python);
        pip.args(options).args(["--disable-pip-version-check", "--requirement", self.requirements]);
        shell::run(&mut pip)?;
        let mark = path.join(INSTALLED);
        fs::write(&mark, wanted).map_err(|cause| Failure::Write { path: mark, cause })?;
        Ok(folder)
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
