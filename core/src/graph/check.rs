//! What a change may not do.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::Graph;
use crate::change::Change;
use crate::id::{GroupId, RoleId, ScopeId, UserId};
use crate::limits::{ANCESTORS_MAX, CONDITIONS_MAX, ROLE_INCLUDES_MAX, ROLE_PERMISSIONS_MAX};
use crate::model::{EdgeKey, EdgeKind, Grant, Role, check_pattern, wildcard_matches, wildcard_prefix};
use crate::view::{Effect, Member, Principal, Via};

/// Why a change was refused; the graph is unchanged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GraphError {
    /// No such user.
    UnknownUser(UserId),
    /// No such group.
    UnknownGroup(GroupId),
    /// No such role.
    UnknownRole(RoleId),
    /// Rules derive their edges; nobody writes them.
    RuleEdge,
    /// Only a user can be excluded from a rule.
    ExcludedGroup(GroupId),
    /// A name or pattern that is not one.
    Name(crate::id::IdError),
    /// A wildcard that no permission of any role matches.
    EmptyPattern(String),
    /// A role that includes itself, directly or through others.
    RoleCycle(RoleId),
    /// More permissions or includes than a role takes.
    RoleTooLarge(RoleId),
    /// A scope that lies above itself, directly or through others.
    ScopeCycle(ScopeId),
    /// More scopes above a scope than a question may visit.
    TooManyAncestors(ScopeId),
    /// The organisation has no parents and is no parent: it is above everything.
    OrgAsScope,
    /// More conditions than a grant takes.
    TooManyConditions,
    /// A deny with conditions: whether it holds would depend on the caller.
    ConditionalDeny,
    /// A deny that reaches a group with a rule: whether it holds would depend on profiles.
    RuleBelowDeny(GroupId),
}

impl fmt::Display for GraphError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownUser(id) => write!(out, "no user `{id}`"),
            Self::UnknownGroup(id) => write!(out, "no group `{id}`"),
            Self::UnknownRole(id) => write!(out, "no role `{id}`"),
            Self::RuleEdge => out.write_str("a rule's membership cannot be written; expected manual or scim"),
            Self::ExcludedGroup(id) => write!(out, "group `{id}` cannot be excluded; expected a user"),
            Self::Name(cause) => fmt::Display::fmt(cause, out),
            Self::EmptyPattern(pattern) => write!(out, "no permission matches `{pattern}`"),
            Self::RoleCycle(id) => write!(out, "role `{id}` would include itself"),
            Self::RoleTooLarge(id) => {
                write!(out, "role `{id}` has too many permissions or includes; expected at most ")?;
                write!(out, "{ROLE_PERMISSIONS_MAX} and {ROLE_INCLUDES_MAX}")
            }
            Self::ScopeCycle(scope) => write!(out, "scope `{scope}` would lie above itself"),
            Self::TooManyAncestors(scope) => {
                write!(out, "scope `{scope}` would lie below more than {ANCESTORS_MAX} others")
            }
            Self::OrgAsScope => {
                out.write_str("the organisation is above every scope; expected another scope")
            }
            Self::TooManyConditions => write!(out, "too many conditions; expected at most {CONDITIONS_MAX}"),
            Self::ConditionalDeny => out.write_str("a deny has no conditions"),
            Self::RuleBelowDeny(id) => write!(
                out,
                "group `{id}` has a rule, and a deny would reach it\nhint: deny a user, everyone, or a group without rules below"
            ),
        }
    }
}

impl core::error::Error for GraphError {}

impl Graph {
    /// Whether `change` may be carried out.
    pub(super) fn check(&self, change: &Change) -> Result<(), GraphError> {
        match change {
            Change::SetUser(user) => crate::id::check_name(&user.name).map_err(GraphError::Name),
            Change::SetGroup(group) => {
                crate::id::check_name(&group.slug).map_err(GraphError::Name)?;
                let denied = group.rule.is_some() && self.groups.contains_key(&group.id);
                if denied { self.expect_no_deny_above(group.id, group.id) } else { Ok(()) }
            }
            Change::SetEdge(key, _) => self.check_edge(key),
            Change::SetRole(role) => self.check_role(role),
            Change::SetScope { scope, parents } => self.check_scope(scope, parents),
            Change::SetGrant(grant) => self.check_grant(grant),
            Change::SetOrg { .. }
            | Change::RemoveUser(_)
            | Change::RemoveGroup(_)
            | Change::RemoveEdge(_)
            | Change::RemoveRole(_)
            | Change::RemoveScope(_)
            | Change::RemoveGrant(_) => Ok(()),
        }
    }

    fn expect_user(&self, id: UserId) -> Result<(), GraphError> {
        if self.users.contains_key(&id) { Ok(()) } else { Err(GraphError::UnknownUser(id)) }
    }

    fn expect_group(&self, id: GroupId) -> Result<(), GraphError> {
        if self.groups.contains_key(&id) { Ok(()) } else { Err(GraphError::UnknownGroup(id)) }
    }

    fn check_edge(&self, key: &EdgeKey) -> Result<(), GraphError> {
        self.expect_group(key.group)?;
        if key.via == Via::Rule {
            return Err(GraphError::RuleEdge);
        }
        match (key.member, key.kind) {
            (Member::User(id), _) => self.expect_user(id),
            (Member::Group(id), EdgeKind::Exclude) => Err(GraphError::ExcludedGroup(id)),
            (Member::Group(id), EdgeKind::Include) => {
                self.expect_group(id)?;
                match self.rule_at_or_below(id) {
                    Some(ruled) => self.expect_no_deny_above(key.group, ruled),
                    None => Ok(()),
                }
            }
        }
    }

