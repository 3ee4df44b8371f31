//! What a world text says, as plain lists.

use std::collections::{BTreeMap, BTreeSet};

use crate::ask::Answered;
use crate::rule::Rule;
use crate::scope::Scope;
use crate::time::Span;

/// The instant of questions before the first `at`: 2026-01-01T00:00:00Z.
const FIRST_INSTANT: i64 = 1_767_225_600_000;

/// One organisation as told so far, with the answers to the questions asked on the way.
#[derive(Clone, Debug)]
pub struct World {
    /// The instant of questions that name none, in milliseconds since 1970.
    pub now: i64,
    /// Whether the organisation is enabled.
    pub org_enabled: bool,
    /// Everybody, in the order told.
    pub users: Vec<User>,
    /// Whoever was told to have accounts here.
    pub persons: BTreeSet<String>,
    /// All groups, in the order told.
    pub groups: Vec<Group>,
    /// Who is in which group, and who is not by its rule.
    pub edges: Vec<Edge>,
    /// All roles, in the order told.
    pub roles: Vec<Role>,
    /// All grants, allow and deny, in the order told.
    pub grants: Vec<Grant>,
    /// Each declared scope with its parents.
    pub scopes: Vec<(Scope, Vec<Scope>)>,
    pub(crate) answers: Vec<Answered>,
    pub(crate) lines_read: usize,
}

/// A person.
#[derive(Clone, PartialEq, Debug)]
pub struct User {
    /// What questions call the person.
    pub name: String,
    /// The connection that pushed the person; `None` for a local one.
    pub source: Option<String>,
    /// Whose account it is, in the realm; `None` when nobody told.
    pub person: Option<String>,
    /// Whether the person may do anything at all.
    pub active: bool,
    /// Values by lower-case field name; an absent or empty field is unknown to rules.
    pub attributes: BTreeMap<String, Vec<String>>,
}

/// A group.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// Its slug.
    pub name: String,
    /// Its title, where one was given.
    pub title: Option<String>,
    /// The connection that pushed it; `None` for a local one.
    pub source: Option<String>,
    /// Whether it gives access.
    pub state: GroupState,
    /// Who belongs to it by profile.
    pub rule: Option<Rule>,
    /// Whether it is one of the samples for newcomers.
    pub example: bool,
}

/// Whether a group gives access.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GroupState {
    /// It does.
    Enabled,
    /// It does not, until enabled again.
    Disabled,
    /// It does not, and is hidden.
    Archived,
}

/// One member of one group.
#[derive(Clone, PartialEq, Debug)]
pub struct Edge {
    /// The group.
    pub group: String,
    /// Who is in it, or kept out.
    pub member: Member,
    /// In it, or kept out.
    pub kind: EdgeKind,
    /// Whether the member owns the group; no decision depends on it.
    pub owner: bool,
    /// When it is valid.
    pub span: Span,
}

/// Who is in a group.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Member {
    /// A person.
    User(String),
    /// All members of another group.
    Group(String),
}

/// What an edge does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EdgeKind {
    /// Puts the member into the group.
    Include,
    /// Keeps the group's rule, and nothing else, from putting the person in.
    Exclude,
}

/// A named set of permissions.
#[derive(Clone, PartialEq, Debug)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Permission names, and patterns that end in `*`.
    pub patterns: Vec<String>,
    /// Roles whose permissions it has too.
    pub includes: Vec<String>,
}

/// A role given to, or kept from, somebody somewhere.
#[derive(Clone, PartialEq, Debug)]
pub struct Grant {
    /// The role.
    pub role: String,
    /// Who gets it.
    pub principal: Principal,
    /// Where.
    pub scope: Scope,
    /// Whether it counts at `scope` alone and not below.
    pub exact: bool,
    /// Given, or kept from.
    pub effect: Effect,
    /// Conditions that a question must assert for it to count.
    pub requires: Vec<String>,
    /// When it is valid.
    pub span: Span,
}

/// Whom a grant is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Principal {
    /// Every active user of the organisation.
    Everyone,
    /// One user.
    User(String),
    /// Everybody in a group.
    Group(String),
    /// Every user who is this person of the realm.
    Person(String),
}

