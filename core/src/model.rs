//! The nouns of a directory, as far as resolution needs them.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::attribute::Profile;
use crate::id::{GrantId, GroupId, RoleId, ScopeId, SourceId, Span, UserId};
use crate::rule::Rule;
use crate::view::{Effect, GroupState, Member, Principal, Reach, Via};

/// Somebody who may ask for something.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct User {
    /// Who.
    pub id: UserId,
    /// The subject name that a question may use instead of the id, folded.
    pub name: String,
    /// Who pushes the user; none for a local one. A manager is looked for within the same source.
    #[cfg_attr(feature = "serde", serde(default))]
    pub source: Option<SourceId>,
    /// Whether anything may be allowed at all.
    pub active: bool,
    /// What rules read.
    pub profile: Profile,
}

impl User {
    /// An active local user without attributes, known by `name` (folded).
    #[must_use]
    pub fn new(id: UserId, name: &str) -> Self {
        Self { id, name: name.to_string(), source: None, active: true, profile: Profile::new() }
    }
}

/// A collection of users and other groups; grants nothing by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// The machine-readable name, unique in its organisation without case.
    pub slug: String,
    /// Only an enabled group gives access.
    pub state: GroupState,
    /// Whose profile makes them a member.
    pub rule: Option<Rule>,
}

impl Group {
    /// An enabled group without a rule.
    #[must_use]
    pub fn new(id: GroupId, slug: &str) -> Self {
        Self { id, slug: slug.to_string(), state: GroupState::Enabled, rule: None }
    }
}

/// Whether an edge puts its member in, or keeps a user out of the group's rule.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum EdgeKind {
    /// The member belongs to the group.
    Include,
    /// The group's rule does not count for this user; other ways in do.
    Exclude,
}

/// Which edge: at most one per group, member, kind and origin.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct EdgeKey {
    /// The group that the edge belongs to.
    pub group: GroupId,
    /// Who is in it, or kept out.
    pub member: Member,
    /// In or out.
    pub kind: EdgeKind,
    /// Who wrote it: [`Via::Manual`] or [`Via::Scim`]; rules write no edges.
    pub via: Via,
}

impl EdgeKey {
    /// The edge that puts `member` into `group`.
    #[must_use]
    pub const fn include(group: GroupId, member: Member, via: Via) -> Self {
        Self { group, member, kind: EdgeKind::Include, via }
    }

    /// The edge that masks the rule of `group` for `user`.
    #[must_use]
    pub const fn exclude(group: GroupId, user: UserId) -> Self {
        Self { group, member: Member::User(user), kind: EdgeKind::Exclude, via: Via::Manual }
    }
}

/// A named set of permission patterns.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Role {
    /// Which.
    pub id: RoleId,
    /// The name in grants and explanations.
    pub name: String,
    /// Permission names, or patterns ending in one wildcard segment: `billing.*`, `*`.
    pub permissions: Vec<String>,
    /// Roles whose permissions this one has too.
    pub includes: Vec<RoleId>,
}

impl Role {
    /// A role of these permissions and patterns.
    ///
    /// # Errors
    /// [`crate::id::IdError`] when the name or a pattern is not one.
    pub fn new(id: RoleId, name: &str, permissions: &[&str]) -> Result<Self, crate::id::IdError> {
        crate::id::check_name(name)?;
        for pattern in permissions {
            check_pattern(pattern)?;
        }
        let permissions = permissions.iter().map(ToString::to_string).collect();
        Ok(Self { id, name: name.to_string(), permissions, includes: Vec::new() })
    }
}

/// Whether `pattern` is a permission name, or one whose last segment is `*`.
///
/// # Errors
/// [`crate::id::IdError`] saying what is wrong with it.
pub fn check_pattern(pattern: &str) -> Result<(), crate::id::IdError> {
    match wildcard_prefix(pattern) {
        Some("") => Ok(()),
        Some(prefix) => crate::id::check_permission(prefix),
        None => crate::id::check_permission(pattern),
    }
}

/// What stands before the wildcard, its separator included (`billing.` of `billing.*`); none without wildcard.
#[must_use]
pub fn wildcard_prefix(pattern: &str) -> Option<&str> {
    let prefix = pattern.strip_suffix('*')?;
    (prefix.is_empty() || prefix.ends_with(['.', ':', '/'])).then_some(prefix)
}

/// Whether the wildcard behind `prefix` stands for what is left of `permission`: at least one character.
pub(crate) fn wildcard_matches(prefix: &str, permission: &str) -> bool {
    permission.len() > prefix.len() && permission.starts_with(prefix)
}

/// One role given to, or kept from, one principal at one scope.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Grant {
    /// Which.
    pub id: GrantId,
    /// Whom it is for.
    pub principal: Principal,
    /// What it gives or takes.
    pub role: RoleId,
    /// Where.
    pub scope: ScopeId,
    /// Whether it holds below that scope too.
    pub reach: Reach,
    /// Gives or takes.
    pub effect: Effect,
    /// Conditions that the caller must assert for an allow to count, sorted.
    pub requires: Vec<String>,
    /// When it holds.
    pub span: Span,
}

impl Grant {
    /// An unconditional allow of `role` on the whole organisation, for ever.
    #[must_use]
    pub fn new(id: GrantId, principal: Principal, role: RoleId) -> Self {
        let (scope, reach, effect) = (ScopeId::org(), Reach::Subtree, Effect::Allow);
        Self { id, principal, role, scope, reach, effect, requires: Vec::new(), span: Span::ALWAYS }
    }
}
