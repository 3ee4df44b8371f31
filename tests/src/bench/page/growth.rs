//! Whether a cost follows what changes, or the organisation.

use super::row;
use crate::bench::report::SizeReport;

/// Up to this ratio of medians a cost counts as the same.
const SAME_MAX: f64 = 3.0;
/// Up to this ratio, after dividing by one look-up at each size, it is the look-ups that became dearer.
const SAME_LOOKUPS_MAX: f64 = 1.5;

/// How the cost of one thing compares between two sizes, the larger by the smaller.
pub(super) struct Growth {
    pub(super) cost: f64,
    lookup: f64,
    facts: f64,
    users: f64,
    /// What the cost follows by its nature.
    follows: Option<String>,
}

impl Growth {
    /// From `smallest` to `largest`; none if the thing was not measured at both.
    pub(super) fn between(smallest: &SizeReport, largest: &SizeReport, name: &str) -> Option<Self> {
        let (small, large) = (row(smallest, name)?, row(largest, name)?);
        let facts = |facts: Option<usize>| facts.unwrap_or(1).max(1) as f64;
        Some(Self {
            cost: large.median_ns / small.median_ns,
            lookup: largest.lookup_ns / smallest.lookup_ns,
            facts: facts(large.facts) / facts(small.facts),
            users: largest.users as f64 / smallest.users as f64,
            follows: large.follows.clone(),
        })
    }

    /// What the growth means.
    pub(super) fn words(&self) -> String {
        if self.cost <= SAME_MAX {
            "yes".to_string()
        } else if let Some(follows) = &self.follows {
            follows.clone()
        } else if self.cost <= SAME_LOOKUPS_MAX * self.lookup {
            "yes: dearer look-ups".to_string()
        } else if self.cost <= SAME_LOOKUPS_MAX * self.lookup * self.facts {
            "yes: its facts".to_string()
        } else {
            format!("no: grows as users^{:.2}", self.cost.ln() / self.users.ln())
        }
    }
}
