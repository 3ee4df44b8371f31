//! Conditions: the names that the grants of an organisation require together.
//!
//! They are few, so that whoever is asked can keep the names that a grant requires, and those that a question asserts,
//! as one machine word each.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;

use crate::model::Grant;

/// Each name that grants require.
#[derive(Clone, Debug, Default)]
pub(super) struct Conditions {
    // INVARIANT: with the number of grants that require it, none of 0.
    grants: BTreeMap<String, usize>,
}

impl Conditions {
    pub(super) fn learn(&mut self, grant: &Grant) {
        for name in names(grant) {
            *self.grants.entry(name.clone()).or_default() += 1;
        }
    }

    pub(super) fn forget(&mut self, grant: &Grant) {
        for name in names(grant) {
            match self.grants.get_mut(name) {
                Some(grants) if *grants > 1 => *grants -= 1,
                _ => _ = self.grants.remove(name),
            }
        }
    }

    /// How many names there would be with `grant`, in the place of `before` if it was there.
    pub(super) fn count_with(&self, before: Option<&Grant>, grant: &Grant) -> usize {
        let (before, after) = (before.map(names).unwrap_or_default(), names(grant));
        let new = after.iter().filter(|name| !self.grants.contains_key(**name)).count();
        let gone = before.difference(&after).filter(|name| self.grants.get(**name) == Some(&1)).count();
        self.grants.len() + new - gone
    }
}

/// The names that a grant requires, each once.
fn names(grant: &Grant) -> BTreeSet<&String> {
    grant.requires.iter().collect()
}
