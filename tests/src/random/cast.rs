//! What a random world has told so far, as far as its next statements and its questions depend on it.

use super::prng::Prng;

/// Permissions that roles name; the wildcards of [`WILDCARDS`] match some of them.
pub(super) const PERMISSIONS: &[&str] =
    &["doc:read", "doc:write", "doc:share:link", "bill.pay", "bill.send", "repo/pull"];

/// Wildcards, each with the permission whose role makes it match something.
pub(super) const WILDCARDS: &[(&str, &str)] =
    &[("doc:*", "doc:read"), ("bill.*", "bill.pay"), ("repo/*", "repo/pull"), ("*", "")];

/// Conditions that grants require and questions assert.
pub(super) const CONDITIONS: &[&str] = &["mfa", "on_network", "trusted"];

/// The names told so far, also of what was removed since: asking for those is worth it too.
#[derive(Clone, Default, Debug)]
pub(super) struct Cast {
    pub(super) users: Vec<Account>,
    /// Accounts, by name, and whose they are.
    pub(super) persons: Vec<(String, String)>,
    pub(super) groups: Vec<Circle>,
    pub(super) roles: Vec<Bundle>,
    pub(super) scopes: Vec<String>,
    /// Each scope with one parent, as often as it has parents.
    pub(super) under: Vec<(String, String)>,
    /// Members, by name, and their groups.
    pub(super) edges: Vec<(String, String)>,
    pub(super) grants: Vec<Given>,
    /// Whether the last word on the organisation was that it is disabled.
    pub(super) org_disabled: bool,
}

/// A user.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) source: Option<&'static str>,
}

/// A group.
#[derive(Clone, Debug)]
pub(super) struct Circle {
    pub(super) name: String,
    pub(super) source: Option<&'static str>,
    pub(super) has_rule: bool,
}

/// A role.
#[derive(Clone, Debug)]
pub(super) struct Bundle {
    pub(super) name: String,
    /// The permissions that it names in full.
    pub(super) permissions: Vec<&'static str>,
}

/// A grant.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) role: String,
    /// As written: a group, `user:NAME`, `person:NAME` or `everyone`.
    pub(super) principal: String,
    pub(super) scope: String,
    pub(super) requires: Vec<&'static str>,
}

impl Cast {
    /// The name of some user.
    pub(super) fn user(&self, prng: &mut Prng) -> String {
        prng.pick(&self.users).map_or_else(|| "u1".to_owned(), |user| user.name.clone())
    }

    /// The name of some group.
    pub(super) fn group(&self, prng: &mut Prng) -> String {
        prng.pick(&self.groups).map_or_else(|| "g1".to_owned(), |group| group.name.clone())
    }

    /// The name of some role.
    pub(super) fn role(&self, prng: &mut Prng) -> String {
        prng.pick(&self.roles).map_or_else(|| "r1".to_owned(), |role| role.name.clone())
    }

    /// Some user whom a grant to `principal` reaches, if there are any.
    pub(super) fn somebody_of(&self, principal: &str, prng: &mut Prng) -> Option<String> {
        if let Some(name) = principal.strip_prefix("user:") {
            return Some(name.to_owned());
        }
        let Some(person) = principal.strip_prefix("person:") else {
            return self.somebody_in(principal, prng);
        };
        let accounts: Vec<&String> =
            self.persons.iter().filter(|(_, name)| name == person).map(|(account, _)| account).collect();
        prng.pick(&accounts).map(|account| (*account).clone())
    }

    /// Some user who comes into `group` by edges, if there are any.
    fn somebody_in(&self, group: &str, prng: &mut Prng) -> Option<String> {
        let mut group = group.to_owned();
        // Deep enough for the worlds told here; nesting may run in circles.
        for _ in 0..4 {
            let into: Vec<&String> =
                self.edges.iter().filter(|(_, into)| *into == group).map(|(member, _)| member).collect();
            let member = prng.pick(&into)?;
            if self.users.iter().any(|user| user.name == **member) {
                return Some((*member).clone());
            }
            group = (*member).clone();
        }
        None
    }
}
