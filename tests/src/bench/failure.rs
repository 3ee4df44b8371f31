//! Why a measurement could not go on.

use std::fmt;
use std::io;

use cohort_core::graph::GraphError;
use cohort_core::view::{ApplyError, OpenError};

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

impl From<ApplyError> for Failure {
    fn from(cause: ApplyError) -> Self {
        Self::Apply(cause)
    }
}
