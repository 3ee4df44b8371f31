//! A copy of the sources in another folder: to put faults into, or to build from.
//!
//! Files that are as they were keep their time of change, so that cargo builds again only what a fault touches.

use crate::failure::Failure;
use crate::project::Project;
use crate::shell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The sources of the checkout, in a folder below its output folder.
pub(crate) struct Copy {
    from: PathBuf,
    to: PathBuf,
}

impl Copy {
    /// Brings the copy in `folder`, which lies below cargo's output folder, up to date with the files that git knows or
    /// would add.
    ///
    /// # Errors
    /// [`Failure::MissingTool`] without git, [`Failure::Read`] or [`Failure::Write`] naming the file.
    pub(crate) fn of(project: &Project, folder: &str) -> Result<Self, Failure> {
        let copy = Self { from: project.root().to_owned(), to: project.target().join(folder) };
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

    /// The text of `file` in the checkout.
    ///
    /// # Errors
    /// [`Failure::Read`].
    pub(crate) fn text(&self, file: &str) -> Result<String, Failure> {
        let path = self.from.join(file);
        fs::read_to_string(&path).map_err(|cause| Failure::Read { path, cause })
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
