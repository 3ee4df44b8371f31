//! `cargo xtask dist`: the modules that ship, into `dist/`.
//!
//! The npm glue comes from `wasm-bindgen-cli-support` as a library, so its version is the one in Cargo.lock and
//! nobody installs a tool. It is compiled only here: a second cargo runs this very program with the feature
//! `bindgen`, in an output folder of its own, which leaves the running program file alone.

mod glue;
pub(crate) mod imports;

use crate::command::{Command, Words};
use crate::failure::Failure;
use crate::project::Project;
use crate::{shell, toolchain};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) const COMMAND: Command = Command {
    name: "dist",
    summary: "builds the WebAssembly modules into dist/",
    help: "\
Usage: cargo xtask dist [--only raw|npm]

Builds what ships, small first (the `wasm` profiles of Cargo.toml):
  raw   dist/cohort.wasm   a module without imports, for any runtime (docs/raw-abi.md)
  npm   dist/npm/          the npm package: one .wasm, its JavaScript and types

The Rust target wasm32-unknown-unknown is added through rustup if it is missing. The first `npm` takes a
minute or two longer: it compiles the generator of the glue code.

Options:
  --only raw|npm   builds one of them
",
    run,
};

/// What the second cargo runs; people type `dist`.
pub(crate) const GLUE: Command = Command {
    name: "glue",
    summary: "",
    help: "Usage: cargo xtask glue MODULE FOLDER\n\nWrites the npm glue of MODULE to FOLDER. `cargo xtask dist` starts it.\n",
    run: glue::run,
};

fn run(project: &Project, mut words: Words) -> Result<(), Failure> {
    let mut only = None;
    while let Some(word) = words.next() {
        match word.as_str() {
            "--only" => only = Some(words.value("--only")?),
            _ => return Err(words.unknown(word)),
        }
    }
    match only.as_deref() {
        None => raw(project).and_then(|()| npm(project)),
        Some("raw") => raw(project),
        Some("npm") => npm(project),
        Some(other) => Err(words.unknown(other.to_owned())),
    }
}

/// Builds `dist/cohort.wasm` and proves that it imports nothing.
///
/// # Errors
/// [`Failure::Imports`] if it needs anything from its host; what the build ended with.
pub(crate) fn raw(project: &Project) -> Result<(), Failure> {
    say_building("cohort-raw");
    let module = raw_module(project)?;
    let bytes = read(&module)?;
    let imports = imports::read(&bytes).map_err(|cause| Failure::Module { path: module.clone(), cause })?;
    if !imports.is_empty() {
        let names = imports.iter().map(|import| format!("`{import}`")).collect();
        return Err(Failure::Imports { path: module, names });
    }
    let shipped = project.dist().join("cohort.wasm");
    write(&shipped, &bytes)?;
    show(project, &shipped)
}

/// Builds the raw module as it ships, without a word, and gives its path in cargo's output folder.
///
/// # Errors
/// What the build ended with.
pub(crate) fn raw_module(project: &Project) -> Result<PathBuf, Failure> {
    build(project, "cohort-raw", "wasm-raw")
}

fn say_building(package: &str) {
    shell::say(format!("building {package} for {} ...", toolchain::WASM));
}

/// Builds the npm package in `dist/npm`.
///
/// # Errors
/// What the build or the generator ended with, or a file that cannot be written.
pub(crate) fn npm(project: &Project) -> Result<(), Failure> {
    say_building("cohort-wasm");
    let module = build(project, "cohort-wasm", "wasm")?;
    let folder = project.dist().join("npm");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|cause| Failure::Write { path: folder.clone(), cause })?;
    }
    shell::say("generating the npm package ...");
    let own_target = project.target().join("glue");
    shell::run(
        project
            .cargo(&[
                "run",
                "--quiet",
                "--locked",
                "--package",
                "xtask",
                "--features",
                "bindgen",
                "--target-dir",
            ])
            .arg(own_target)
            .args(["--", GLUE.name])
            .arg(&module)
            .arg(&folder),
    )?;
    for (name, text) in glue::package(project)? {
        write(&folder.join(name), text.as_bytes())?;
    }
    show(project, &folder.join("cohort_bg.wasm"))?;
    show(project, &folder.join("cohort.js"))
}

/// Builds one wasm face with a profile of Cargo.toml and gives the path of its module.
fn build(project: &Project, package: &str, profile: &str) -> Result<PathBuf, Failure> {
    toolchain::ensure_target(project, toolchain::WASM)?;
    shell::run(&mut project.cargo(&[
        "build",
        "--quiet",
        "--locked",
        "--profile",
        profile,
        "--target",
        toolchain::WASM,
        "--package",
        package,
    ]))?;
    let name = format!("{}.wasm", package.replace('-', "_"));
    Ok(project.target().join(toolchain::WASM).join(profile).join(name))
}

fn show(project: &Project, path: &Path) -> Result<(), Failure> {
    let bytes = read(path)?.len();
    let shown = path.strip_prefix(project.root()).unwrap_or(path);
    shell::say(format!("{}: {bytes} bytes", shown.display()));
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|cause| Failure::Read { path: path.to_owned(), cause })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |cause| Failure::Write { path: path.to_owned(), cause };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, bytes).map_err(failed)
}
