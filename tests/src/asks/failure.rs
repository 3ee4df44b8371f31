//! Why worlds were not written or not read.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::build::BuildError;
use crate::world::WorldError;

/// What went wrong, and where.
#[derive(Debug)]
pub enum AsksFailure {
    /// A file or folder that cannot be read or written.
    File {
        /// Which.
        path: PathBuf,
        /// The cause.
        cause: io::Error,
    },
    /// A line that is no step.
    Line {
        /// The line.
        line: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A world that cannot be read.
    World(WorldError),
    /// A statement of a world that the core refuses.
    Refused {
        /// The world and the number of its line.
        place: String,
        /// The cause.
        cause: BuildError,
    },
    /// A question of a world to which the core gives another answer.
    Answer {
        /// The world and the number of its line.
        place: String,
        /// The answer found.
        found: String,
    },
    /// Bytes that the core refuses otherwise than it must, or takes.
    Bytes {
        /// The file that they would make.
        file: String,
        /// The code of the refusal found.
        found: Option<String>,
        /// That expected.
        expected: Option<String>,
    },
}

impl AsksFailure {
    pub(super) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |cause| Self::File { path, cause }
    }
}

impl From<WorldError> for AsksFailure {
    fn from(cause: WorldError) -> Self {
        Self::World(cause)
    }
}

impl fmt::Display for AsksFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, cause } => write!(out, "`{}`: {cause}", path.display()),
            Self::Line { line, expected } => write!(out, "`{line}` is no step; expected {expected}"),
            Self::World(cause) => fmt::Display::fmt(cause, out),
            Self::Refused { place, cause } => write!(out, "{place}: refused: {cause:?}"),
            Self::Answer { place, found } => {
                write!(out, "{place}: the core says `{found}`; expected what is written")
            }
            Self::Bytes { file, found, expected } => {
                write!(out, "the core refuses `{file}` as {found:?}; expected {expected:?}")
            }
        }
    }
}

impl std::error::Error for AsksFailure {}
