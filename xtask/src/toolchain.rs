//! What has to be installed before a step can run: Rust targets, a C compiler, Node, Python.
//!
//! Rust targets are added through rustup without asking: they go into the pinned toolchain of this project.
//! A system package is installed only as root on Debian or Ubuntu, and the line before says so.

mod npm;
mod python;

pub(crate) use self::npm::NpmPackages;
pub(crate) use self::python::PythonPackages;
use crate::failure::Failure;
use crate::project::Project;
use crate::shell;
use std::env;
use std::fs;
use std::path::Path;

/// The target of every wasm face.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";
/// A target without `std`, which proves that a crate does not need it.
pub(crate) const BARE: &str = "thumbv7em-none-eabi";

/// The oldest Node whose test runner knows the options we use.
const NODE_MAJOR_MIN: u32 = 18;
const PYTHON_MAJOR_MIN: u32 = 3;

/// Adds `target` to the pinned toolchain if it is not there.
///
/// # Errors
/// [`Failure::MissingTarget`] without rustup, or what rustup ended with.
pub(crate) fn ensure_target(project: &Project, target: &'static str) -> Result<(), Failure> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let folder = shell::output(project.command(rustc).args(["--print", "target-libdir", "--target", target]));
    if folder.is_some_and(|folder| fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some())) {
        return Ok(());
    }
    if shell::output(project.command("rustup").arg("--version")).is_none() {
        return Err(Failure::MissingTarget { target });
    }
    shell::say(format!("adding the Rust target {target} with rustup ..."));
    shell::run(project.command("rustup").args(["target", "add", target]))
}

/// Looks for the C compiler that the embedded SQLite is built with.
///
/// # Errors
/// [`Failure::MissingTool`] if there is none. On Windows the build itself looks for one.
pub(crate) fn need_c_compiler(project: &Project) -> Result<(), Failure> {
    let compiler = env::var_os("CC").unwrap_or_else(|| "cc".into());
    if cfg!(windows) || shell::output(project.command(compiler).arg("--version")).is_some() {
        return Ok(());
    }
    Err(Failure::MissingTool {
        tool: "C compiler",
        purpose: "the embedded SQLite is built with `cc` or the one that CC names",
        hint: "apt-get install gcc libc6-dev, dnf install gcc, or xcode-select --install",
    })
}

/// Looks for Node, and installs it where we may.
///
/// # Errors
/// [`Failure::MissingTool`] where it has to be installed by hand, or what the package manager ended with.
pub(crate) fn ensure_node(project: &Project) -> Result<(), Failure> {
    if node_is_recent(project) {
        return Ok(());
    }
    if is_root(project) && is_debian() {
        shell::say("installing Node: apt-get update && apt-get install -y nodejs ...");
        shell::run(project.command("apt-get").args(["update", "-qq"]))?;
        shell::run(project.command("apt-get").args(["install", "-y", "-qq", "nodejs"]))?;
        if node_is_recent(project) {
            return Ok(());
        }
    }
    Err(Failure::MissingTool {
        tool: "Node 18 or newer",
        purpose: "the scripts of the npm package are made in it, and tested",
        hint: "install it from https://nodejs.org or with your package manager, or add --without dist-all --without node",
    })
}

/// Looks for npm, which Debian packs apart from Node.
///
/// # Errors
/// As [`ensure_node`].
pub(crate) fn ensure_npm(project: &Project) -> Result<(), Failure> {
    let has_npm = || shell::output(project.command("npm").arg("--version")).is_some();
    if has_npm() {
        return Ok(());
    }
    installed(project, "npm", has_npm, || Failure::MissingTool {
        tool: "npm",
        purpose: "what makes the scripts of the npm package is installed with it, and its runtimes",
        hint: "install it with your package manager, or add --without dist-all --without runtimes",
    })
}

