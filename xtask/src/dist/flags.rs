//! What the compiler is told so that the same sources give the same bytes, wherever they lie, and few of them.
//!
//! Messages of panics name source files. Those of this project are named from its root anyway; those of other crates
//! and of the standard library would be named by where this machine keeps them.

use crate::failure::Failure;
use crate::project::Project;
use crate::shell;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Between the flags in [`VARIABLE`].
const SEPARATOR: &str = "\u{1f}";
/// Goes before all other ways to pass flags, so that none of a person's own gets into what ships.
const VARIABLE: &str = "CARGO_ENCODED_RUSTFLAGS";

/// Only numbers cross the border of the npm module: with reference types, its glue has a table for what never comes.
///
/// The other modules do without: what a crate compiles with other features than the standard library has is not inlined
/// from there.
pub(super) const PLAIN: &str = "-Ctarget-feature=-reference-types";

/// Has `cargo` build without paths of this machine, and with `more` flags.
///
/// # Errors
/// [`Failure::Start`] if there is no compiler, [`Failure::Read`] if the folder of crates cannot be read.
pub(super) fn apply(project: &Project, cargo: &mut Command, more: &[&str]) -> Result<(), Failure> {
    let mut flags: Vec<String> = more.iter().map(|flag| (*flag).to_owned()).collect();
    for folder in folders_of_crates()? {
        flags.push(format!("--remap-path-prefix={}=crates", folder.display()));
    }
    let (library, name) = standard_library(project)?;
    flags.push(format!("--remap-path-prefix={}={name}", library.display()));
    cargo.env(VARIABLE, flags.join(SEPARATOR));
    Ok(())
}

/// Where cargo keeps what it fetched.
pub(super) fn cargo_home() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")))
}

/// Where cargo unpacks crates: a folder for each registry, whose name tells which.
fn folders_of_crates() -> Result<Vec<PathBuf>, Failure> {
    let Some(sources) = cargo_home().map(|home| home.join("registry/src")).filter(|sources| sources.is_dir())
    else {
        return Ok(Vec::new());
    };
    let unreadable = |cause| Failure::Read { path: sources.clone(), cause };
    let mut folders = Vec::new();
    for entry in fs::read_dir(&sources).map_err(unreadable)? {
        folders.push(entry.map_err(unreadable)?.path());
    }
    folders.sort();
    Ok(folders)
}

/// Where the sources of the standard library lie if they are installed, and what they are called if they are not.
fn standard_library(project: &Project) -> Result<(PathBuf, String), Failure> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = |argument: &str| {
        let mut command = project.command(&rustc);
        command.args(argument.split(' '));
        shell::output(&mut command).ok_or(Failure::MissingTool {
            tool: "Rust compiler",
            purpose: "it says where the standard library lies",
            hint: "install rustup from https://rustup.rs",
        })
    };
    let library = PathBuf::from(said("--print sysroot")?).join("lib/rustlib/src/rust");
    let version = said("--version --verbose")?;
    let commit = version.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or("unknown");
    Ok((library, format!("/rustc/{commit}")))
}
