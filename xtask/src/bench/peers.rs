//! The npm packages that are measured beside ours.

use crate::failure::Failure;
use crate::project::Project;
use crate::{shell, toolchain};
use std::fs;
use std::path::PathBuf;

/// What is installed: names, versions and the hashes of all files.
const LOCKED: &str = "tests/js/peers";
const FILES: [&str; 2] = ["package.json", "package-lock.json"];
/// Where, below cargo's output folder.
const FOLDER: &str = "peers";

/// The copy of the lock that is written when all of it is installed.
const INSTALLED: &str = "installed.json";

/// The folder that has exactly the locked packages; npm installs them unless they are there.
///
/// # Errors
/// [`Failure`] without Node or npm, or when files cannot be written.
pub(super) fn installed(project: &Project) -> Result<PathBuf, Failure> {
    toolchain::ensure_node(project)?;
    let folder = project.target().join(FOLDER);
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|cause| Failure::Write { path, cause })
    };
    let [manifest, lock] = FILES.map(|name| {
        let path = project.root().join(LOCKED).join(name);
        fs::read(&path).map_err(|cause| Failure::Read { path, cause })
    });
    let (manifest, lock) = (manifest?, lock?);
    if fs::read(folder.join(INSTALLED)).is_ok_and(|found| found == lock) {
        return Ok(folder);
    }
    eprintln!("installing what is measured beside ours ...");
    fs::create_dir_all(&folder).map_err(|cause| Failure::Write { path: folder.clone(), cause })?;
    write(FILES[0], &manifest)?;
    write(FILES[1], &lock)?;
    let mut npm = project.command("npm");
    npm.current_dir(&folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    shell::run(&mut npm)?;
    write(INSTALLED, &lock)?;
    Ok(folder)
}
