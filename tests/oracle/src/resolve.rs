//! Model part 2: who is in what, and what follows.

use std::collections::{BTreeMap, BTreeSet};

use crate::ask::{Path, Question, Reason, Start};
use crate::rule::Subject;
use crate::truth::Truth;
use crate::world::{Edge, EdgeKind, Effect, Grant, Group, GroupState, Member, Principal, User, World};

/// Groups that one question may visit; beyond it the answer is indeterminate.
const GROUPS_VISITED_MAX: usize = 10_000;

/// Edges, by the name of the group that they lead into.
type EdgesByGroup<'a> = BTreeMap<&'a str, Vec<&'a Edge>>;

/// The groups that count for a user at an instant.
#[derive(Clone, PartialEq, Debug)]
pub struct Standing {
    /// Point 3: those that give access, each with the shortest way there.
    pub groups: BTreeMap<String, Path>,
    /// Point 4: those that take it.
    pub for_denial: BTreeSet<String>,
}

impl World {
    /// Decides a question; the points are those of model part 2.
    #[must_use]
    pub fn decide(&self, question: &Question) -> Reason {
        match self.gate(question) {
            Ok(user) => {
                let standing = self.standing(user, question.at.unwrap_or(self.now));
                self.decide_for(user, &standing, question)
            }
            Err(reason) => reason,
        }
    }

    /// Point 1: the user who may be allowed anything at all.
    ///
    /// # Errors
    /// The reason of the denial when there is no such user, organisation or permission.
    pub fn gate(&self, question: &Question) -> Result<&User, Reason> {
        let Some(user) = self.user(&question.user) else { return Err(Reason::UnknownUser) };
        if !user.active {
            return Err(Reason::InactiveUser);
        }
        if !self.org_enabled {
            return Err(Reason::OrgDisabled);
        }
        if self.is_registered(&question.permission) { Ok(user) } else { Err(Reason::UnknownPermission) }
    }

    /// Points 3 and 4: what a user is in at an instant, which every question about both has in common.
    #[must_use]
    pub fn standing(&self, user: &User, at: i64) -> Standing {
        Standing { groups: self.memberships(user, at), for_denial: self.groups_for_deny(user, at) }
    }

    /// Points 5 and 6: decides a question about a user who stands so at its instant, once past the gate.
    #[must_use]
    pub fn decide_for(&self, user: &User, standing: &Standing, question: &Question) -> Reason {
        if standing.groups.len().max(standing.for_denial.len()) > GROUPS_VISITED_MAX {
            return Reason::TooManyGroups;
        }
        let at = question.at.unwrap_or(self.now);
        // 2 and 5: the grants that are valid now, cover the permission and reach the scope.
        let scopes = self.scopes_of(&question.scope, question.within.as_ref());
        let reaches = |grant: &&Grant| {
            let here =
                if grant.exact { grant.scope == question.scope } else { scopes.contains(&grant.scope) };
            here && grant.span.holds(at) && self.role_permits(&grant.role, &question.permission)
        };
        let (denies, allows): (Vec<&Grant>, Vec<&Grant>) =
            self.grants.iter().filter(reaches).partition(|grant| grant.effect == Effect::Deny);
        // 4 and 6: a deny wins.
        let denied = denies.iter().filter(|grant| match &grant.principal {
            Principal::Everyone => true,
            Principal::User(name) => *name == user.name,
            Principal::Group(name) => standing.for_denial.contains(name),
            Principal::Person(name) => user.person.as_ref() == Some(name),
        });
        if let Some(role) = denied.map(|grant| &grant.role).min() {
            return Reason::DeniedBy(role.clone());
        }
        allowed(user, &standing.groups, &allows, &question.conditions)
    }

    /// Point 3: the groups that a user is in for allow purposes, each with the shortest way there.
    ///
    /// The least fixpoint, found by applying every step again until nothing is new.
    #[must_use]
    pub fn memberships(&self, user: &User, at: i64) -> BTreeMap<String, Path> {
        let edges = self.edges_by_group(at);
        let mut found = BTreeMap::new();
        loop {
            let steps = self.membership_steps(user, at, &edges, &found);
            let before = found.clone();
            for (group, path) in steps {
                if found.get(&group).is_none_or(|known| path < *known) {
                    found.insert(group, path);
                }
            }
            if found == before {
                return found;
            }
        }
    }

    /// All memberships that follow in one step from those found so far.
    fn membership_steps(
        &self,
        user: &User,
        at: i64,
        edges: &EdgesByGroup<'_>,
        found: &BTreeMap<String, Path>,
    ) -> Vec<(String, Path)> {
        let groups = found.keys().cloned().collect();
        let subject = Subject { world: self, user, at, groups: &groups };
        let mut steps = Vec::new();
        for group in self.groups.iter().filter(|group| group.state == GroupState::Enabled) {
            for edge in edges_into(edges, group, EdgeKind::Include) {
                let path = match &edge.member {
                    Member::User(name) if *name == user.name => {
                        let start = if group.source.is_some() { Start::Scim } else { Start::Manual };
                        Some(Path::into_group(start, &group.name))
                    }
                    Member::User(_) => None,
                    Member::Group(below) => found.get(below).map(|path| path.up_to(&group.name)),
                };
                steps.extend(path.map(|path| (group.name.clone(), path)));
            }
            if rule_admits(group, edges, &subject) {
                steps.push((group.name.clone(), Path::into_group(Start::Rule, &group.name)));
            }
        }
        steps
    }

