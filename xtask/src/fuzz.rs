//! `cargo xtask fuzz`: libFuzzer on the targets in `fuzz/`, one after another.

use crate::command::{Command, Words};
use crate::failure::Failure;
use crate::project::Project;
use crate::shell;
use std::fs;
use std::path::PathBuf;

/// Where each target has a file of its name.
const TARGETS: &str = "fuzz/fuzz_targets";
/// Seconds for each target, unless the person says so.
const SECONDS: u32 = 60;
/// Bytes of an input: as many as the longest rule text, or the choices of a whole world.
const INPUT_BYTES_MAX: u32 = 8_192;
/// Seconds for one input: far more than any takes, so that an input that takes them is a finding.
const INPUT_SECONDS_MAX: u32 = 20;

pub(crate) const COMMAND: Command = Command {
    name: "fuzz",
    summary: "runs the fuzz targets with libFuzzer",
    help: "\
Usage: cargo xtask fuzz [--seconds N] [--only NAME]

Runs each target of fuzz/ for N seconds, one after another. What they try is tried briefly by every test run too
(tests/it/fuzz.rs); this looks much longer, and knows which code was reached. Needs a nightly Rust toolchain and
cargo-fuzz; the last line of a target tells its executions and what it covered (cov, ft).

An input that breaks a promise ends the command and is left in fuzz/artifacts/NAME/.

Options:
  --seconds N    for each target (default 60)
  --only NAME    one target, a file of fuzz/fuzz_targets/ such as rule_text
",
    run,
};

fn run(project: &Project, mut words: Words) -> Result<(), Failure> {
    let (mut seconds, mut targets) = (SECONDS, targets(project)?);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => {
                let value = words.value(&word)?;
                seconds = value.parse().map_err(|_| Failure::NotSeconds { word: value })?;
            }
            "--only" => {
                let name = words.value(&word)?;
                if !targets.contains(&name) {
                    return Err(Failure::UnknownTarget { word: name, known: targets });
                }
                targets = vec![name];
            }
            _ => return Err(words.unknown(word)),
        }
    }
    need_cargo_fuzz(project)?;
    targets.iter().try_for_each(|target| fuzz(project, target, seconds))
}

/// The names of all targets, in their order.
fn targets(project: &Project) -> Result<Vec<String>, Failure> {
    let folder = project.root().join(TARGETS);
    let unreadable = |cause| Failure::Read { path: folder.clone(), cause };
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".rs").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// Looks for the two tools that this project does without everywhere else.
fn need_cargo_fuzz(project: &Project) -> Result<(), Failure> {
    let purpose = "libFuzzer is built by the nightly compiler and started by cargo-fuzz";
    let nightly = |words: &[&str]| shell::output(nightly_cargo(project).args(words)).is_some();
    if !nightly(&["--version"]) {
        let hint = "rustup toolchain install nightly";
        return Err(Failure::MissingTool { tool: "nightly Rust toolchain", purpose, hint });
    }
    if !nightly(&["fuzz", "--version"]) {
        return Err(Failure::MissingTool { tool: "cargo-fuzz", purpose, hint: "cargo install cargo-fuzz" });
    }
    Ok(())
}

/// The nightly cargo, whichever one started us.
fn nightly_cargo(project: &Project) -> std::process::Command {
    let mut command = project.command("rustup");
    // Both would name the pinned compiler.
    command.args(["run", "nightly", "cargo"]).env_remove("RUSTC").env_remove("RUSTUP_TOOLCHAIN");
    command
}

fn fuzz(project: &Project, target: &str, seconds: u32) -> Result<(), Failure> {
    shell::say(format!("\n== {target}: {seconds} s"));
    // New inputs are written to the first folder; the others are only read.
    let corpus = project.root().join("fuzz/corpus").join(target);
    fs::create_dir_all(&corpus).map_err(|cause| Failure::Write { path: corpus.clone(), cause })?;
    let kept = ["fuzz/seeds", "tests/data/fuzz"].map(|folder| project.root().join(folder).join(target));
    let folders: Vec<PathBuf> = kept.into_iter().filter(|folder| folder.is_dir()).collect();
    let mut command = nightly_cargo(project);
    // Memory errors need no looking for: the code under test has no `unsafe`.
    command.args(["fuzz", "run", "--sanitizer=none", target]).arg(corpus).args(folders);
    command.args([
        "--".to_owned(),
        format!("-max_total_time={seconds}"),
        format!("-max_len={INPUT_BYTES_MAX}"),
        format!("-timeout={INPUT_SECONDS_MAX}"),
        // Inputs that steer a generator say nothing while they are a few bytes long.
        "-len_control=0".to_owned(),
        "-print_final_stats=1".to_owned(),
    ]);
    shell::run(&mut command)
}
