//! `cargo xtask tidy`: what the compiler does not check, and clippy cannot know.
//!
//! Each check takes the sources as text and gives findings; none of them changes a file. The rules that are
//! lists (floors, forbidden dependencies, forbidden words) stand as data beside their check.

mod files;
mod floors;
mod manifest;
mod map;
mod paths;
mod size;
mod source;
mod words;

use crate::command::{Command, Words};
use crate::failure::Failure;
use crate::project::Project;
use crate::shell;
use crate::tidy::files::File;
use std::fmt;

pub(crate) const COMMAND: Command = Command {
    name: "tidy",
    summary: "checks floors, dependencies, sizes and words of the sources",
    help: "\
Usage: cargo xtask tidy

Checks what the compiler does not:
  - inside a crate, files import downwards only (the floors of docs/ARCHITECTURE.md)
  - crates depend only on what their room allows
  - no file over 600 lines, no function over 70, no README over 150
  - no `unsafe` outside wasm/raw/src/memory.rs
  - no path of one person's machine, no unfinished or switched-off places, no banner comments
  - docs/ARCHITECTURE.md names every crate, and only folders that exist

Prints one line for each finding, `path:line: what was found; what is expected`, and ends with status 1
if there is one.
",
    run,
};

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// Path below the root, with `/` on every system.
    path: String,
    /// Counted from 1.
    line: usize,
    /// What was found; what is expected.
    words: String,
}

impl Finding {
    fn new(file: &File, line: usize, words: impl Into<String>) -> Self {
        Self { path: file.path.clone(), line, words: words.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.words)
    }
}

fn run(project: &Project, words: Words) -> Result<(), Failure> {
    words.end()?;
    check(project)
}

/// Prints the findings of all checks.
///
/// # Errors
/// [`Failure::Untidy`] if there is one, [`Failure::Read`] if a source cannot be read.
pub(crate) fn check(project: &Project) -> Result<(), Failure> {
    let files = files::read(project.root())?;
    let mut findings: Vec<Finding> = files.iter().flat_map(of_file).collect();
    findings.extend(manifest::check(&files));
    findings.extend(map::check(&files));
    findings.sort();
    for finding in &findings {
        shell::say(finding);
    }
    if findings.is_empty() {
        shell::say(format!("tidy: {} files, no findings", files.len()));
        return Ok(());
    }
    Err(Failure::Untidy { findings: findings.len() })
}

fn of_file(file: &File) -> Vec<Finding> {
    let mut findings = size::file(file);
    findings.extend(words::anywhere(file));
    if file.extension() == "rs" {
        let code = source::code_only(&file.text);
        findings.extend(size::functions(file, &code));
        findings.extend(words::rust(file, &code));
        findings.extend(floors::check(file, &code));
    }
    findings
}
