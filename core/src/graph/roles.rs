//! Roles: what each permits once wildcards and includes are followed, and which roles a change reaches.
//!
//! The permissions that roles name in full are the registry that wildcards match, so a literal that comes or goes
//! with one role may change another; the index keeps that from being a walk over all roles.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Bound;

use super::{Graph, GraphError};
use crate::id::{GrantId, RoleId};
use crate::limits::{ROLE_INCLUDES_MAX, ROLE_PERMISSIONS_MAX};
use crate::model::{Role, check_pattern, wildcard_matches, wildcard_prefix};
use crate::view::{Fact, FactKey};

/// The roles, found by what they name.
#[derive(Clone, Debug, Default)]
pub(super) struct RoleIndex {
    /// The registry: each permission that roles name in full, with how many do.
    literals: BTreeMap<String, usize>,
    /// The roles with a wildcard.
    wild: BTreeSet<RoleId>,
    /// The roles that include one, by the included.
    including: BTreeMap<RoleId, BTreeSet<RoleId>>,
    /// The grants of each role.
    grants: BTreeSet<(RoleId, GrantId)>,
}

impl RoleIndex {
    pub(super) fn learn_grant(&mut self, role: RoleId, grant: GrantId) {
        self.grants.insert((role, grant));
    }

    pub(super) fn forget_grant(&mut self, role: RoleId, grant: GrantId) {
        self.grants.remove(&(role, grant));
    }

    /// The grants of `role`.
    pub(super) fn grants_of(&self, role: RoleId) -> impl Iterator<Item = GrantId> {
        let from = (role, GrantId::from_u128(0));
        self.grants.range(from..).take_while(move |(one, _)| *one == role).map(|(_, grant)| *grant)
    }

    /// The roles that name `role` among their includes.
    pub(super) fn including(&self, role: RoleId) -> impl Iterator<Item = RoleId> {
        self.including.get(&role).into_iter().flatten().copied()
    }

    /// Takes a role in; gives the permissions that are known from now on.
    fn learn(&mut self, role: &Role) -> Vec<String> {
        if role.permissions.iter().any(|pattern| wildcard_prefix(pattern).is_some()) {
            self.wild.insert(role.id);
        }
        for included in &role.includes {
            self.including.entry(*included).or_default().insert(role.id);
        }
        let count = |literal: &&str| {
            let roles = self.literals.entry(String::from(*literal)).or_default();
            *roles += 1;
            *roles == 1
        };
        literals(role).into_iter().filter(count).map(String::from).collect()
    }

    /// Takes a role out; gives the permissions that nobody names any more.
    fn forget(&mut self, role: &Role) -> Vec<String> {
        self.wild.remove(&role.id);
        for included in &role.includes {
            if let Some(roles) = self.including.get_mut(included) {
                roles.remove(&role.id);
                if roles.is_empty() {
                    self.including.remove(included);
                }
            }
        }
        let count = |literal: &&str| {
            let Some(roles) = self.literals.get_mut(*literal) else { return false };
            *roles -= 1;
            *roles == 0
        };
        let gone: Vec<String> = literals(role).into_iter().filter(count).map(String::from).collect();
        for literal in &gone {
            self.literals.remove(literal);
        }
        gone
    }

    /// The known permissions that the wildcard behind `prefix` matches, with how many roles name each.
    fn matching<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a String, usize)> {
        let from_prefix = self.literals.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        let below = from_prefix.take_while(move |(literal, _)| literal.starts_with(prefix));
        let matching = below.filter(move |(literal, _)| wildcard_matches(prefix, literal));
        matching.map(|(literal, roles)| (literal, *roles))
    }
}

/// The permissions that a role names in full, each once.
fn literals(role: &Role) -> BTreeSet<&str> {
    let patterns = role.permissions.iter().map(String::as_str);
    patterns.filter(|pattern| wildcard_prefix(pattern).is_none()).collect()
}

/// The wildcards of a role, each with what stands before its star.
fn wildcards(role: &Role) -> impl Iterator<Item = (&String, &str)> {
    role.permissions.iter().filter_map(|pattern| Some((pattern, wildcard_prefix(pattern)?)))
}

