//! `cargo xtask mutants`: deliberate faults in the core, each of which some test has to find.
//!
//! A test that cannot fail proves nothing. The faults of [`faults`] are put one at a time into a copy of the
//! sources, and the tests of the core, the worlds and the comparison with the oracle run until one fails. A fault
//! that none of them finds is a test that is missing. The checkout itself is only read.

mod fault;
mod faults;
mod trial;

use crate::command::{Command, Words};
use crate::copy::Copy;
use crate::failure::Failure;
use crate::mutants::fault::Fault;
use crate::mutants::trial::Trial;
use crate::project::Project;
use crate::shell;
use std::time::{Duration, Instant};

/// The copy that faults are put into, below cargo's output folder.
const SOURCES: &str = "mutants/source";

pub(crate) const COMMAND: Command = Command {
    name: "mutants",
    summary: "puts faults into the core and shows which test finds each",
    help: "\
Usage: cargo xtask mutants [--only LIST] [--list]

Copies the sources to target/mutants, puts one deliberate fault at a time into core/ there, and runs tests until one
fails, the quickest first: unit tests of the core, worlds, then laws and the comparison with the oracle. Prints for
each fault the test that found it. The status is 1 if a fault survives, or if its text no longer stands in the
sources exactly once. The first run builds the tests anew and takes some minutes; then a fault takes seconds.

Options:
  --only LIST   only the faults with one of these texts in their name, such as `manager,stale`
  --list        prints the faults and what they mean, and runs nothing
",
    run,
};

fn run(project: &Project, mut words: Words) -> Result<(), Failure> {
    let (mut only, mut list) = (String::new(), false);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--only" => only = words.value("--only")?,
            "--list" => list = true,
            _ => return Err(words.unknown(word)),
        }
    }
    let chosen: Vec<&Fault> =
        faults::all().filter(|fault| only.split(',').any(|part| fault.name.contains(part))).collect();
    if chosen.is_empty() {
        return Err(Failure::NoFault { word: only });
    }
    if list {
        print_list(&chosen);
        return Ok(());
    }
    try_all(project, &chosen)
}

fn print_list(faults: &[&Fault]) {
    let width = name_width(faults);
    for fault in faults {
        shell::say(format!("{:<width$}  {}: {}", fault.name, fault.file, fault.means));
    }
}

/// Tries the faults in order and prints one row for each.
fn try_all(project: &Project, faults: &[&Fault]) -> Result<(), Failure> {
    let copy = Copy::of(project, SOURCES)?;
    // A text that is not there any more is told at once, not after minutes.
    for fault in faults {
        fault.applied(&copy.text(fault.file)?)?;
    }
    shell::say("building and running the tests without a fault (some minutes the first time) ...");
    let trial = Trial::prepare(project, &copy)?;
    let width = name_width(faults);
    let started = Instant::now();
    let mut missed = Vec::new();
    for fault in faults {
        let begun = Instant::now();
        copy.put(fault.file, &fault.applied(&copy.text(fault.file)?)?)?;
        let outcome = trial.run();
        copy.restore(fault.file)?;
        let outcome = outcome?;
        let duration = shell::seconds(begun.elapsed());
        shell::say(format!("{:<width$}  {duration:>7}  {outcome}", fault.name));
        if !outcome.is_found() {
            missed.push(fault.name);
        }
    }
    conclude(faults.len(), &missed, started.elapsed())
}

fn conclude(tried: usize, missed: &[&'static str], duration: Duration) -> Result<(), Failure> {
    let found = tried - missed.len();
    shell::say(format!("{found} of {tried} faults found, {}", shell::seconds(duration)));
    if missed.is_empty() { Ok(()) } else { Err(Failure::Missed { names: missed.to_vec() }) }
}

fn name_width(faults: &[&Fault]) -> usize {
    faults.iter().map(|fault| fault.name.len()).max().unwrap_or_default()
}

#[cfg(test)]
mod tests;
