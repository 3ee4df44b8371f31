//! npm packages in a folder of their own.
//!
//! Their versions and the hashes of all their files are pinned in one lock file; they are installed again when it changes.

use crate::failure::Failure;
use crate::project::Project;
use crate::shell;
use std::fs;
use std::path::PathBuf;

/// What says which packages.
const MANIFESTS: [&str; 2] = ["package.json", "package-lock.json"];
/// The copy of the lock file that is written when everything is installed.
const INSTALLED: &str = "installed.json";

/// Packages that are installed together.
pub(crate) struct NpmPackages {
    /// What people call them.
    pub(crate) what: &'static str,
    /// The folder of the manifests, below the project's.
    pub(crate) manifests: &'static str,
    /// Where they are installed, below cargo's output folder.
    pub(crate) folder: &'static str,
}

impl NpmPackages {
    /// The folder with the packages, which are installed if they are not those of the lock file.
    ///
    /// # Errors
    /// [`Failure::MissingTool`] without Node or npm, what npm ended with, or a file that cannot be copied.
    pub(crate) fn installed(&self, project: &Project) -> Result<PathBuf, Failure> {
        super::ensure_node(project)?;
        let (manifests, folder) = (project.root().join(self.manifests), project.target().join(self.folder));
        let lock = manifests.join("package-lock.json");
        let wanted = fs::read(&lock).map_err(|cause| Failure::Read { path: lock, cause })?;
        let mark = folder.join(INSTALLED);
        if fs::read(&mark).is_ok_and(|found| found == wanted) {
            return Ok(folder);
        }
        shell::say(format!("installing {} (a minute the first time) ...", self.what));
        super::ensure_npm(project)?;
        fs::create_dir_all(&folder).map_err(|cause| Failure::Write { path: folder.clone(), cause })?;
        for name in MANIFESTS {
            let to = folder.join(name);
            fs::copy(manifests.join(name), &to).map_err(|cause| Failure::Write { path: to, cause })?;
        }
        // No package needs its install script: programs come as packages of their own, chosen by platform. Not `npm ci`,
        // which refuses a lock file without the packages for platforms that a registry does not have.
        let options = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        shell::run(project.command("npm").args(options).current_dir(&folder))?;
        fs::write(&mark, wanted).map_err(|cause| Failure::Write { path: mark, cause })?;
        Ok(folder)
    }
}
