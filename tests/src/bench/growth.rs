//! Whether a decision takes longer where there is more of one thing: the same organisation over and over, each time
//! with more of something.

use cohort_core::encode::{self, UserNames};
use cohort_core::graph::Graph;
use cohort_core::view::Snapshot;

use super::bytes::{FIRST, FOLLOWED, VALIDITY, Workload, checked, memberships};
use super::report::{Part, Row};
use super::{Failure, Rows, SEED, build};
use crate::organisation::{Organisation, Size};

/// What the others have more than.
const USUAL: Size = Size::of("growth", [20_000, 1_000, 200, 2_000]);

/// Measures checks by handle with more and more of each thing.
///
/// # Errors
/// [`Failure`] if the graph refuses a change, or the edge refuses bytes.
pub(super) fn measure(rows: &mut Rows<'_>) -> Result<(), Failure> {
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
            let snapshot = opened(&build(&organisation)?)?;
            add(&name, &organisation, &snapshot, rows);
        }
    }
    let name = format!("check by handle: {FOLLOWED} deltas applied");
    if rows.wants(&name) {
        let organisation = Organisation::new(USUAL, SEED);
        let mut graph = build(&organisation)?;
        let mut snapshot = opened(&graph)?;
        let deltas = memberships(&organisation, &mut graph, UserNames::Told)?;
        deltas.iter().try_for_each(|delta| snapshot.apply(delta))?;
        add(&name, &organisation, &snapshot, rows);
    }
    Ok(())
}

fn opened(graph: &Graph) -> Result<Snapshot, Failure> {
    Ok(Snapshot::open(&encode::snapshot(graph.org(), FIRST, VALIDITY, graph.facts()))?)
}

fn add(name: &str, organisation: &Organisation, snapshot: &Snapshot, rows: &mut Rows<'_>) {
    let workload = Workload::new(organisation, snapshot);
    let row = checked(name, snapshot, &workload.checks(snapshot));
    rows.add(Row { part: Part::Growth, ..row });
}
