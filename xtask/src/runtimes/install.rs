//! The runtimes that come as npm packages, below cargo's output folder, in the versions of one lock file.

use crate::failure::Failure;
use crate::project::Project;
use crate::{shell, toolchain};
use std::fs;
use std::path::{Path, PathBuf};

/// Where scripts and versions stand.
pub(super) const SOURCES: &str = "tests/runtimes";
/// What says which packages.
const MANIFESTS: [&str; 2] = ["package.json", "package-lock.json"];
/// The copy of the lock file that is written when everything is installed.
const INSTALLED: &str = "installed.json";

/// The folder with the packages; installs them if they are not those of the lock file.
///
/// # Errors
/// What npm ended with, or a file that cannot be copied.
pub(super) fn packages(project: &Project) -> Result<PathBuf, Failure> {
    let folder = project.target().join("runtimes/npm");
    fs::create_dir_all(&folder).map_err(|cause| Failure::Write { path: folder.clone(), cause })?;
    for name in MANIFESTS {
        let (from, to) = (project.root().join(SOURCES).join(name), folder.join(name));
        fs::copy(from, &to).map_err(|cause| Failure::Write { path: to, cause })?;
    }
    let lock = project.root().join(SOURCES).join("package-lock.json");
    let wanted = fs::read(&lock).map_err(|cause| Failure::Read { path: lock, cause })?;
    let mark = folder.join(INSTALLED);
    if fs::read(&mark).is_ok_and(|found| found == wanted) {
        return Ok(folder);
    }
    shell::say("installing Deno, Bun, workerd, puppeteer-core and Vite (a minute the first time) ...");
    toolchain::ensure_npm(project)?;
    // No package needs its install script: the programs come as packages of their own, chosen by platform. Not `npm ci`,
    // which refuses a lock file without the packages for platforms that a registry does not have.
    let options = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    shell::run(project.command("npm").args(options).current_dir(&folder))?;
    fs::write(&mark, wanted).map_err(|cause| Failure::Write { path: mark, cause })?;
    Ok(folder)
}

/// The path of a program of the installed packages.
///
/// # Errors
/// [`Failure::Read`] if there are no packages.
pub(super) fn program(folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    let modules = folder.join("node_modules");
    // Bun's own package is empty until its install script has run; the program is in the one for this platform.
    let (scope, beginning) = match name {
        "bun" => (modules.join("@oven"), "bun-"),
        other => return Ok(modules.join(".bin").join(other)),
    };
    let unreadable = |cause| Failure::Read { path: scope.clone(), cause };
    for entry in fs::read_dir(&scope).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.file_name().to_string_lossy().starts_with(beginning) {
            return Ok(entry.path().join("bin").join(name));
        }
    }
    Err(Failure::MissingFile { path: scope, expected: "Bun for this platform" })
}
