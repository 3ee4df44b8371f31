//! Who owns a group, and that a group with members keeps an owner.
//!
//! To own a group reaches no edge and no decision: it is about the group itself. What an owner may do with it is
//! the directory's to know.

use super::{Graph, GraphError};
use crate::change::Change;
use crate::id::{GroupId, Instant, UserId};
use crate::model::EdgeKey;
use crate::view::{Member, Via};

impl Graph {
    /// The users with an owner's edge into `group` that holds at `at`; whoever owns a group inside it does not.
    pub fn owners(&self, group: GroupId, at: Instant) -> impl Iterator<Item = UserId> {
        let keys = self.owners.range(by_hand(UserId::from_u128(0), group)..);
        let holding = keys
            .take_while(move |key| key.group == group)
            .filter(move |key| self.edge_holds(key.member, group, key.via, at));
        holding.filter_map(|key| if let Member::User(user) = key.member { Some(user) } else { None })
    }

    /// Whether `user` is one of the owners of `group` at `at`.
    #[must_use]
    pub fn owns(&self, user: UserId, group: GroupId, at: Instant) -> bool {
        let key = by_hand(user, group);
        self.owners.contains(&key) && self.edge_holds(key.member, group, key.via, at)
    }

    /// Whether `user`, and nobody else, owns `group` at `at`.
    #[must_use]
    pub fn is_last_owner(&self, user: UserId, group: GroupId, at: Instant) -> bool {
        self.owners(group, at).eq([user])
    }

    /// Whether `change` leaves a group with members an owner: what everybody but an administrator of the
    /// organisation has to ask before [`Graph::apply`].
    ///
    /// Applying does not ask, because a group may lose its last owner to an administrator, to an identity provider
    /// that removes the user, and to time; it then falls to the administrators.
    /// Cost: the edges into the group.
    ///
    /// # Errors
    /// [`GraphError::LastOwner`] if the change takes the last owner out, or makes a plain member of her, while
    /// somebody else is in the group at `at`.
    pub fn check_owner_stays(&self, change: &Change, at: Instant) -> Result<(), GraphError> {
        let key = match change {
            Change::SetEdge(key, _) | Change::RemoveEdge(key) => *key,
            Change::SetOwner { group, user, span } if !span.contains(at) => by_hand(*user, *group),
            _ => return Ok(()),
        };
        let Member::User(user) = key.member else { return Ok(()) };
        let leaves = self.owners.contains(&key) && self.is_last_owner(user, key.group, at);
        let mut members = self.members(key.group).filter(|(member, _)| *member != key.member);
        if leaves && members.any(|(member, via)| self.edge_holds(member, key.group, via, at)) {
            return Err(GraphError::LastOwner(key.group));
        }
        Ok(())
    }
}

/// The only edge by which a user can own a group.
pub(super) const fn by_hand(user: UserId, group: GroupId) -> EdgeKey {
    EdgeKey::include(group, Member::User(user), Via::Manual)
}