    fn check_role(&self, role: &Role) -> Result<(), GraphError> {
        crate::id::check_name(&role.name).map_err(GraphError::Name)?;
        if role.permissions.len() > ROLE_PERMISSIONS_MAX || role.includes.len() > ROLE_INCLUDES_MAX {
            return Err(GraphError::RoleTooLarge(role.id));
        }
        for pattern in &role.permissions {
            check_pattern(pattern).map_err(GraphError::Name)?;
        }
        let literals: BTreeSet<&str> =
            self.roles.values().filter(|one| one.id != role.id).chain([role]).flat_map(literals).collect();
        for pattern in &role.permissions {
            let Some(prefix) = wildcard_prefix(pattern) else { continue };
            if !literals.iter().any(|literal| wildcard_matches(prefix, literal)) {
                return Err(GraphError::EmptyPattern(pattern.to_string()));
            }
        }
        self.check_includes(role)
    }

    fn check_includes(&self, role: &Role) -> Result<(), GraphError> {
        let mut seen = BTreeSet::new();
        let mut below: Vec<RoleId> = role.includes.clone();
        while let Some(id) = below.pop() {
            if id == role.id {
                return Err(GraphError::RoleCycle(id));
            }
            if seen.insert(id) {
                let included = self.roles.get(&id).ok_or(GraphError::UnknownRole(id))?;
                below.extend(&included.includes);
            }
        }
        Ok(())
    }

    fn check_scope(&self, scope: &ScopeId, parents: &[ScopeId]) -> Result<(), GraphError> {
        if scope.is_org() || parents.iter().any(ScopeId::is_org) {
            return Err(GraphError::OrgAsScope);
        }
        let told = |one: &ScopeId| self.scopes.get(one).map_or(&[][..], Vec::as_slice);
        let parents_of = |one: &ScopeId| if one == scope { parents } else { told(one) };
        check_above(scope, parents_of)?;
        // What lies below the scope will lie below its new parents too.
        self.scopes_below(scope).iter().try_for_each(|below| check_above(below, parents_of))
    }

    /// All scopes that lie below `scope`, directly or through others.
    fn scopes_below(&self, scope: &ScopeId) -> BTreeSet<ScopeId> {
        let mut found = BTreeSet::new();
        let mut waiting = alloc::vec![scope.clone()];
        while let Some(parent) = waiting.pop() {
            for below in self.scopes_by_parent.get(&parent).into_iter().flatten() {
                if found.insert(below.clone()) {
                    waiting.push(below.clone());
                }
            }
        }
        found
    }

    fn check_grant(&self, grant: &Grant) -> Result<(), GraphError> {
        if !self.roles.contains_key(&grant.role) {
            return Err(GraphError::UnknownRole(grant.role));
        }
        if grant.requires.len() > CONDITIONS_MAX {
            return Err(GraphError::TooManyConditions);
        }
        for condition in &grant.requires {
            crate::id::check_name(condition).map_err(GraphError::Name)?;
        }
        if grant.effect == Effect::Deny && !grant.requires.is_empty() {
            return Err(GraphError::ConditionalDeny);
        }
        match grant.principal {
            Principal::User(id) => self.expect_user(id),
            Principal::Everyone => Ok(()),
            Principal::Group(id) => {
                self.expect_group(id)?;
                match self.rule_at_or_below(id) {
                    Some(ruled) if grant.effect == Effect::Deny => Err(GraphError::RuleBelowDeny(ruled)),
                    _ => Ok(()),
                }
            }
        }
    }

    /// A group with a rule among `group` and the groups inside it.
    fn rule_at_or_below(&self, group: GroupId) -> Option<GroupId> {
        let ruled = |id: &GroupId| self.groups.get(id).is_some_and(|group| group.rule.is_some());
        self.groups_below(group).into_iter().find(ruled)
    }

    /// Whether no deny names `group` or a group that it is in; `ruled` is the rule that such a deny would reach.
    fn expect_no_deny_above(&self, group: GroupId, ruled: GroupId) -> Result<(), GraphError> {
        let above = self.groups_above(group);
        let denied = self.grants.values().any(|grant| {
            let names = matches!(grant.principal, Principal::Group(id) if above.contains(&id));
            grant.effect == Effect::Deny && names
        });
        if denied { Err(GraphError::RuleBelowDeny(ruled)) } else { Ok(()) }
    }
}

/// Whether `scope` lies above itself or below too many, when `parents_of` says what is directly above each.
fn check_above<'a>(
    scope: &'a ScopeId,
    parents_of: impl Fn(&'a ScopeId) -> &'a [ScopeId],
) -> Result<(), GraphError> {
    let mut seen: BTreeSet<&ScopeId> = BTreeSet::new();
    let mut above: Vec<&ScopeId> = parents_of(scope).iter().collect();
    while let Some(next) = above.pop() {
        if next == scope {
            return Err(GraphError::ScopeCycle(scope.clone()));
        }
        if seen.insert(next) {
            above.extend(parents_of(next));
        }
        if seen.len() > ANCESTORS_MAX {
            return Err(GraphError::TooManyAncestors(scope.clone()));
        }
    }
    Ok(())
}

/// The permissions that a role names in full; these are the registry that wildcards match.
pub(super) fn literals(role: &Role) -> impl Iterator<Item = &str> {
    role.permissions.iter().map(String::as_str).filter(|pattern| wildcard_prefix(pattern).is_none())
}
