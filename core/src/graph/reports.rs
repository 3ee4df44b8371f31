//! Who reports to whom, and which rules hear of it when that changes.
//!
//! A profile names its manager by id or user name, before that user is known as well as after. So everything is
//! found by the folded reference, and a user who comes, goes or is renamed changes what a reference means.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Graph;
use crate::attribute::{MANAGER, Text};
use crate::id::{GroupId, SourceId, UserId};
use crate::model::User;
use crate::rule::Manager;

/// Users found by what rules and profiles call them.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain {
    // INVARIANT: every user by folded user name.
    by_name: BTreeSet<(String, UserId)>,
    // INVARIANT: every user who has a manager, by the folded reference to the manager.
    by_manager: BTreeSet<(String, UserId)>,
}

impl Chain {
    fn forget(&mut self, user: &User) {
        self.by_name.remove(&(user.name.clone(), user.id));
        if let Some(manager) = manager_of(user) {
            self.by_manager.remove(&(manager.folded.clone(), user.id));
        }
    }

    fn learn(&mut self, user: &User) {
        self.by_name.insert((user.name.clone(), user.id));
        if let Some(manager) = manager_of(user) {
            self.by_manager.insert((manager.folded.clone(), user.id));
        }
    }

    fn named(&self, name: &str) -> impl Iterator<Item = UserId> {
        having(&self.by_name, name)
    }

    fn reporting_to(&self, reference: &str) -> impl Iterator<Item = UserId> {
        having(&self.by_manager, reference)
    }
}

fn having(index: &BTreeSet<(String, UserId)>, text: &str) -> impl Iterator<Item = UserId> {
    let from = index.range((text.to_string(), UserId::from_u128(0))..);
    from.take_while(move |(one, _)| one == text).map(|(_, user)| *user)
}

/// The first value of the field: somebody has one manager.
fn manager_of(user: &User) -> Option<&Text> {
    user.profile.values(MANAGER).first()
}

/// All that the place of a user in the chain of managers depends on.
fn place(user: &User) -> (&str, Option<SourceId>, Option<&Text>) {
    (&user.name, user.source, manager_of(user))
}

impl Graph {
    /// Re-derives the rules that look at managers for everybody whose chain passes a user who changed.
    ///
    /// Cost: the users below, times those rules; everybody when a rule names the user who came or went.
    pub(super) fn follow_user(&mut self, before: Option<&User>, after: Option<&User>) {
        if before.map(place) == after.map(place) {
            return;
        }
        if let Some(before) = before {
            self.chain.forget(before);
        }
        if let Some(after) = after {
            self.chain.learn(after);
        }
        let rules = self.rules.on_managers();
        if rules.is_empty() {
            return;
        }
        let changed: Vec<&User> = before.into_iter().chain(after).collect();
        for user in self.users_below(&changed) {
            for group in &rules {
                self.derive_rule(user, *group);
            }
        }
        for group in self.rules_naming(&changed) {
            for user in self.users.keys().copied().collect::<Vec<_>>() {
                self.derive_rule(user, group);
            }
        }
    }

    /// These users and, whatever their source, all whose references lead to them.
    fn users_below(&self, users: &[&User]) -> BTreeSet<UserId> {
        let mut found: BTreeSet<UserId> = users.iter().map(|user| user.id).collect();
        let mut waiting: Vec<String> = users.iter().flat_map(|user| references(user)).collect();
        while let Some(reference) = waiting.pop() {
            for user in self.chain.reporting_to(&reference) {
                if found.insert(user) {
                    waiting.extend(self.users.get(&user).into_iter().flat_map(references));
                }
            }
        }
        found
    }

    /// The rules whose `REPORTS TO` may mean one of `users`.
    fn rules_naming(&self, users: &[&User]) -> BTreeSet<GroupId> {
        let names = users.iter().flat_map(|user| references(user));
        names.flat_map(|name| self.rules.reporting_to(&name).collect::<Vec<_>>()).collect()
    }

    /// Whoever is meant by a folded id or user name.
    pub(super) fn users_meant_by(&self, reference: &str) -> impl Iterator<Item = &User> {
        let by_id = reference.parse::<UserId>().ok();
        by_id.into_iter().chain(self.chain.named(reference)).filter_map(|id| self.users.get(&id))
    }

    /// Who is directly above `user`, among the users of the same source; unresolved where two of them are meant.
    pub(super) fn manager_above(&self, user: UserId) -> Manager {
        let Some(user) = self.users.get(&user) else { return Manager::None };
        let Some(reference) = manager_of(user) else { return Manager::None };
        let meant = self.users_meant_by(&reference.folded).filter(|above| above.source == user.source);
        let mut ids = meant.map(|above| above.id);
        match ids.next() {
            Some(above) if ids.all(|other| other == above) => Manager::User(above),
            _ => Manager::Unresolved,
        }
    }
}

/// What may be written for a user: the id and the user name, folded.
fn references(user: &User) -> [String; 2] {
    [user.id.to_string(), user.name.clone()]
}