impl Graph {
    /// Whether a role may become `role`.
    pub(super) fn check_role(&self, role: &Role) -> Result<(), GraphError> {
        crate::id::check_name(&role.name).map_err(GraphError::Name)?;
        if role.permissions.len() > ROLE_PERMISSIONS_MAX || role.includes.len() > ROLE_INCLUDES_MAX {
            return Err(GraphError::RoleTooLarge(role.id));
        }
        for pattern in &role.permissions {
            check_pattern(pattern).map_err(GraphError::Name)?;
        }
        let named = literals(role);
        for (pattern, prefix) in wildcards(role) {
            if !self.would_match(prefix, role.id, &named) {
                return Err(GraphError::EmptyPattern(pattern.clone()));
            }
        }
        self.check_includes(role)?;
        self.check_other_wildcards(role.id, &named)?;
        self.check_sizes(role, &named)
    }

    /// Whether a role may be removed: not while a wildcard matches nothing but what it names.
    pub(super) fn check_role_removal(&self, id: RoleId) -> Result<(), GraphError> {
        self.check_other_wildcards(id, &BTreeSet::new())
    }

    /// Whether the wildcards of all other roles match something once the role `id` names the permissions `named`.
    ///
    /// Otherwise the state could not be told anew, nor a change be taken back.
    fn check_other_wildcards(&self, id: RoleId, named: &BTreeSet<&str>) -> Result<(), GraphError> {
        let mut gone = self.roles.get(&id).map(literals).unwrap_or_default();
        gone.retain(|literal| !named.contains(literal) && self.role_index.literals.get(*literal) == Some(&1));
        if gone.is_empty() {
            return Ok(());
        }
        let others = self.role_index.wild.iter().filter(|other| **other != id);
        for other in others.filter_map(|other| self.roles.get(other)) {
            for (pattern, prefix) in wildcards(other) {
                let loses = gone.iter().any(|literal| wildcard_matches(prefix, literal));
                if loses && !self.would_match(prefix, id, named) {
                    return Err(GraphError::LastMatch { role: other.id, pattern: pattern.clone() });
                }
            }
        }
        Ok(())
    }

    /// Whether a wildcard matches anything once the role `id` names the permissions `named`.
    fn would_match(&self, prefix: &str, id: RoleId, named: &BTreeSet<&str>) -> bool {
        named.iter().any(|literal| wildcard_matches(prefix, literal))
            || self.others_matching(prefix, id).next().is_some()
    }

    /// Whether no role would have more permissions than the format takes once the role of that id is `role`, which
    /// names the permissions `named`.
    ///
    /// Cost: nothing while all roles together name no more than one may have.
    fn check_sizes(&self, role: &Role, named: &BTreeSet<&str>) -> Result<(), GraphError> {
        if self.role_index.literals.len() + named.len() <= ROLE_PERMISSIONS_MAX {
            return Ok(());
        }
        let new: Vec<String> = named.iter().map(|literal| String::from(*literal)).collect();
        let reached = self.roles_reached(role.id, &new);
        let too_large = reached.iter().find(|id| self.size_with(**id, role, named) > ROLE_PERMISSIONS_MAX);
        too_large.map_or(Ok(()), |id| Err(GraphError::RoleTooLarge(*id)))
    }

    /// How many permissions the role `id` would have.
    fn size_with(&self, id: RoleId, role: &Role, named: &BTreeSet<&str>) -> usize {
        let mut permissions: BTreeSet<&str> = BTreeSet::new();
        let mut seen = BTreeSet::from([id]);
        let mut waiting = alloc::vec![id];
        while let Some(next) = waiting.pop() {
            let next = if next == role.id { Some(role) } else { self.roles.get(&next) };
            let Some(next) = next else { continue };
            permissions.extend(literals(next));
            for (_, prefix) in wildcards(next) {
                permissions.extend(self.others_matching(prefix, role.id).map(String::as_str));
                permissions.extend(named.iter().filter(|literal| wildcard_matches(prefix, literal)));
            }
            waiting.extend(next.includes.iter().filter(|included| seen.insert(**included)));
        }
        permissions.len()
    }

    /// The permissions that the wildcard behind `prefix` matches among those that other roles than `id` name.
    fn others_matching<'a>(&'a self, prefix: &'a str, id: RoleId) -> impl Iterator<Item = &'a String> {
        let before = self.roles.get(&id).map(literals).unwrap_or_default();
        let matching = self.role_index.matching(prefix);
        let others =
            matching.filter(move |(literal, roles)| *roles > usize::from(before.contains(literal.as_str())));
        others.map(|(literal, _)| literal)
    }