/// Looks for a browser by the name of its Debian package, `chromium` or `firefox-esr`.
///
/// # Errors
/// As [`ensure_node`].
pub(crate) fn ensure_browser(project: &Project, tool: &'static str) -> Result<(), Failure> {
    let starts = || shell::output(project.command(tool).arg("--version")).is_some();
    if starts() {
        return Ok(());
    }
    installed(project, tool, starts, || Failure::MissingTool {
        tool,
        purpose: "the npm package is proven in it",
        hint: "install it with your package manager, or add --without runtimes",
    })
}

/// Installs a Debian package where we may, and looks again.
fn installed(
    project: &Project,
    package: &str,
    is_there: impl Fn() -> bool,
    missing: impl Fn() -> Failure,
) -> Result<(), Failure> {
    if is_root(project) && is_debian() {
        shell::say(format!("installing {package}: apt-get update && apt-get install -y {package} ..."));
        shell::run(project.command("apt-get").args(["update", "-qq"]))?;
        let options = ["install", "-y", "-qq", "--no-install-recommends"];
        shell::run(project.command("apt-get").args(options).arg(package))?;
        if is_there() {
            return Ok(());
        }
    }
    Err(missing())
}

/// Looks for Python, and installs it where we may.
///
/// # Errors
/// [`Failure::MissingTool`] where it has to be installed by hand, or what the package manager ended with.
pub(crate) fn ensure_python(project: &Project) -> Result<(), Failure> {
    if python_is_recent(project) {
        return Ok(());
    }
    if is_root(project) && is_debian() {
        shell::say("installing Python: apt-get update && apt-get install -y python3 ...");
        shell::run(project.command("apt-get").args(["update", "-qq"]))?;
        shell::run(project.command("apt-get").args(["install", "-y", "-qq", "python3"]))?;
        if python_is_recent(project) {
            return Ok(());
        }
    }
    Err(Failure::MissingTool {
        tool: "Python 3",
        purpose: "a second reader of snapshots is written in it (tests/python)",
        hint: "install `python3` with your package manager, or add --without test",
    })
}

/// Makes a folder into which Python packages can be installed without touching those of the system.
///
/// # Errors
/// [`Failure::MissingTool`] where what makes it has to be installed by hand, or what it ended with.
pub(crate) fn make_python_folder(project: &Project, folder: &Path) -> Result<(), Failure> {
    let make = || shell::output(project.command("python3").args(["-m", "venv"]).arg(folder)).is_some();
    if make() {
        return Ok(());
    }
    if is_root(project) && is_debian() {
        shell::say("installing python3-venv: apt-get update && apt-get install -y python3-venv ...");
        shell::run(project.command("apt-get").args(["update", "-qq"]))?;
        shell::run(project.command("apt-get").args(["install", "-y", "-qq", "python3-venv"]))?;
        if make() {
            return Ok(());
        }
    }
    Err(Failure::MissingTool {
        tool: "Python module `venv`",
        purpose: "the public testers of SCIM servers are installed with it",
        hint: "install `python3-venv` with your package manager, or add --without testers",
    })
}

fn python_is_recent(project: &Project) -> bool {
    shell::output(project.command("python3").arg("--version"))
        .and_then(|version| major(version.trim_start_matches("Python ")))
        .is_some_and(|major| major >= PYTHON_MAJOR_MIN)
}

fn node_is_recent(project: &Project) -> bool {
    shell::output(project.command("node").arg("--version"))
        .as_deref()
        .and_then(major)
        .is_some_and(|m| m >= NODE_MAJOR_MIN)
}

/// The first number of a version such as `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

fn is_root(project: &Project) -> bool {
    shell::output(project.command("id").arg("-u")).as_deref() == Some("0")
}

fn is_debian() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|text| names_debian(&text))
}

/// Whether the text of an os-release file names Debian, Ubuntu or a system like them.
fn names_debian(os_release: &str) -> bool {
    os_release
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(key, _)| matches!(*key, "ID" | "ID_LIKE"))
        .flat_map(|(_, value)| value.trim_matches('"').split(' '))
        .any(|name| matches!(name, "debian" | "ubuntu"))
}

#[cfg(test)]
mod tests;
