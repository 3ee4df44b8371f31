//! Why a command stopped, in one line for the person who typed it.

use crate::dist::Fault;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// Exit status for words that make no command.
const USAGE: u8 = 2;
/// Exit status for a command that was understood and did not succeed.
const FAILED: u8 = 1;

#[derive(Debug)]
pub(crate) enum Failure {
    UnknownCommand {
        word: String,
        known: Vec<&'static str>,
    },
    UnknownWord {
        word: String,
        command: &'static str,
    },
    UnknownPart {
        word: String,
        known: Vec<&'static str>,
    },
    MissingValue {
        option: String,
        command: &'static str,
    },
    UnknownTarget {
        word: String,
        known: Vec<String>,
    },
    NotSeconds {
        word: String,
    },
    LeftOutUnderCi,
    MissingTool {
        tool: &'static str,
        purpose: &'static str,
        hint: &'static str,
    },
    MissingTarget {
        target: &'static str,
    },
    MissingFile {
        path: PathBuf,
        expected: &'static str,
    },
    Start {
        line: String,
        cause: io::Error,
    },
    Ended {
        line: String,
        status: ExitStatus,
    },
    Read {
        path: PathBuf,
        cause: io::Error,
    },
    Write {
        path: PathBuf,
        cause: io::Error,
    },
    /// A module that does not ship.
    Dist(Fault),
    Untidy {
        findings: usize,
    },
    /// The test command has said which parts failed, and ends with its count.
    Tests,
    NoTests {
        part: &'static str,
    },
    NoFault {
        word: String,
    },
    FaultText {
        name: &'static str,
        file: &'static str,
        found: usize,
    },
    Baseline {
        test: String,
    },
    Missed {
        names: Vec<&'static str>,
    },
}

impl Failure {
    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::UnknownCommand { .. }
            | Self::UnknownWord { .. }
            | Self::UnknownPart { .. }
            | Self::MissingValue { .. }
            | Self::NoFault { .. }
            | Self::UnknownTarget { .. }
            | Self::NotSeconds { .. }
            | Self::LeftOutUnderCi => USAGE,
            _ => FAILED,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCommand { word, known } => {
                write!(f, "unknown command `{word}`; expected one of {}", known.join(", "))
            }
            Self::UnknownWord { word, command } => {
                write!(f, "unknown word `{word}`; `cargo xtask {command} --help` lists what it takes")
            }
            Self::UnknownPart { word, known } => {
                write!(f, "unknown part `{word}`; expected one of {}", known.join(", "))
            }
            Self::MissingValue { option, command } => {
                write!(f, "`{option}` without a value; `cargo xtask {command} --help` shows it")
            }
            Self::UnknownTarget { word, known } => {
                write!(f, "unknown target `{word}`; expected one of {}", known.join(", "))
            }
            Self::NotSeconds { word } => {
                write!(f, "`{word}` is no number of seconds; expected one such as 60")
            }
            Self::LeftOutUnderCi => {
                write!(f, "`--quick` or `--without` under CI=true; nothing may be left out there")
            }
            Self::MissingTool { tool, purpose, hint } => {
                write!(f, "no {tool} found; {purpose}\nhint: {hint}")
            }
            Self::MissingTarget { target } => write!(
                f,
                "the Rust target `{target}` is not installed and there is no rustup to add it\n\
                 hint: install rustup from https://rustup.rs, or the package of your system for this target"
            ),
            Self::MissingFile { path, expected } => {
                write!(f, "`{}` not found; expected {expected}", path.display())
            }
            Self::Start { line, cause } => write!(f, "cannot start `{line}`: {cause}"),
            Self::Ended { line, status } => write!(f, "`{line}` ended with {status}"),
            Self::Read { path, cause } => write!(f, "cannot read `{}`: {cause}", path.display()),
            Self::Write { path, cause } => write!(f, "cannot write `{}`: {cause}", path.display()),
            Self::Dist(fault) => write!(f, "{fault}"),
            Self::Untidy { findings } => write!(f, "{findings} findings; expected none"),
            Self::Tests => write!(f, "parts of the tests failed"),
            Self::NoTests { part } => write!(f, "`{part}` counted no test; expected at least one"),
            Self::NoFault { word } => {
                write!(f, "no fault has `{word}` in its name\nhint: cargo xtask mutants --list")
            }
            Self::FaultText { name, file, found } => {
                write!(f, "the text of fault `{name}` stands {found} times in `{file}`; expected once")?;
                write!(f, "\nhint: adapt the table in xtask/src/mutants/faults/ to the source")
            }
            Self::Baseline { test } => {
                write!(f, "`{test}` fails without any fault; expected that all tests pass")
            }
            Self::Missed { names } => write!(f, "no test finds {}", names.join(", ")),
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Dist(fault)
    }
}
