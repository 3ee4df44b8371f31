//! The copy of the sources that faults are put into.
//!
//! Files that are as they were keep their time of change, so that cargo builds again only what a fault touches.

use crate::failure::Failure;
use crate::mutants::fault::Fault;
use crate::project::Project;
use crate::shell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The sources of the checkout below its output folder.
pub(crate) struct Copy {
    from: PathBuf,
    to: PathBuf,
}

impl Copy {
    /// Brings the copy up to date with the files that git knows or would add.
    ///
    /// # Errors
    /// [`Failure::MissingTool`] without git, [`Failure::Read`] or [`Failure::Write`] naming the file.
    pub(crate) fn of(project: &Project) -> Result<Self, Failure> {
        let copy = Self { from: project.root().to_owned(), to: project.target().join("mutants/source") };
        let paths = sources(project)?;
        for path in &paths {
            copy.bring(path)?;
        }
        // A test file that was deleted would otherwise go on being tested.
        copy.drop_others(Path::new(""), &paths)?;
        Ok(copy)
    }

    /// The root folder of the copy.
    pub(crate) fn root(&self) -> &Path {
        &self.to
    }

    /// The source that `fault` is about, with the fault in it.
    ///
    /// # Errors
    /// [`Failure::Read`], or [`Failure::FaultText`] if its text does not stand there exactly once.
    pub(crate) fn with(&self, fault: &Fault) -> Result<String, Failure> {
        let path = self.from.join(fault.file);
        let source = fs::read_to_string(&path).map_err(|cause| Failure::Read { path, cause })?;
        fault.applied(&source)
    }

    /// Replaces the copy of `file`.
    ///
    /// # Errors
    /// [`Failure::Write`].
    pub(crate) fn put(&self, file: &str, text: &str) -> Result<(), Failure> {
        let path = self.to.join(file);
        fs::write(&path, text).map_err(|cause| Failure::Write { path, cause })
    }

    /// Makes the copy of `file` what the checkout has.
    ///
    /// # Errors
    /// As [`Copy::of`].
    pub(crate) fn restore(&self, file: &str) -> Result<(), Failure> {
        self.bring(Path::new(file))
    }

    fn bring(&self, path: &Path) -> Result<(), Failure> {
        let (from, to) = (self.from.join(path), self.to.join(path));
        let bytes = fs::read(&from).map_err(|cause| Failure::Read { path: from, cause })?;
        if fs::read(&to).is_ok_and(|present| present == bytes) {
            return Ok(());
        }
        let failed = |cause| Failure::Write { path: to.clone(), cause };
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        fs::write(&to, bytes).map_err(failed)
    }

    /// Removes what is in the copy but not among `paths`.
    fn drop_others(&self, folder: &Path, paths: &BTreeSet<PathBuf>) -> Result<(), Failure> {
        let here = self.to.join(folder);
        let unreadable = |cause| Failure::Read { path: here.clone(), cause };
        for entry in fs::read_dir(&here).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let path = folder.join(entry.file_name());
            if entry.file_type().map_err(unreadable)?.is_dir() {
                self.drop_others(&path, paths)?;
            } else if !paths.contains(&path) {
                let path = self.to.join(path);
                fs::remove_file(&path).map_err(|cause| Failure::Write { path, cause })?;
            }
        }
        Ok(())
    }
}

/// The files of the checkout, committed or not, without what git ignores and what was deleted.
fn sources(project: &Project) -> Result<BTreeSet<PathBuf>, Failure> {
    let mut git = project.command("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = shell::output(&mut git).ok_or(Failure::MissingTool {
        tool: "git checkout",
        purpose: "the copy holds the files that git lists",
        hint: "install git and run this in a clone of the repository",
    })?;
    let paths = listed.split('\0').filter(|path| !path.is_empty()).map(PathBuf::from);
    Ok(paths.filter(|path| project.root().join(path).is_file()).collect())
}
