//! The figures of a run, as data.

use serde::{Deserialize, Serialize};

/// Everything that one run measured.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Cores of the machine.
    pub cores: usize,
    /// Smallest first.
    pub sizes: Vec<SizeReport>,
}

/// What was measured on one organisation.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SizeReport {
    /// One letter.
    pub name: String,
    /// Users.
    pub users: usize,
    /// Groups.
    pub groups: usize,
    /// Roles.
    pub roles: usize,
    /// Permissions.
    pub permissions: usize,
    /// Facts that an edge is told.
    pub facts: usize,
    /// Memory of the graph, where the system says it.
    pub graph_bytes: Option<u64>,
    /// Seconds that all changes took.
    pub build_seconds: f64,
    /// Nanoseconds to find one fact of the graph by its key, at random: what a step through memory costs here.
    pub lookup_ns: f64,
    /// Allowed among the questions asked, in percent.
    pub allowed_percent: usize,
    /// One for each thing measured that is no duration.
    pub amounts: Vec<Amount>,
    /// One for each thing measured.
    pub rows: Vec<Row>,
}

/// How large something is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Amount {
    /// What.
    pub name: String,
    /// How many bytes or bits.
    pub count: f64,
    /// Of which.
    pub unit: Unit,
}

/// What an amount is counted in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Bits.
    Bits,
    /// WebAssembly instructions, of the raw module.
    Instructions,
}

/// The durations of one thing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Which table it belongs to.
    pub part: Part,
    /// What was done.
    pub name: String,
    /// Nanoseconds, half took at most that.
    pub median_ns: f64,
    /// Nanoseconds, all but one in a hundred took at most that.
    pub p99_ns: f64,
    /// How often it was done.
    pub repetitions: usize,
    /// Facts changed by one change, the median.
    pub facts: Option<usize>,
    /// What the cost follows by its nature, when that is more than the facts changed.
    pub follows: Option<String>,
}

/// A table of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Part {
    /// What the machine takes for almost nothing.
    Floor,
    /// Changes of a graph.
    Change,
    /// Snapshots, deltas, decisions and lists.
    Bytes,
    /// The same through the raw module.
    Wasm,
    /// Organisations of the sizes that published benchmarks use.
    Shape,
    /// One organisation with more and more of each thing.
    Growth,
}
