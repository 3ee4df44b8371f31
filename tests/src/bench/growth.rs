//! Whether a decision takes longer where there is more of one thing: the same organisation over and over, each time
//! with more of something.

use std::fs;

use cohort_core::encode::{self, UserNames};
use cohort_core::graph::Graph;
use cohort_core::view::Snapshot;

use super::bytes::{FIRST, FOLLOWED, VALIDITY, Workload, checked, memberships};
use super::report::{Part, Row, Unit};
use super::wasm::{Counted, INSTRUCTIONS};
use super::{Failure, Modules, Rows, SEED, build};
use crate::organisation::{Organisation, Size};

/// What the others have more than.
const USUAL: Size = Size::of("growth", [20_000, 1_000, 200, 2_000]);

/// Measures checks by handle with more and more of each thing, natively, and counts their instructions in `modules`.
///
/// # Errors
/// [`Failure`] if the graph refuses a change, or the edge refuses bytes.
pub(super) fn measure(modules: Option<&Modules>, rows: &mut Rows<'_>) -> Result<(), Failure> {
    let raw = modules.map(|modules| fs::read(&modules.raw).map_err(Failure::Start)).transpose()?;
    let counted = raw.map(|raw| Counted::new(&raw)).transpose()?;
    let more = [
        ("as it is", USUAL),
        ("10 times the users", Size { users: 10 * USUAL.users, ..USUAL }),
        ("10 times the groups", Size { groups: 10 * USUAL.groups, ..USUAL }),
        ("10 times the roles", Size { roles: 10 * USUAL.roles, ..USUAL }),
        ("10 times the grants", Size { grants_per_group: 10 * USUAL.grants_per_group, ..USUAL }),
        ("nested twice as deep", Size { levels: 2 * USUAL.levels, flat_in: 4, ..USUAL }),
    ];
    for (name, size) in more {
        let name = format!("check by handle: {name}");
        if rows.wants(&name) {
            let organisation = Organisation::new(size, SEED);
            let bytes = encoded(&build(&organisation)?);
            add(&name, &organisation, (&bytes, &[]), counted.as_ref(), rows)?;
        }
    }
    let name = format!("check by handle: {FOLLOWED} deltas applied");
    if rows.wants(&name) {
        let organisation = Organisation::new(USUAL, SEED);
        let mut graph = build(&organisation)?;
        let bytes = encoded(&graph);
        let deltas = memberships(&organisation, &mut graph, UserNames::Told)?;
        add(&name, &organisation, (&bytes, &deltas), counted.as_ref(), rows)?;
    }
    Ok(())
}

fn encoded(graph: &Graph) -> Vec<u8> {
    encode::snapshot(graph.org(), FIRST, VALIDITY, graph.facts())
}

fn add(
    name: &str,
    organisation: &Organisation,
    (bytes, deltas): (&[u8], &[Vec<u8>]),
    counted: Option<&Counted>,
    rows: &mut Rows<'_>,
) -> Result<(), Failure> {
    let mut snapshot = Snapshot::open(bytes)?;
    deltas.iter().try_for_each(|delta| snapshot.apply(delta))?;
    let workload = Workload::new(organisation, &snapshot);
    let row = checked(name, &snapshot, &workload.checks(&snapshot));
    rows.add(Row { part: Part::Growth, ..row });
    if let Some(counted) = counted.filter(|_| rows.wants(INSTRUCTIONS)) {
        let count = counted.check((bytes, deltas), &workload.told())?;
        rows.add_amount(name, Some(count), Unit::Instructions);
    }
    Ok(())
}
