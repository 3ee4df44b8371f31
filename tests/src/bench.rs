//! How long things take on organisations of different sizes, and whether that grows with them.
//!
//! Nothing here passes or fails: a machine may be slow or busy. What counts is how the rows of one run compare,
//! so every run measures its own floor. `cargo xtask bench` builds in release, runs this, and writes the page
//! ([`page`]).

mod bytes;
mod change;
mod failure;
mod floor;
mod growth;
mod machine;
mod node;
mod sample;
mod shapes;
mod wasm;

pub mod page;
pub mod peers;
pub mod report;
pub mod weight;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cohort_core::graph::Graph;

use crate::organisation::{Organisation, Size};
pub use failure::Failure;
pub(crate) use machine::cores;
use report::{Amount, Report, Row, SizeReport, Unit};

/// What every organisation is made from, so that two runs measure the same.
const SEED: u64 = 20_260_301;
/// How often a long step says how far it is.
const PROGRESS_EVERY: Duration = Duration::from_secs(5);

/// The faces of the core that are measured, as `cargo xtask dist` builds them.
#[derive(Clone, Debug)]
pub struct Modules {
    /// The raw module.
    pub raw: PathBuf,
    /// The component.
    pub component: PathBuf,
    /// The npm package's entry for Node; what a page downloads lies beside it.
    pub npm: PathBuf,
}

impl Modules {
    /// Where they are in the folder that `dist` fills.
    #[must_use]
    pub fn of(dist: &Path) -> Self {
        Self {
            raw: dist.join("cohort.wasm"),
            component: dist.join("cohort.component.wasm"),
            npm: dist.join("npm/node.js"),
        }
    }
}

/// Measures everything whose name contains `only`, at one size, and says on standard error what it does.
///
/// Without `modules` there are no figures in wasm.
///
/// Memory: that of the graph and of one opened snapshot, about 16 GiB at size L.
///
/// # Errors
/// [`Failure`] if the organisation is refused or its bytes are; neither happens on a correct core.
pub fn measure(size: Size, only: &str, modules: Option<&Modules>) -> Result<Report, Failure> {
    let mut rows = Rows { size: size.name, only, rows: Vec::new(), amounts: Vec::new() };
    floor::measure(&mut rows);
    let organisation = Organisation::new(size, SEED);
    let start = Instant::now();
    let (graph, graph_bytes) = machine::memory_of(|| build(&organisation));
    let graph = graph?;
    let build_seconds = start.elapsed().as_secs_f64();
    let facts = graph.facts().len();
    let (graph, lookup_ns) = change::measure(&organisation, graph, &mut rows)?;
    let allowed_percent = bytes::measure(&organisation, graph, modules, &mut rows)?;
    if size.name == Size::S.name {
        // These do not depend on the size.
        shapes::measure(&mut rows)?;
        growth::measure(modules, &mut rows)?;
    }
    let size = SizeReport {
        name: size.name.to_string(),
        users: size.users,
        groups: size.groups,
        roles: size.roles,
        permissions: size.permissions,
        facts,
        graph_bytes,
        build_seconds,
        lookup_ns,
        allowed_percent,
        amounts: rows.amounts,
        rows: rows.rows,
    };
    Ok(Report { cores: cores(), sizes: vec![size] })
}

fn build(organisation: &Organisation) -> Result<Graph, Failure> {
    let size = organisation.size().name;
    let expected = organisation.changes_expected();
    let mut graph = Graph::new(organisation.id());
    let mut said = Instant::now();
    eprintln!("{size}: building the graph from about {expected} changes (roles, then people, then grants)");
    for (done, change) in organisation.changes().enumerate() {
        graph.apply(&change)?;
        if said.elapsed() >= PROGRESS_EVERY {
            said = Instant::now();
            eprintln!("{size}:   {done} changes, {} %", done * 100 / expected);
        }
    }
    Ok(graph)
}

/// The rows so far, and which are asked for.
struct Rows<'a> {
    size: &'static str,
    only: &'a str,
    rows: Vec<Row>,
    amounts: Vec<Amount>,
}

impl Rows<'_> {
    fn wants(&self, name: &str) -> bool {
        name.contains(self.only)
    }

    /// Keeps a row and says it.
    fn add(&mut self, row: Row) {
        let (median, times) = (page::duration(row.median_ns), row.repetitions);
        eprintln!("{}: {:<45} {median:>9}  ({times} times)", self.size, row.name);
        self.rows.push(row);
    }

    /// Keeps how large something is, if that is known, and says it.
    fn add_amount(&mut self, name: &str, count: Option<f64>, unit: Unit) {
        let Some(count) = count else { return };
        let amount = Amount { name: name.to_string(), count, unit };
        eprintln!("{}: {name:<45} {:>9}", self.size, page::amount(&amount));
        self.amounts.push(amount);
    }

    fn add_bytes(&mut self, name: &str, bytes: Option<usize>) {
        self.add_amount(name, bytes.map(|bytes| bytes as f64), Unit::Bytes);
    }
}
