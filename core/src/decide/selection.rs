//! One user at one moment, worked out once: what a page asks over and over is then one bit.

use alloc::vec::Vec;

use super::handle::{Check, ConditionSet, Permission, StaleHandle, User};
use super::walk::{Asked, Walk, covers_grant};
use super::{Decision, check, gate};
use crate::id::{Instant, Revision};
use crate::view::{Effect, Grant, Snapshot};

/// What a user may do in the whole organisation, at one moment and revision.
///
/// A delta, or the moment [`Selection::valid_until`], makes it stale: select again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Selection {
    user: User,
    conditions: Option<ConditionSet>,
    at: Instant,
    revision: Revision,
    valid_until: Instant,
    /// A bit for each permission.
    allowed: Vec<u64>,
}

impl Snapshot {
    /// Works out what `user` may do at `at`, vouching for `conditions`.
    ///
    /// A user who may do nothing, and a moment that the state cannot speak for, give a selection that allows nothing.
    /// Cost: the groups above the user and the permissions of their grants.
    ///
    /// # Errors
    /// [`StaleHandle`] when a handle was taken from other bytes.
    pub fn select(
        &self,
        user: User,
        conditions: Option<ConditionSet>,
        at: Instant,
    ) -> Result<Selection, StaleHandle> {
        let asked = Asked {
            user: user.number_in(self)?,
            asserted: conditions.map_or(Ok(0), |conditions| conditions.set_in(self))?,
            at,
            ..Asked::NOTHING
        };
        let state = self.state();
        let mut allowed = alloc::vec![0; state.permissions.names.len().div_ceil(64)];
        let mut decision = Decision::without_path(self, at);
        let mut walk = Walk::new(state, at);
        if gate(self, &asked).is_none() && walk.rise(asked.user) {
            for effect in &[Effect::Allow, Effect::Deny] {
                let is_about = |grant: &Grant<'_>| {
                    grant.effect() == *effect
                        && asked.lacking(grant) == 0
                        && covers_grant(state, &asked, grant)
                };
                for one in walk.candidates(None, &is_about) {
                    decision.end(one.next_bound());
                    if one.is_now() {
                        mark(&mut allowed, state.roles.permissions.get(one.grant.role()), *effect);
                    }
                }
            }
        }
        let (revision, valid_until) = (decision.revision, decision.valid_until);
        Ok(Selection { user, conditions, at, revision, valid_until, allowed })
    }
}

/// Sets the bits of these permissions, or clears them.
fn mark(bits: &mut [u64], permissions: &[u32], effect: Effect) {
    for permission in permissions {
        let bit = 1 << (permission % 64);
        if let Some(word) = bits.get_mut(*permission as usize / 64) {
            *word = if effect == Effect::Deny { *word & !bit } else { *word | bit };
        }
    }
}

impl Selection {
    /// Whether the user may do `permission` anywhere in the organisation. Cost: one bit.
    ///
    /// # Errors
    /// [`StaleHandle`] when the permission is of other bytes than the selection.
    #[inline(always)]
    pub fn can(&self, permission: Permission) -> Result<bool, StaleHandle> {
        if permission.base != self.user.base {
            return Err(StaleHandle);
        }
        let word = self.allowed.get(permission.number as usize / 64).copied().unwrap_or(0);
        Ok(word >> (permission.number % 64) & 1 == 1)
    }

    /// The whole decision about `permission` at a place, from the snapshot that was selected in.
    ///
    /// # Errors
    /// [`StaleHandle`] when a handle is of other bytes, or the snapshot has moved on: select again.
    pub fn check(
        &self,
        snapshot: &Snapshot,
        permission: Permission,
        place: super::Place,
    ) -> Result<Decision, StaleHandle> {
        if snapshot.header().revision != self.revision {
            return Err(StaleHandle);
        }
        let Self { user, conditions, at, .. } = *self;
        check(snapshot, &Check { user, permission, place, conditions, at })
    }

    pub(super) const fn base(&self) -> u32 {
        self.user.base
    }

    /// The revision that was selected in.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// Up to when the selection holds, as long as no news arrives.
    #[must_use]
    pub const fn valid_until(&self) -> Instant {
        self.valid_until
    }
}
