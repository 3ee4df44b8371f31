//! The runtimes that come as npm packages.

use crate::failure::Failure;
use crate::toolchain::NpmPackages;
use std::fs;
use std::path::{Path, PathBuf};

/// Where scripts and versions stand.
pub(super) const SOURCES: &str = "tests/runtimes";

/// What is installed.
pub(super) const PACKAGES: NpmPackages = NpmPackages {
    what: "Deno, Bun, workerd, puppeteer-core and Vite",
    manifests: SOURCES,
    folder: "runtimes/npm",
};

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
