//! Whether a cost follows what changes, or the organisation.

use super::row;
use crate::bench::report::SizeReport;

/// Up to this a cost counts as the same.
const SAME_MAX: f64 = 3.0;

/// How the cost of one thing compares between two sizes.
pub(super) struct Growth {
    /// In look-ups of a fact at the same size.
    pub(super) cost: f64,
    /// Facts changed, compared in the same way.
    facts: f64,
    /// Users, compared in the same way.
    users: f64,
    /// What the cost follows by its nature.
    follows: Option<String>,
}

impl Growth {
    /// From `smallest` to `largest`; none if the thing was not measured at both.
    pub(super) fn between(smallest: &SizeReport, largest: &SizeReport, name: &str) -> Option<Self> {
        let (small, large) = (row(smallest, name)?, row(largest, name)?);
        let plain = large.median_ns / small.median_ns;
        let facts = |facts: Option<usize>| facts.unwrap_or(1).max(1) as f64;
        Some(Self {
            cost: plain * smallest.lookup_ns / largest.lookup_ns,
            facts: facts(large.facts) / facts(small.facts),
            users: largest.users as f64 / smallest.users as f64,
            follows: large.follows.clone(),
        })
    }

    /// What the growth means.
    pub(super) fn words(&self) -> String {
        if self.cost <= SAME_MAX {
            return "yes".to_string();
        }
        if let Some(follows) = &self.follows {
            return follows.clone();
        }
        if self.cost <= SAME_MAX * self.facts {
            return "yes: its facts".to_string();
        }
        format!("no: grows as users^{:.2}", self.cost.ln() / self.users.ln())
    }
}
