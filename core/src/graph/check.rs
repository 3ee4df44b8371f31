//! What a change may not do.

use alloc::string::String;
use core::fmt;

use super::Graph;
use super::owners::by_hand;
use crate::change::Change;
use crate::id::{GrantId, GroupId, RoleId, ScopeId, UserId};
use crate::limits::{ANCESTORS_MAX, CONDITIONS_MAX, ROLE_INCLUDES_MAX, ROLE_PERMISSIONS_MAX};
use crate::model::{EdgeKey, EdgeKind, Grant};
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
    /// Members would be left without an owner; only [`Graph::check_owner_stays`] says so.
    LastOwner(GroupId),
    /// A name or pattern that is not one.
    Name(crate::id::IdError),
    /// A wildcard that no permission of any role would match.
    EmptyPattern(String),
    /// The permission that would go is the last one that a wildcard of another role matches.
    LastMatch {
        /// The other role.
        role: RoleId,
        /// Its wildcard.
        pattern: String,
    },
    /// A role that includes itself, directly or through others.
    RoleCycle(RoleId),
    /// More permissions or includes than a role takes.
    RoleTooLarge(RoleId),
    /// A scope that lies above itself, directly or through others.
    ScopeCycle(ScopeId),
    /// More scopes above a scope than a question may visit.
    TooManyAncestors(ScopeId),
    /// Organisation and realm have no parents and are no parents: they are above everything.
    FixedScope,
    /// A grant on the realm to somebody else than a person: users, groups and everyone are of one organisation.
    RealmGrant,
    /// More conditions than a grant takes.
    TooManyConditions,
    /// More names of conditions than the grants of an organisation may require together.
    TooManyConditionNames,
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
            Self::LastOwner(id) => write!(
                out,
                "group `{id}` would have members and no owner\nhint: make somebody else an owner first"
            ),
            Self::Name(cause) => fmt::Display::fmt(cause, out),
            Self::EmptyPattern(pattern) => write!(out, "no permission matches `{pattern}`"),
            Self::LastMatch { role, pattern } => write!(
                out,
                "role `{role}` has `{pattern}`, which no permission would match any more\nhint: change or remove that role first"
            ),
            Self::RoleCycle(id) => write!(out, "role `{id}` would include itself"),
            Self::RoleTooLarge(id) => {
                write!(out, "role `{id}` has too many permissions or includes; expected at most ")?;
                write!(out, "{ROLE_PERMISSIONS_MAX} and {ROLE_INCLUDES_MAX}")
            }
            Self::ScopeCycle(scope) => write!(out, "scope `{scope}` would lie above itself"),
            Self::TooManyAncestors(scope) => {
                write!(out, "scope `{scope}` would lie below more than {ANCESTORS_MAX} others")
            }
            Self::FixedScope => {
                out.write_str("organisation and realm are above every scope; expected another scope")
            }
            Self::RealmGrant => out.write_str(
                "the realm is above all organisations; expected `org` or a scope below, or a person",
            ),
            Self::TooManyConditions => write!(out, "too many conditions; expected at most {CONDITIONS_MAX}"),
            Self::TooManyConditionNames => write!(
                out,
                "the grants would require more than {CONDITIONS_MAX} different conditions\nhint: require one that another grant requires already"
            ),
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
                let before = self.groups.get(&group.id);
                let new_rule = group.rule.is_some() && before.is_some_and(|before| before.rule.is_none());
                if new_rule { self.expect_no_deny_above(group.id, group.id) } else { Ok(()) }
            }
            Change::SetEdge(key, _) => self.check_edge(key),
            Change::SetOwner { group, user, .. } => self.check_edge(&by_hand(*user, *group)),
            Change::SetRole(role) => self.check_role(role),
            Change::RemoveRole(id) => self.check_role_removal(*id),
            Change::SetScope { scope, parents } => self.check_scope(scope, parents),
            Change::SetGrant(grant) => self.check_grant(grant),
            Change::SetPerson { user, person: Some(_) } => self.expect_user(*user),
            Change::SetOrg { .. }
            | Change::SetPerson { person: None, .. }
            | Change::RemoveUser(_)
            | Change::RemoveGroup(_)
            | Change::RemoveEdge(_)
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
        if self.conditions.count_with(self.grants.get(&grant.id), grant) > CONDITIONS_MAX {
            return Err(GraphError::TooManyConditionNames);
        }
        match grant.principal {
            // Persons are the realm's: here they are known by their accounts alone, and a grant may come first.
            Principal::Person(_) => Ok(()),
            _ if grant.scope.is_realm() => Err(GraphError::RealmGrant),
            Principal::User(id) => self.expect_user(id),
            Principal::Everyone => Ok(()),
            Principal::Group(id) => {
                self.expect_group(id)?;
                match grant.effect {
                    Effect::Allow => Ok(()),
                    Effect::Deny => self
                        .rule_at_or_below(id)
                        .map_or(Ok(()), |ruled| Err(GraphError::RuleBelowDeny(ruled))),
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
        let mut above =
            self.groups_above(group).into_iter().flat_map(|above| self.grants_naming(Member::Group(above)));
        let denies = |id: GrantId| self.grants.get(&id).is_some_and(|grant| grant.effect == Effect::Deny);
        if above.any(denies) { Err(GraphError::RuleBelowDeny(ruled)) } else { Ok(()) }
    }
}