    /// Whether `role` includes only roles that are there, itself not among them, and neither it nor a role that
    /// includes it too many.
    ///
    /// Cost: the roles that include it, times those that each includes; the former are looked at only when it
    /// includes others than before.
    fn check_includes(&self, role: &Role) -> Result<(), GraphError> {
        let included = self.included_with(role.id, role);
        if included.contains(&role.id) {
            return Err(GraphError::RoleCycle(role.id));
        }
        if let Some(unknown) = included.iter().find(|id| !self.roles.contains_key(id)) {
            return Err(GraphError::UnknownRole(*unknown));
        }
        if self.roles.get(&role.id).map_or(&[][..], |before| &before.includes) == role.includes {
            return Ok(());
        }
        let reached = self.roles_reached(role.id, &[]);
        let too_large =
            reached.into_iter().find(|id| self.included_with(*id, role).len() > ROLE_INCLUDES_MAX);
        too_large.map_or(Ok(()), |id| Err(GraphError::RoleTooLarge(id)))
    }

    /// The roles that the role `id` includes, directly or through others, once the role of that id is `role`: up to
    /// one more than a role may include.
    fn included_with<'a>(&'a self, id: RoleId, role: &'a Role) -> BTreeSet<RoleId> {
        let includes = |id: RoleId| {
            let of = if id == role.id { Some(role) } else { self.roles.get(&id) };
            of.into_iter().flat_map(|role| &role.includes).copied()
        };
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<RoleId> = includes(id).collect();
        while let Some(next) = waiting.pop() {
            if seen.len() <= ROLE_INCLUDES_MAX && seen.insert(next) {
                waiting.extend(includes(next));
            }
        }
        seen
    }

    pub(super) fn set_role(&mut self, role: &Role) {
        let mut changed = match self.roles.insert(role.id, role.clone()) {
            Some(before) => self.role_index.forget(&before),
            None => Vec::new(),
        };
        changed.extend(self.role_index.learn(role));
        self.derive_roles(role.id, &changed);
    }

    pub(super) fn remove_role(&mut self, id: RoleId) {
        for grant in self.role_index.grants_of(id).collect::<Vec<_>>() {
            self.remove_grant(grant);
        }
        for including in self.role_index.including(id).collect::<Vec<_>>() {
            let Some(mut role) = self.roles.get(&including).cloned() else { continue };
            role.includes.retain(|included| *included != id);
            self.set_role(&role);
        }
        if let Some(role) = self.roles.remove(&id) {
            let gone = self.role_index.forget(&role);
            self.put(FactKey::Role(id), None);
            self.derive_roles(id, &gone);
        }
    }

    /// Works out the facts of the roles that a change of the role `id` reaches.
    fn derive_roles(&mut self, id: RoleId, changed: &[String]) {
        for id in self.roles_reached(id, changed) {
            let fact = self.roles.get(&id).map(|role| self.role_fact(role));
            self.put(FactKey::Role(id), fact);
        }
    }

    /// The role `id`, the roles whose wildcards match one of the `changed` permissions, and all that include one of
    /// these.
    fn roles_reached(&self, id: RoleId, changed: &[String]) -> BTreeSet<RoleId> {
        let mut waiting = alloc::vec![id];
        if !changed.is_empty() {
            waiting.extend(self.role_index.wild.iter().filter(|role| self.matches_any(**role, changed)));
        }
        let mut seen = BTreeSet::new();
        while let Some(next) = waiting.pop() {
            if seen.insert(next) {
                waiting.extend(self.role_index.including(next));
            }
        }
        seen
    }

    fn matches_any(&self, role: RoleId, permissions: &[String]) -> bool {
        let patterns = self.roles.get(&role).into_iter().flat_map(|role| &role.permissions);
        let mut prefixes = patterns.filter_map(|pattern| wildcard_prefix(pattern));
        prefixes.any(|prefix| permissions.iter().any(|permission| wildcard_matches(prefix, permission)))
    }

    fn role_fact(&self, role: &Role) -> Fact {
        let mut permissions: BTreeSet<String> = BTreeSet::new();
        let mut seen = BTreeSet::from([role.id]);
        let mut waiting = alloc::vec![role];
        while let Some(next) = waiting.pop() {
            for pattern in &next.permissions {
                match wildcard_prefix(pattern) {
                    None => _ = permissions.insert(pattern.clone()),
                    Some(prefix) => {
                        permissions
                            .extend(self.role_index.matching(prefix).map(|(literal, _)| literal.clone()));
                    }
                }
            }
            let included = next.includes.iter().filter(|id| seen.insert(**id));
            waiting.extend(included.filter_map(|id| self.roles.get(id)));
        }
        seen.remove(&role.id);
        Fact::Role {
            name: role.name.clone(),
            permissions: permissions.into_iter().collect(),
            includes: seen.into_iter().collect(),
        }
    }
}
