//! Why a journey or the demo could not go on.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// A step that did not work, with what was being done.
#[derive(Debug)]
pub enum Failure {
    /// A program of ours is not where it is looked for.
    Missing {
        /// Where it was looked for.
        program: PathBuf,
    },
    /// A program could not be started or ended early.
    Program {
        /// Which, and what it said last.
        said: String,
    },
    /// Reading or writing failed.
    Io {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        cause: io::Error,
    },
    /// A request got no answer.
    Unanswered {
        /// Method and path.
        request: String,
        /// The cause.
        cause: reqwest::Error,
    },
    /// A request got another answer than it must.
    Answer {
        /// Method and path.
        request: String,
        /// The status found.
        status: u16,
        /// The body found.
        body: String,
    },
    /// Something did not happen in time.
    Late {
        /// What was waited for.
        waited_for: String,
    },
    /// The world cannot be read.
    World(crate::world::WorldError),
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { program } => {
                write!(
                    out,
                    "no program `{}`\nhint: run `cargo xtask demo` or `cargo xtask test`",
                    program.display()
                )
            }
            Self::Program { said } => write!(out, "{said}"),
            Self::Io { doing, cause } => write!(out, "{doing}: {cause}"),
            Self::Unanswered { request, cause } => write!(out, "{request}: {cause}"),
            Self::Answer { request, status, body } => write!(out, "{request} answered {status}: {body}"),
            Self::Late { waited_for } => write!(out, "waited in vain for {waited_for}"),
            Self::World(cause) => write!(out, "{cause}"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<crate::world::WorldError> for Failure {
    fn from(cause: crate::world::WorldError) -> Self {
        Self::World(cause)
    }
}

/// Names what was being done when input or output failed.
pub(crate) fn io(doing: &'static str) -> impl FnOnce(io::Error) -> Failure {
    move |cause| Failure::Io { doing, cause }
}
