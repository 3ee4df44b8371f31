//! The only ways in which a directory's state changes.

use alloc::vec::Vec;

use crate::id::{GrantId, GroupId, PersonId, RoleId, ScopeId, Span, UserId};
use crate::model::{EdgeKey, Grant, Group, Role, User};

/// One step from a state to the next; what already holds changes nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Change {
    /// Enables or disables the whole organisation.
    SetOrg {
        /// Whether anybody may be allowed anything.
        enabled: bool,
    },
    /// Adds a user, or replaces name, state and profile.
    SetUser(User),
    /// Removes a user with all edges and grants; grants to the person that the user is stay.
    RemoveUser(UserId),
    /// Says whose account a user is: what the realm grants to the person, the user has.
    SetPerson {
        /// The account.
        user: UserId,
        /// Who it is; none for nobody that the realm knows.
        person: Option<PersonId>,
    },
    /// Adds a group, or replaces slug, state and rule.
    SetGroup(Group),
    /// Removes a group with all edges and grants.
    RemoveGroup(GroupId),
    /// Adds an edge, or changes when it holds; whoever owned the group by it is a plain member from then on.
    SetEdge(EdgeKey, Span),
    /// Adds the edge by hand of a user who owns the group, or makes an owner of a member: no other edge can.
    SetOwner {
        /// What is owned.
        group: GroupId,
        /// Who owns it, and is a member too.
        user: UserId,
        /// When.
        span: Span,
    },
    /// Removes an edge.
    RemoveEdge(EdgeKey),
    /// Adds a role, or replaces name, permissions and includes.
    SetRole(Role),
    /// Removes a role with all its grants.
    RemoveRole(RoleId),
    /// Says which scopes lie directly above `scope`; the organisation is above all.
    SetScope {
        /// The lower scope.
        scope: ScopeId,
        /// The scopes above it.
        parents: Vec<ScopeId>,
    },
    /// Forgets the place of a scope; grants at it stay.
    RemoveScope(ScopeId),
    /// Adds a grant, or replaces everything about it.
    SetGrant(Grant),
    /// Removes a grant.
    RemoveGrant(GrantId),
}
