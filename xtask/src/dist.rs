//! `cargo xtask dist`: the modules that ship, into `dist/`.
//!
//! Nobody installs a tool: what finishes a module is a library in the version of Cargo.lock ([`mod@tools`]). The same
//! sources give the same bytes wherever they lie ([`flags`], [`mod@twice`]).

mod border;
mod component;
mod fault;
mod flags;
mod glue;
mod module;
mod sizes;
mod tools;
mod twice;

use crate::command::{Command, Words};
use crate::dist::border::Lists;
use crate::dist::tools::Tools;
use crate::failure::Failure;
use crate::project::Project;
use crate::{shell, toolchain};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use crate::dist::fault::Fault;

pub(crate) const COMMAND: Command = Command {
    name: "dist",
    summary: "builds the WebAssembly modules into dist/",
    help: "\
Usage: cargo xtask dist [--only raw|npm|component|proxy | --twice]

Builds what ships (profiles `wasm` and, for npm, `wasm-page` of Cargo.toml):
  raw   dist/cohort.wasm   a module without imports, for any runtime (docs/raw-abi.md)
  npm   dist/npm/          the npm package: one .wasm, its JavaScript, bundled by esbuild in Node, and types
  component   dist/cohort.component.wasm   a component without imports (wasm/wit/cohort.wit)
  proxy       dist/cohort.proxy-wasm.wasm  a filter for gateways that speak proxy-wasm 0.2.1

Prints what each takes to download, against a budget, and ends with status 1 if one is over it. What a module
imports and exports must be what stands in tests/data/modules; `cargo xtask golden` writes it there.

The Rust target wasm32-unknown-unknown is added through rustup if it is missing. The first run takes a minute or
two longer: it compiles what finishes the modules.

Options:
  --only NAME      builds one of them, and does not weigh it
  --twice          builds everything again from a copy in another folder; fails unless the bytes are the same
",
    run,
};

/// The profile of Cargo.toml for what hosts and gateways load.
const HOSTS: &str = "wasm";
/// The profile for what pages download.
const PAGES: &str = "wasm-page";

/// What the tools run; people type `dist`.
pub(crate) const GLUE: Command = Command {
    name: "glue",
    summary: "",
    help: "Usage: cargo xtask glue MODULE FOLDER\n\nWrites the npm glue of MODULE to FOLDER. `cargo xtask dist` starts it.\n",
    run: glue::run,
};

/// What the tools run; people type `dist`.
pub(crate) const COMPONENT: Command = Command {
    name: "component",
    summary: "",
    help: "Usage: cargo xtask component MODULE FILE\n\nWrites the component of MODULE to FILE. `cargo xtask dist` starts it.\n",
    run: component::run,
};

/// What the tools run; people type `dist`.
pub(crate) const WEIGH: Command = Command {
    name: "weigh",
    summary: "",
    help: "Usage: cargo xtask weigh FILE...\n\nPrints the sizes of each FILE. `cargo xtask dist` starts it.\n",
    run: sizes::weigh,
};

fn run(project: &Project, mut words: Words) -> Result<(), Failure> {
    let (mut only, mut is_twice) = (None, false);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--only" if !is_twice => only = Some(words.value("--only")?),
            "--twice" if only.is_none() => is_twice = true,
            _ => return Err(words.unknown(word)),
        }
    }
    match only.as_deref() {
        None if is_twice => twice(project),
        None => whole(project),
        Some("raw") => raw(project),
        Some("npm") => npm(project),
        Some("component") => component(project),
        Some("proxy") => proxy(project),
        Some(other) => Err(words.unknown(other.to_owned())),
    }
}

/// Builds everything that ships, and weighs it.
///
/// # Errors
/// What a build ended with, [`Fault::Border`], [`Fault::OverBudget`].
pub(crate) fn whole(project: &Project) -> Result<(), Failure> {
    let tools = tools(project)?;
    all(project, &tools, Lists::Compare)?;
    sizes::show(project, &tools)
}

/// Builds everything twice, in two folders, and compares the bytes.
///
/// # Errors
/// As [`whole`], and [`Fault::NotReproducible`].
pub(crate) fn twice(project: &Project) -> Result<(), Failure> {
    empty(&project.dist())?;
    whole(project)?;
    twice::compare(project, &tools(project)?)
}

/// Builds everything and writes what each module imports and exports where the next builds look.
///
/// # Errors
/// What a build ended with.
pub(crate) fn renew(project: &Project) -> Result<(), Failure> {
    all(project, &tools(project)?, Lists::Renew)
}

/// Builds `dist/cohort.wasm`.
///
/// # Errors
/// [`Fault::Imports`] if it needs anything from its host; what the build ended with.
pub(crate) fn raw(project: &Project) -> Result<(), Failure> {
    build_raw(project, Lists::Compare)
}

