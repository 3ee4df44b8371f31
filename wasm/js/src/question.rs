//! The texts of a question, which JavaScript hands over in one row: one copy instead of one for each.

use alloc::vec::Vec;
use core::str::Split;

use cohort_core::decide::Query;
use cohort_core::id::Revision;

use crate::answer;

/// Texts one after the other, with a character between them that stands in none; the package sees to that.
pub(crate) struct Row<'a>(Split<'a, char>);

impl<'a> Row<'a> {
    pub(crate) fn new(texts: &'a str, between: u32) -> Self {
        Self(texts.split(char::from_u32(between).unwrap_or_default()))
    }

    /// The next text; empty when there is none left, which is no name and no scope.
    pub(crate) fn text(&mut self) -> &'a str {
        self.0.next().unwrap_or_default()
    }

    /// The texts that are left.
    pub(crate) fn rest(self) -> Vec<&'a str> {
        self.0.collect()
    }
}

/// A question by names.
pub(crate) struct Question<'a> {
    user: &'a str,
    permission: &'a str,
    scope: &'a str,
    parent: &'a str,
    conditions: Vec<&'a str>,
    at: f64,
    at_least: f64,
}

impl<'a> Question<'a> {
    /// User, permission, scope, parent, and the conditions that are asserted.
    pub(crate) fn of(mut row: Row<'a>, at: f64, at_least: f64) -> Self {
        let (user, permission, scope, parent) = (row.text(), row.text(), row.text(), row.text());
        Self { user, permission, scope, parent, conditions: row.rest(), at, at_least }
    }

    /// As the core takes it.
    pub(crate) fn query(&self) -> Query<'_> {
        Query {
            subject: self.user,
            permission: self.permission,
            scope: Some(self.scope),
            parent: Some(self.parent),
            at: answer::instant(self.at),
            conditions: &self.conditions,
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
