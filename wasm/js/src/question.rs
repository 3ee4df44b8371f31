//! A question by names, as JavaScript hands it over.

use alloc::string::String;
use alloc::vec::Vec;

use cohort_core::decide::Query;
use cohort_core::id::Revision;

use crate::answer;

/// Stands between the names of conditions; no name has it in it, which the package checks.
const BETWEEN: char = '\0';

/// The names in a row of conditions.
pub(crate) fn names(row: &str) -> Vec<&str> {
    if row.is_empty() { Vec::new() } else { row.split(BETWEEN).collect() }
}

/// Everything but the conditions.
pub(crate) struct Question<'a> {
    pub(crate) user: &'a str,
    pub(crate) permission: &'a str,
    pub(crate) scope: Option<String>,
    pub(crate) parent: Option<String>,
    pub(crate) at: f64,
    pub(crate) at_least: f64,
}

impl Question<'_> {
    /// As the core takes it.
    pub(crate) fn query<'a>(&'a self, conditions: &'a [&'a str]) -> Query<'a> {
        Query {
            subject: self.user,
            permission: self.permission,
            scope: self.scope.as_deref(),
            parent: self.parent.as_deref(),
            at: answer::instant(self.at),
            conditions,
            at_least: revision(self.at_least),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the package hands over whole numbers from 0 to 2^53"
)]
const fn revision(number: f64) -> Revision {
    Revision::new(number as u64)
}