    /// Point 4: the groups whose deny grants hold for a user: any state, edges only, no rules.
    #[must_use]
    pub fn groups_for_deny(&self, user: &User, at: i64) -> BTreeSet<String> {
        let edges = self.edges_by_group(at);
        let mut found = BTreeSet::new();
        loop {
            let known = found.len();
            for group in &self.groups {
                let has_member =
                    edges_into(&edges, group, EdgeKind::Include).any(|edge| match &edge.member {
                        Member::User(name) => *name == user.name,
                        Member::Group(below) => found.contains(below),
                    });
                if has_member {
                    found.insert(group.name.clone());
                }
            }
            if found.len() == known {
                return found;
            }
        }
    }

    /// The edges that are valid at an instant, by the group that they lead into.
    fn edges_by_group(&self, at: i64) -> EdgesByGroup<'_> {
        let mut found = EdgesByGroup::new();
        for edge in self.edges.iter().filter(|edge| edge.span.holds(at)) {
            found.entry(&edge.group).or_default().push(edge);
        }
        found
    }

    /// How many different people are in a group at the world's instant; none while it is not enabled.
    #[must_use]
    pub fn member_count(&self, group: &str) -> usize {
        self.users.iter().filter(|user| self.memberships(user, self.now).contains_key(group)).count()
    }

    /// The people whose own edge makes them owners of a group at an instant; groups inside it give none.
    #[must_use]
    pub fn owners(&self, group: &str, at: i64) -> BTreeSet<String> {
        let own = self.edges.iter().filter(|edge| edge.owner && edge.group == group && edge.span.holds(at));
        let people = own.filter_map(|edge| match &edge.member {
            Member::User(name) => Some(name.clone()),
            Member::Group(_) => None,
        });
        people.collect()
    }

    /// Whether the user holds the role there and then: a valid allow grant of it, or of a role that includes it,
    /// not cut by a deny grant of the role itself.
    #[must_use]
    pub fn has_role(&self, role: &str, question: &Question) -> bool {
        let mut world = self.clone();
        let marker = "has role".to_owned();
        for one in world.roles.iter_mut().filter(|one| one.name == role) {
            one.patterns.push(marker.clone());
        }
        for one in world.roles.iter_mut() {
            one.patterns.retain(|pattern| pattern != "*");
        }
        world.grants.retain(|grant| grant.effect == Effect::Allow || grant.role == role);
        world.decide(&Question { permission: marker, ..question.clone() }).outcome()
            == crate::ask::Outcome::Allow
    }
}

/// Point 6: the shortest way in which one of these allow grants reaches the user.
fn allowed(user: &User, groups: &BTreeMap<String, Path>, allows: &[&Grant], asserted: &[String]) -> Reason {
    let mut paths = Vec::new();
    let mut unmet = Vec::new();
    for grant in allows {
        let to_principal = match &grant.principal {
            Principal::Everyone => Some(Path::without_groups(Start::Everyone)),
            Principal::User(name) if *name == user.name => Some(Path::without_groups(Start::Direct)),
            Principal::Person(name) if user.person.as_ref() == Some(name) => {
                Some(Path::without_groups(Start::Person))
            }
            Principal::User(_) | Principal::Person(_) => None,
            Principal::Group(name) => groups.get(name).cloned(),
        };
        let Some(path) = to_principal.map(|path| path.to_role(&grant.role)) else { continue };
        let missing: BTreeSet<String> =
            grant.requires.iter().filter(|name| !asserted.contains(name)).cloned().collect();
        if missing.is_empty() {
            paths.push(path);
        } else {
            unmet.push(missing);
        }
    }
    if let Some(path) = paths.into_iter().min() {
        return Reason::Path(path);
    }
    // What asks least of the asker; of those, the first by name.
    match unmet.into_iter().min_by_key(|missing| (missing.len(), missing.clone())) {
        Some(missing) => Reason::ConditionRequired(missing.into_iter().collect()),
        None => Reason::NoPath,
    }
}

/// Whether the group's rule is true of the person and no valid exclude edge masks it.
fn rule_admits(group: &Group, edges: &EdgesByGroup<'_>, subject: &Subject<'_>) -> bool {
    let person = Member::User(subject.user.name.clone());
    let masked = edges_into(edges, group, EdgeKind::Exclude).any(|edge| edge.member == person);
    !masked && group.rule.as_ref().is_some_and(|rule| rule.holds(subject) == Truth::True)
}

fn edges_into<'a>(edges: &EdgesByGroup<'a>, group: &Group, kind: EdgeKind) -> impl Iterator<Item = &'a Edge> {
    edges.get(group.name.as_str()).into_iter().flatten().copied().filter(move |edge| edge.kind == kind)
}
