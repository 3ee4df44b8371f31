//! The table of faults, by what they break. A line that a change of the core makes untrue is adapted in the same
//! commit; the tests of this module say which.

mod decide;
mod deltas;
mod derived;
mod explain;
mod graph;
mod handles;
mod realm;
mod rule;
mod slices;
mod view;

use crate::mutants::fault::Fault;

/// All faults, on the way from a change to a decision.
pub(crate) fn all() -> impl Iterator<Item = &'static Fault> {
    let graph = [graph::FAULTS, rule::FAULTS, realm::FAULTS];
    let view = [view::FAULTS, derived::FAULTS, deltas::FAULTS];
    let decide = [decide::FAULTS, explain::FAULTS, handles::FAULTS, slices::FAULTS];
    graph.into_iter().chain(view).chain(decide).flatten()
}
