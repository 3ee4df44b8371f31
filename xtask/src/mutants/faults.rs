//! The table of faults, by what they break. A line that a change of the core makes untrue is adapted in the same
//! commit; the tests of this module say which.

mod decide;
mod graph;
mod realm;
mod rule;
mod view;

use crate::mutants::fault::Fault;

/// All faults, on the way from a change to a decision.
pub(crate) fn all() -> impl Iterator<Item = &'static Fault> {
    [graph::FAULTS, rule::FAULTS, view::FAULTS, decide::FAULTS, realm::FAULTS].into_iter().flatten()
}
