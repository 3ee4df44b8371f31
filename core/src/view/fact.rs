//! Facts: rows keyed by what they are about, so that a later one replaces an earlier one.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::id::{GrantId, GroupId, PersonId, RoleId, ScopeId, Span, UserId};

/// Who belongs to a group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Member {
    /// One person.
    User(UserId),
    /// Everybody in another group.
    Group(GroupId),
}

/// Whom a grant is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Principal {
    /// One user.
    User(UserId),
    /// The members of a group, direct or not.
    Group(GroupId),
    /// All active users of the organisation.
    Everyone,
    /// Every user who is this person.
    Person(PersonId),
}

/// How a membership came about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Via {
    /// Somebody added the member.
    #[default]
    Manual,
    /// An identity provider pushed it.
    Scim,
    /// The group's rule holds for the user.
    Rule,
}

impl Via {
    /// The origin of a number, as the format counts them.
    pub(crate) const fn of(number: u8) -> Self {
        match number {
            0 => Self::Manual,
            1 => Self::Scim,
            _ => Self::Rule,
        }
    }
}

/// Whether a group gives access.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum GroupState {
    /// It gives what is granted to it.
    Enabled,
    /// On hold: keeps its members, gives nothing, passes nobody upward.
    Disabled,
    /// Put away: as disabled, and hidden.
    Archived,
}

impl GroupState {
    /// The state of a number, as the format counts them.
    pub(crate) const fn of(number: u8) -> Self {
        match number {
            0 => Self::Enabled,
            1 => Self::Disabled,
            _ => Self::Archived,
        }
    }
}

/// Whether a grant holds below its scope.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Reach {
    /// At the scope and everything below.
    Subtree,
    /// At the scope alone.
    Exact,
}

/// Whether a grant gives or takes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Effect {
    /// The role's permissions are given.
    Allow,
    /// The role's permissions are kept back, whatever else gives them.
    Deny,
}

/// What a fact is about; ordered so that an edge's bytes follow one canonical order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FactKey {
    /// The organisation.
    Org,
    /// A role.
    Role(RoleId),
    /// A scope with parents of its own.
    Scope(ScopeId),
    /// A group.
    Group(GroupId),
    /// A user.
    User(UserId),
    /// A membership, found from its member.
    Edge(Member, GroupId, Via),
    /// A grant, found from its principal.
    Grant(Principal, GrantId),
    /// Whose account a user is.
    Person(UserId),
}

/// What holds about a [`FactKey`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fact {
    /// About [`FactKey::Org`].
    Org {
        /// Whether anybody may be allowed anything.
        enabled: bool,
    },
    /// About [`FactKey::Role`].
    Role {
        /// For explanations.
        name: String,
        /// Every permission the role has, wildcards and includes expanded; sorted, each once.
        permissions: Vec<String>,
        /// Every role that it includes, at any depth; sorted, each once.
        includes: Vec<RoleId>,
    },
    /// About [`FactKey::Scope`]: the scopes directly above, sorted, each once.
    Scope {
        /// Direct parents other than the organisation.
        parents: Vec<ScopeId>,
    },
    /// About [`FactKey::Group`].
    Group {
        /// For explanations.
        slug: String,
        /// Whether it gives access.
        state: GroupState,
    },
    /// About [`FactKey::User`].
    User {
        /// Another name for the user in questions, folded.
        name: String,
        /// Whether anything may be allowed at all.
        active: bool,
    },
    /// About [`FactKey::Edge`]: when it holds; sorted, disjoint, at least one.
    Edge {
        /// At most [`crate::limits::SPANS_MAX`].
        spans: Vec<Span>,
    },
    /// About [`FactKey::Grant`].
    Grant(GrantFact),
    /// About [`FactKey::Person`].
    Person {
        /// Who the user is; what the realm grants names it.
        id: PersonId,
    },
}

/// Everything about a grant but its principal and id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GrantFact {
    /// What it gives or takes.
    pub role: RoleId,
    /// Where.
    pub scope: ScopeId,
    /// Whether it holds below that scope too.
    pub reach: Reach,
    /// Gives or takes.
    pub effect: Effect,
    /// Conditions that the caller must assert for an allow to count; sorted, each once.
    pub requires: Vec<String>,
    /// When it holds.
    pub span: Span,
}

/// All facts of an organisation, in canonical order.
pub type Facts = BTreeMap<FactKey, Fact>;

/// One fact put in place, or dropped when `fact` is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FactChange {
    /// What it is about.
    pub key: FactKey,
    /// What holds now; none when nothing does any more.
    pub fact: Option<Fact>,
}
