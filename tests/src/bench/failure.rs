//! Why a measurement could not go on.

use std::fmt;
use std::io;

use cohort_core::graph::GraphError;
use cohort_core::view::{ApplyError, OpenError};

use crate::build::BuildError;

/// A step that did not work.
#[derive(Debug)]
pub enum Failure {
    /// A generated change was refused.
    Change(GraphError),
    /// The snapshot of a graph was not opened.
    Open(OpenError),
    /// The delta of a change was not applied.
    Apply(ApplyError),
    /// The measurement of one size could not be started or read.
    Start(io::Error),
    /// The measurement of one size ended without a report.
    Ended {
        /// Which size.
        size: &'static str,
    },
    /// The measurement of one size gave something else than a report.
    Report(serde_json::Error),
    /// A world was not as expected.
    World(BuildError),
    /// An organisation has something that peers are not told.
    Untold,
    /// A module did not run in wasmtime.
    Module(wasmtime::Error),
    /// The raw module refused what it was asked.
    Refused {
        /// The number, as in `docs/raw-abi.md`.
        code: i32,
    },
    /// A face allows something else than the core.
    Differs {
        /// In which runtime.
        runtime: &'static str,
        /// Questions that the core allows.
        expected: usize,
        /// Questions that the module allows.
        found: usize,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Change(cause) => write!(out, "a generated change was refused: {cause}"),
            Self::Open(cause) => write!(out, "the graph's snapshot was refused: {cause}"),
            Self::Apply(cause) => write!(out, "the graph's delta was refused: {cause}"),
            Self::Start(cause) => write!(out, "starting the measurement of one size: {cause}"),
            Self::Ended { size } => write!(out, "the measurement of size {size} ended without a report"),
            Self::Report(cause) => write!(out, "reading the measurement of one size: {cause}"),
            Self::World(cause) => write!(out, "a world was refused: {cause:?}"),
            Self::Untold => write!(out, "the organisation has something that peers cannot be told"),
            Self::Module(cause) => write!(out, "in wasmtime: {cause:#}"),
            Self::Refused { code } => write!(out, "the raw module refused with {code}; see docs/raw-abi.md"),
            Self::Differs { runtime, expected, found } => {
                write!(out, "{found} questions are allowed in {runtime}; natively {expected} are")
            }
        }
    }
}

impl std::error::Error for Failure {}

impl From<GraphError> for Failure {
    fn from(cause: GraphError) -> Self {
        Self::Change(cause)
    }
}

impl From<OpenError> for Failure {
    fn from(cause: OpenError) -> Self {
        Self::Open(cause)
    }
}

impl From<wasmtime::Error> for Failure {
    fn from(cause: wasmtime::Error) -> Self {
        Self::Module(cause)
    }
}

impl From<ApplyError> for Failure {
    fn from(cause: ApplyError) -> Self {
        Self::Apply(cause)
    }
}
