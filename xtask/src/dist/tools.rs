//! This very program with its dependencies: what finishes and weighs the modules.
//!
//! It is built by a second cargo with the feature `tools`, in an output folder of its own, which leaves the running
//! program file alone; only commands that need it wait for it.

use crate::failure::Failure;
use crate::project::Project;
use crate::shell;
use std::path::PathBuf;
use std::process::Command;

/// The built program.
pub(crate) struct Tools {
    program: PathBuf,
}

impl Tools {
    /// Builds it, which takes a minute or two the first time.
    ///
    /// # Errors
    /// What the build ended with.
    pub(crate) fn built(project: &Project) -> Result<Self, Failure> {
        let target = project.target().join("tools");
        let what = ["build", "--quiet", "--locked", "--package=xtask", "--features=tools", "--target-dir"];
        shell::run(project.cargo(&what).arg(&target))?;
        Ok(Self { program: target.join("debug").join(format!("xtask{}", std::env::consts::EXE_SUFFIX)) })
    }

    /// One of its commands, to be run at the root.
    pub(crate) fn command(&self, project: &Project, name: &str) -> Command {
        let mut command = project.command(&self.program);
        command.arg(name);
        command
    }
}
