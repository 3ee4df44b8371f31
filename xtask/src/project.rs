//! Where the project lies: its root, cargo's output folder, and a cargo that works there.

use crate::failure::Failure;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Variables that `cargo run` sets for us and that a second cargo must not inherit: build scripts which watch
/// them would run again each time.
const CARGO_RUN_VARIABLES: &[&str] = &[
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
];

/// The checkout this program was built in.
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
}

impl Project {
    /// The project around this crate; `CARGO_TARGET_DIR` moves the output folder.
    ///
    /// # Errors
    /// [`Failure::Read`] if the checkout has moved or the current folder is gone.
    pub(crate) fn here() -> Result<Self, Failure> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let above = Path::new(&manifest).join("..");
        let root = fs::canonicalize(&above).map_err(|cause| Failure::Read { path: above, cause })?;
        let target = match env::var_os("CARGO_TARGET_DIR") {
            // Relative to where the person stands, while our commands run at the root.
            Some(folder) => {
                let folder = PathBuf::from(folder);
                std::path::absolute(&folder).map_err(|cause| Failure::Read { path: folder, cause })?
            }
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// The checkout at `root`, with an output folder of its own.
    pub(crate) const fn at(root: PathBuf, target: PathBuf) -> Self {
        Self { root, target }
    }

    /// The root folder of the checkout.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's output folder.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Where `dist` leaves what ships.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The development build of the program `name`.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The release build of the program `name`.
    pub(crate) fn release_program(&self, name: &str) -> PathBuf {
        self.target.join("release").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// `program`, to be run at the root.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        for name in CARGO_RUN_VARIABLES {
            command.env_remove(name);
        }
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("CARGO_PKG_") {
                command.env_remove(name);
            }
        }
        command.env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// The cargo that started us, with `arguments`, to be run at the root.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments);
        command
    }
}