/// What a grant does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Gives the role.
    Allow,
    /// Keeps everything the role permits, whoever else gives it.
    Deny,
}

impl Default for World {
    fn default() -> Self {
        Self {
            now: FIRST_INSTANT,
            org_enabled: true,
            users: Vec::new(),
            persons: BTreeSet::new(),
            groups: Vec::new(),
            edges: Vec::new(),
            roles: Vec::new(),
            grants: Vec::new(),
            scopes: Vec::new(),
            answers: Vec::new(),
            lines_read: 0,
        }
    }
}

impl World {
    /// A world of which nothing was told, at 2026-01-01T00:00:00Z.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The answers to all `ask`, `count` and `owners` lines so far, in their order.
    #[must_use]
    pub fn answers(&self) -> &[Answered] {
        &self.answers
    }

    /// The person of this name.
    #[must_use]
    pub fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name == name)
    }

    /// The group of this name.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name == name)
    }

    /// The role of this name.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }

    /// The values of a person's field; none for an absent or empty field. `status` is `Active` or `Inactive`.
    #[must_use]
    pub fn values(&self, user: &User, field: &str) -> Vec<String> {
        if field == "status" {
            return vec![if user.active { "Active" } else { "Inactive" }.to_owned()];
        }
        let stored = user.attributes.get(field).into_iter().flatten();
        stored.filter(|value| !value.is_empty()).cloned().collect()
    }

    /// Whether a role names this permission without a wildcard: those are all that there are.
    #[must_use]
    pub fn is_registered(&self, permission: &str) -> bool {
        let names = |role: &Role| {
            role.patterns.iter().any(|pattern| pattern == permission && !pattern.ends_with('*'))
        };
        self.roles.iter().any(names)
    }

    /// Whether the role permits this registered permission, by itself or by a role it includes.
    #[must_use]
    pub fn role_permits(&self, role: &str, permission: &str) -> bool {
        let covers = |role: &Role| role.patterns.iter().any(|pattern| pattern_matches(pattern, permission));
        self.roles_within(role).into_iter().filter_map(|name| self.role(name)).any(covers)
    }

    /// The role and all that it includes, directly or through others.
    pub(crate) fn roles_within<'a>(&'a self, role: &'a str) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![role];
        while let Some(name) = waiting.pop() {
            if found.insert(name) {
                let included = self.role(name).into_iter().flat_map(|role| &role.includes);
                waiting.extend(included.map(String::as_str));
            }
        }
        found
    }

    /// Every scope whose subtree grants reach `scope`, itself first: model part 2, point 5.
    #[must_use]
    pub fn scopes_of(&self, scope: &Scope, within: Option<&Scope>) -> Vec<Scope> {
        let mut found = vec![scope.clone()];
        if scope.is_realm() {
            return found;
        }
        let mut next = 0;
        while let Some(one) = found.get(next).cloned() {
            let mut above = self.parents(&one);
            if next == 0 && !self.has_heard_of(scope) {
                above.extend(within.cloned());
            }
            above.extend(one.type_wide());
            for parent in above {
                if !found.contains(&parent) {
                    found.push(parent);
                }
            }
            next += 1;
        }
        for above in [Scope::org(), Scope::realm()] {
            if !found.contains(&above) {
                found.push(above);
            }
        }
        found
    }

    /// Whether the directory lists the scope: it has a parent below the organisation, or a grant of its own.
    fn has_heard_of(&self, scope: &Scope) -> bool {
        scope.is_org()
            || self.parents(scope).iter().any(|parent| !parent.is_org())
            || self.grants.iter().any(|grant| grant.scope == *scope)
    }

    fn parents(&self, scope: &Scope) -> Vec<Scope> {
        let declared = self.scopes.iter().find(|(declared, _)| declared == scope);
        declared.map(|(_, parents)| parents.clone()).unwrap_or_default()
    }
}

/// Whether a role's pattern covers a permission; a wildcard stands for one or more segments.
fn pattern_matches(pattern: &str, permission: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => permission.len() > start.len() && permission.starts_with(start),
        None => pattern == permission,
    }
}
