//! Whom a rule is about, and what it may know of other users.

use alloc::vec::Vec;

use super::Truth;
use crate::attribute::{Profile, Text};
use crate::id::UserId;
use crate::limits::MANAGERS_MAX;
use crate::times::Times;

/// The user of whom a rule is asked.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// Who.
    pub user: UserId,
    /// What is known about the user.
    pub profile: &'a Profile,
    /// What is known about everybody else.
    pub around: &'a dyn Surroundings,
}

/// What a rule may ask about other users than its subject.
pub trait Surroundings {
    /// Who is directly above `user`.
    fn manager(&self, user: UserId) -> Manager;

    /// Whether anybody is meant by `reference`, an id or a user name.
    fn names_anybody(&self, reference: &Text) -> bool;

    /// Whether `user` is meant by `reference`, an id or a user name.
    fn is_named(&self, user: UserId, reference: &Text) -> bool;

    /// When `user` is in the group named by `group`, an id or a slug, through enabled groups.
    fn times_in(&self, user: UserId, group: &Text) -> Times;
}

/// Who is directly above a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Manager {
    /// Nobody.
    None,
    /// Somebody whom the directory does not know, or does not tell from another.
    Unresolved,
    /// This user.
    User(UserId),
}

/// Surroundings without anybody, for rules that look at the profile alone.
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Surroundings for Nobody {
    fn manager(&self, _: UserId) -> Manager {
        Manager::None
    }

    fn names_anybody(&self, _: &Text) -> bool {
        false
    }

    fn is_named(&self, _: UserId, _: &Text) -> bool {
        false
    }

    fn times_in(&self, _: UserId, _: &Text) -> Times {
        Times::never()
    }
}

impl Subject<'_> {
    /// Whether `reference` is the manager, or when `deep` a manager above.
    ///
    /// Nobody above is False. A reference that names nobody known, on either side, and more than
    /// [`MANAGERS_MAX`] levels are Unknown. A cycle is walked once.
    pub(super) fn reports_to(&self, reference: &Text, deep: bool) -> Truth {
        let mut passed = Vec::from([self.user]);
        let mut below = self.user;
        loop {
            let manager = self.around.manager(below);
            if manager == Manager::None {
                return Truth::False;
            }
            let Manager::User(above) = manager else { return Truth::Unknown };
            if passed.len() > MANAGERS_MAX || !self.around.names_anybody(reference) {
                return Truth::Unknown;
            }
            if self.around.is_named(above, reference) {
                return Truth::True;
            }
            if !deep || passed.contains(&above) {
                return Truth::False;
            }
            passed.push(above);
            below = above;
        }
    }
}
