//! `cargo xtask test`: everything that must hold before a change is finished, part by part.
//!
//! A part that fails does not stop the others, so that one run shows all there is to mend.

mod count;
pub(crate) mod gateway;
mod parts;
mod testers;

use crate::command::{Command, Words};
use crate::failure::Failure;
use crate::project::Project;
use crate::shell;
pub(crate) use crate::test::count::Tally;
use crate::test::parts::{PARTS, Part};
use std::env;
use std::time::Instant;

pub(crate) use crate::test::parts::{node_command, node_tests};

pub(crate) const COMMAND: Command = Command {
    name: "test",
    summary: "runs every check and test of the project",
    help: "\
Usage: cargo xtask test [--quick] [--without NAME]...

Runs these parts in order and goes on when one fails:
  fmt       the formatting of the Rust sources
  tidy      floors, dependencies, sizes, words (cargo xtask tidy)
  dist      dist/cohort.wasm, without imports
  dist-all  every module that ships, against its budget, and the same bytes from another folder
  no-std    core and core/verify for targets without std
  clippy    the shared lints, warnings as errors
  test      every Rust test, from unit tests to journeys over TCP
  testers   the public testers scim2-tester and scim-sanity against the server
  gateway   the filter in a real Envoy, before a real upstream and the server
  doc       the documentation, warnings as errors
  node      the tests of the npm package in Node
  runtimes  all worlds on every face in every runtime (cargo xtask runtimes)

Missing Rust targets are added through rustup. Node, npm, Python 3, Chromium and Firefox are installed as root on Debian
or Ubuntu; elsewhere one line says what to install. The public testers are installed below target/, in the versions and with
the hashes of tests/python/requirements.txt, and runtimes with those of tests/python/gates.txt. The last line counts tests: `N passed, N failed`; the status is 1 if any part failed.

Options:
  --quick          for daily work: leaves out dist-all, no-std, testers, gateway, doc, node and runtimes
  --without NAME   leaves a part out; the end says so. Neither is taken under CI=true
",
    run,
};

fn run(project: &Project, words: Words) -> Result<(), Failure> {
    let left_out = left_out(words)?;
    if !left_out.is_empty() && env::var("CI").is_ok_and(|value| value == "true") {
        return Err(Failure::LeftOutUnderCi);
    }
    let mut total = Tally::default();
    let mut failed = Vec::new();
    for part in PARTS.iter().filter(|part| !left_out.contains(&part.name)) {
        let tally = timed(project, part, &mut failed);
        total.add(tally);
    }
    if !failed.is_empty() {
        shell::say(format!("failed parts: {}", failed.join(", ")));
    }
    if !left_out.is_empty() {
        shell::say(format!("left out: {}", left_out.join(", ")));
    }
    shell::say(total);
    if failed.is_empty() { Ok(()) } else { Err(Failure::Tests) }
}

/// The names of the parts that the options leave out, in the order of the parts.
fn left_out(mut words: Words) -> Result<Vec<&'static str>, Failure> {
    let mut without = Vec::new();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => without.extend(PARTS.iter().filter(|part| !part.quick).map(|part| part.name)),
            "--without" => without.push(parts::find(&words.value("--without")?)?.name),
            _ => return Err(words.unknown(word)),
        }
    }
    Ok(PARTS.iter().map(|part| part.name).filter(|name| without.contains(name)).collect())
}

/// Runs one part between a heading and its duration.
fn timed(project: &Project, part: &Part, failed: &mut Vec<&'static str>) -> Tally {
    shell::say(format!("\n== {}: {}", part.name, part.what));
    let started = Instant::now();
    let mut tally = Tally::default();
    let outcome = (part.run)(project, &mut tally);
    let duration = shell::seconds(started.elapsed());
    match outcome {
        Ok(()) => shell::say(format!("== {}: ok, {duration}", part.name)),
        Err(failure) => {
            // A part that broke before any test could fail is one failure, so that the sum never looks clean.
            tally.failed = tally.failed.max(1);
            failed.push(part.name);
            shell::say(format!("== {}: FAILED, {duration}: {failure}", part.name));
        }
    }
    tally
}

#[cfg(test)]
mod tests;