/// Builds the npm package in `dist/npm`.
///
/// # Errors
/// What the build or the generator ended with, or a file that cannot be written.
pub(crate) fn npm(project: &Project) -> Result<(), Failure> {
    build_npm(project, &tools(project)?, Lists::Compare)
}

/// Builds `dist/cohort.component.wasm`.
///
/// # Errors
/// As [`npm`].
pub(crate) fn component(project: &Project) -> Result<(), Failure> {
    build_component(project, &tools(project)?, Lists::Compare)
}

/// Builds `dist/cohort.proxy-wasm.wasm`.
///
/// # Errors
/// What the build ended with, or a border that is not as it was.
pub(crate) fn proxy(project: &Project) -> Result<(), Failure> {
    build_proxy(project, Lists::Compare)
}

fn tools(project: &Project) -> Result<Tools, Failure> {
    shell::say("building the tools ...");
    Tools::built(project)
}

fn all(project: &Project, tools: &Tools, lists: Lists) -> Result<(), Failure> {
    build_raw(project, lists)?;
    build_npm(project, tools, lists)?;
    build_component(project, tools, lists)?;
    build_proxy(project, lists)
}

fn build_raw(project: &Project, lists: Lists) -> Result<(), Failure> {
    say_building("cohort-raw");
    let module = build(project, "cohort-raw", HOSTS, &[])?;
    let bytes = read(&module)?;
    let border = module::border(&bytes).map_err(|cause| Fault::Module { path: module.clone(), cause })?;
    if !border.imports.is_empty() {
        let names = border.imports.iter().map(|import| format!("`{import}`")).collect();
        return Err(Fault::Imports { path: module, names }.into());
    }
    lists.hold(project, "raw", &module, &bytes)?;
    let shipped = project.dist().join("cohort.wasm");
    write(&shipped, &bytes)?;
    show(project, &shipped)
}

fn say_building(package: &str) {
    shell::say(format!("building {package} for {} ...", toolchain::WASM));
}

fn build_npm(project: &Project, tools: &Tools, lists: Lists) -> Result<(), Failure> {
    say_building("cohort-wasm");
    let module = build(project, "cohort-wasm", PAGES, &[flags::PLAIN])?;
    let folder = project.dist().join("npm");
    empty(&folder)?;
    glue::package(project, tools, &module, &folder)?;
    let shipped = folder.join(glue::MODULE);
    lists.hold(project, "npm", &shipped, &read(&shipped)?)?;
    show(project, &shipped)?;
    show(project, &folder.join("decide.js"))?;
    show(project, &folder.join("connect.js"))
}

fn build_component(project: &Project, tools: &Tools, lists: Lists) -> Result<(), Failure> {
    say_building("cohort-component");
    let module = build(project, "cohort-component", HOSTS, &[])?;
    let shipped = project.dist().join("cohort.component.wasm");
    let mut command = tools.command(project, COMPONENT.name);
    let mut world = String::new();
    shell::run_quietly(command.arg(&module).arg(&shipped), |line| world.push_str(&format!("{line}\n")))?;
    lists.hold_text(project, "component", &world)?;
    show(project, &shipped)
}

fn build_proxy(project: &Project, lists: Lists) -> Result<(), Failure> {
    say_building("cohort-proxy");
    let module = build(project, "cohort-proxy", HOSTS, &[])?;
    let bytes = read(&module)?;
    lists.hold(project, "proxy-wasm", &module, &bytes)?;
    let shipped = project.dist().join("cohort.proxy-wasm.wasm");
    write(&shipped, &bytes)?;
    show(project, &shipped)
}

/// Builds one wasm face by a profile, with more flags than all have, and gives the path of its module.
///
/// As a module only: built as a library too, as the manifest says for its tests, the crate is not optimised together with
/// what it uses, whatever the profile says. The linker writes places in as few bytes as they need; it would keep five for
/// each.
fn build(project: &Project, package: &str, profile: &str, more: &[&str]) -> Result<PathBuf, Failure> {
    toolchain::ensure_target(project, toolchain::WASM)?;
    let mut cargo = project.cargo(&["rustc", "--quiet", "--locked", "--profile", profile]);
    cargo.args(["--target", toolchain::WASM, "--package", package, "--lib", "--crate-type", "cdylib"]);
    cargo.args(["--", "-Clink-arg=--compress-relocations"]);
    flags::apply(project, &mut cargo, more)?;
    shell::run(&mut cargo)?;
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

/// Removes `folder` with all that an earlier run left in it.
fn empty(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(Failure::Write { path: folder.to_owned(), cause })
        }
        _ => Ok(()),
    }
}
