//! What an edge pays: making bytes, opening them, keeping up, deciding and listing.

mod amount;
mod delta;
mod list;
mod question;

use cohort_core::encode::{self, UserNames, Validity};
use cohort_core::graph::Graph;
use cohort_core::id::{Instant, Revision};
use cohort_core::view::Snapshot;

use super::report::{Part, Row};
use super::sample::{Budget, Samples, time};
use super::{Failure, Modules, Rows, floor, wasm};
use crate::organisation::Organisation;
pub(super) use delta::{FOLLOWED, memberships};
pub(super) use question::{Workload, checked};

/// The moment at which everything is encoded and asked.
pub(super) const NOW: Instant = Instant::from_millis(1_772_000_000_000);
pub(super) const VALIDITY: Validity = Validity::from_now(NOW, 900_000);
pub(super) const FIRST: Revision = Revision::new(1);

/// Measures bytes, decisions and lists, natively and through `modules`; gives how many questions of a hundred were
/// allowed.
///
/// # Errors
/// [`Failure`] if the graph refuses a change, or the edge refuses bytes.
pub(super) fn measure(
    organisation: &Organisation,
    mut graph: Graph,
    modules: Option<&Modules>,
    rows: &mut Rows<'_>,
) -> Result<usize, Failure> {
    let bytes = encode_snapshot(&graph, rows);
    copy(&bytes, rows);
    let nameless = amount::measure(&graph, &bytes, rows)?;
    let deltas = delta::prepare(organisation, &mut graph)?;
    let is_weighed = rows.wants("snapshot opened");
    let followed = if is_weighed || modules.is_some() {
        memberships(organisation, &mut graph, UserNames::Withheld)?
    } else {
        Vec::new()
    };
    if is_weighed {
        amount::followed(&nameless, &followed, rows)?;
    }
    // Graph and snapshot of the largest size are not needed at once.
    drop(graph);
    let mut snapshot = Snapshot::open(&bytes)?;
    delta::measure(organisation, &mut snapshot, &deltas, rows)?;
    let workload = Workload::new(organisation, &snapshot);
    workload.measure(&snapshot, rows);
    list::measure(&workload, &snapshot, rows);
    drop(snapshot);
    open("open snapshot", &bytes, rows)?;
    open("open snapshot, without names", &nameless, rows)?;
    drop(bytes);
    if let Some(modules) = modules {
        wasm::measure(modules, (&nameless, &followed), &workload.told(), rows)?;
    }
    Ok(workload.allowed_percent())
}

fn open(name: &str, bytes: &[u8], rows: &mut Rows<'_>) -> Result<(), Failure> {
    if rows.wants(name) {
        let opened = || {
            let (took, opened) = time(|| Snapshot::open(bytes));
            opened.map(|_| took)
        };
        let samples = Samples::take(Budget::LONG, opened)?;
        rows.add(row(name, &samples, Some("the facts")));
    }
    Ok(())
}

fn encode_snapshot(graph: &Graph, rows: &mut Rows<'_>) -> Vec<u8> {
    let encode = || encode::snapshot(graph.org(), FIRST, VALIDITY, graph.facts());
    let name = "encode snapshot";
    if rows.wants(name) {
        rows.add(row(name, &Samples::of(Budget::LONG, encode), Some("the facts")));
    }
    encode()
}

/// The floor of opening: the same bytes, only copied.
fn copy(bytes: &[u8], rows: &mut Rows<'_>) {
    let name = "copy of the snapshot's bytes";
    if rows.wants(name) {
        let mut copy = bytes.to_vec();
        let samples = Samples::of(Budget::LONG, || std::hint::black_box(&mut copy).copy_from_slice(bytes));
        rows.add(Row { follows: Some("the bytes".to_string()), ..floor::row(name, &samples, 1.0) });
    }
}

fn row(name: &str, samples: &Samples, follows: Option<&str>) -> Row {
    let follows = follows.map(str::to_string);
    Row { part: Part::Bytes, follows, ..floor::row(name, samples, 1.0) }
}
