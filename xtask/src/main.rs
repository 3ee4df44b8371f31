//! Everything a person types, in Rust: `cargo xtask demo`, `test`, `dist`, `tidy`, `golden`, `runtimes`,
//! `bench`, `mutants`, `fuzz`.
//!
//! This file only finds the command. It relies on the standard library alone, so that the first
//! `cargo xtask` on a fresh machine answers within seconds; what finishes and weighs the modules hangs on the
//! feature `tools` and is compiled by a second cargo that `dist` starts.

mod bench;
mod command;
mod copy;
mod demo;
mod dist;
mod failure;
mod fuzz;
mod golden;
mod mutants;
mod project;
mod runtimes;
mod shell;
mod test;
mod tidy;
mod toolchain;

use crate::command::{Command, Words};
use crate::failure::Failure;
use crate::project::Project;
use std::env;
use std::process::ExitCode;

const COMMANDS: &[&Command] = &[
    &demo::COMMAND,
    &test::COMMAND,
    &dist::COMMAND,
    &tidy::COMMAND,
    &golden::COMMAND,
    &runtimes::COMMAND,
    &bench::COMMAND,
    &mutants::COMMAND,
    &fuzz::COMMAND,
    &dist::GLUE,
    &dist::COMPONENT,
    &dist::WEIGH,
];

fn main() -> ExitCode {
    let words: Vec<String> = env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // The count of the tests stays the last line.
            if !matches!(failure, Failure::Tests) {
                eprintln!("error: {failure}");
            }
            ExitCode::from(failure.status())
        }
    }
}

fn run(words: &[String]) -> Result<(), Failure> {
    let Some((first, rest)) = words.split_first() else {
        print!("{}", overview());
        return Ok(());
    };
    let asked = match first.as_str() {
        "help" | "--help" | "-h" => match rest.first() {
            None => {
                print!("{}", overview());
                return Ok(());
            }
            Some(word) => find(word)?,
        },
        word => find(word)?,
    };
    if first == "help" || rest.iter().any(|word| word == "--help" || word == "-h") {
        print!("{}", asked.help);
        return Ok(());
    }
    (asked.run)(&Project::here()?, Words::new(asked.name, rest))
}

fn find(word: &str) -> Result<&'static Command, Failure> {
    COMMANDS.iter().copied().find(|command| command.name == word).ok_or_else(|| Failure::UnknownCommand {
        word: word.to_owned(),
        known: visible().map(|c| c.name).collect(),
    })
}

fn visible() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter().copied().filter(|command| !command.summary.is_empty())
}

fn overview() -> String {
    let mut text = String::from("Usage: cargo xtask COMMAND\n\nCommands:\n");
    for command in visible() {
        text.push_str(&format!("  {:<8} {}\n", command.name, command.summary));
    }
    text.push_str("\n`cargo xtask COMMAND --help` says more about one of them.\n");
    text
}
