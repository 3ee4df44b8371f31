//! Why rows or the graph made of them could not be read or written.

use std::sync::Arc;

use cohort_core::graph::GraphError;
use cohort_core::rule::RuleError;
use cohort_core::view::WireError;
use thiserror::Error;

/// Why a store could not do what it was asked.
#[derive(Debug, Clone, Error)]
pub enum StoreError {
    /// The engine or the file system failed.
    #[error("{0}")]
    Engine(Arc<dyn std::error::Error + Send + Sync>),
    /// A row holds what no program of this version wrote.
    #[error("unreadable value in column {column} of a row")]
    Unreadable {
        /// The position of the column in what was asked for, from 0.
        column: usize,
    },
    /// A value has no JSON form.
    #[error("unwritable value: {0}")]
    Unwritable(Arc<serde_json::Error>),
    /// The facts kept for a revision cannot be read.
    #[error("unreadable facts in the change log: {0}")]
    Facts(WireError),
    /// The rows contradict each other.
    #[error("contradictory rows: {0}")]
    Contradiction(GraphError),
    /// A stored rule cannot be read.
    #[error("unreadable rule: {0}")]
    Rule(RuleError),
    /// A snapshot that was just made cannot be opened.
    #[error("{0}")]
    Snapshot(cohort_core::view::OpenError),
    /// A grant to a person is the realm's, and no row of one organisation.
    #[error("a grant to a person is no row of an organisation")]
    RealmGrant,
    /// A row names an organisation or connection that is not there.
    #[error("a row names what is not there")]
    Missing,
    /// The folder is open beside the process that serves it.
    #[error("the folder is opened beside its server")]
    Beside,
    /// The writer has ended.
    #[error("the directory is closing")]
    Closed,
}
