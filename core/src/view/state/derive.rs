//! What follows from edges, roles and grants, kept beside each group so that questions need not work it out.

use alloc::vec::Vec;

use super::lines::Lines;
use super::{EVERYONE, GROUPS_FROM, Grant, ORG, State};
use crate::limits::CLOSURE_MAX;
use crate::view::fact::{Effect, Reach, Via};
use crate::view::index::Index;
use crate::view::order;

/// A role that stands for every role.
pub(crate) const ANY_ROLE: u32 = u32::MAX;

/// One thing that a group says, by a grant of its own or of a group above it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Give {
    pub(crate) role: u32,
    // INVARIANT: a scope's number, with the two bits below; there are fewer scopes than bytes in a snapshot.
    place: u32,
}

/// It counts at its scope alone.
const EXACT: u32 = 1 << 31;
/// The edges and grants themselves have to be looked at: there may be a deny, a condition, a time.
const ASK: u32 = 1 << 30;

impl Give {
    const fn new(role: u32, scope: u32, is_exact: bool, asks: bool) -> Self {
        let place = scope & !(EXACT | ASK);
        Self { role, place: place | if is_exact { EXACT } else { 0 } | if asks { ASK } else { 0 } }
    }

    pub(crate) const fn scope(self) -> u32 {
        self.place & !(EXACT | ASK)
    }

    /// Whether it counts at its scope alone.
    pub(crate) const fn is_exact(self) -> bool {
        self.place & EXACT != 0
    }

    /// Whether the edges and grants themselves have to be looked at.
    pub(crate) const fn asks(self) -> bool {
        self.place & ASK != 0
    }
}

/// What one group's line and gives are made with; kept from group to group.
#[derive(Default)]
struct Scratch {
    above: Vec<Above>,
    gives: Vec<Give>,
}

/// A group above another, and how far what it grants reaches down.
#[derive(Clone, Copy)]
struct Above {
    group: u32,
    /// Through enabled groups, always.
    allows: bool,
    /// Through enabled groups, at some times.
    may_allow: bool,
    /// Through edges that a deny follows.
    denies: bool,
}

impl State {
    /// Works out the lines and gives of all groups.
    pub(super) fn derive_all(&mut self) {
        let mut scratch = Scratch::default();
        let count = self.groups.rows.len();
        self.gives.reserve(count);
        let mut spoken_about = 0;
        for group in 0..count as u32 {
            self.find_gives(group, &mut scratch);
            let each_role = roles_of(&scratch.gives).map(|role| self.roles.permissions.get(role).len());
            spoken_about += each_role.sum::<usize>();
            self.gives.push(scratch.gives.iter().copied());
        }
        self.lines = Lines::new(count, spoken_about / count.max(1));
        let mut roles = self.lines.alike(self.roles.rows.len());
        for role in 0..self.roles.rows.len() as u32 {
            self.roles.permissions.get(role).iter().for_each(|permission| roles.add(role, *permission));
        }
        for group in 0..count as u32 {
            for role in roles_of(self.gives.get(group)) {
                match role {
                    ANY_ROLE => self.lines.fill(group),
                    role => self.lines.join(group, &roles, role),
                }
            }
        }
    }

    /// Works out anew what follows for these groups and all below them.
    ///
    /// Cost: those groups, times what lies above each.
    pub(super) fn derive_below(&mut self, groups: &[u32]) {
        let mut reached: Vec<u32> = Vec::new();
        let mut seen = Index::default();
        let mut waiting = groups.to_vec();
        while let Some(group) = waiting.pop() {
            let is_seen = seen.of_key(group, |place| reached.get(place as usize).copied()).is_some();
            if !is_seen {
                reached.push(group);
                seen.insert_key(reached.len() as u32 - 1, |place| reached.get(place as usize).copied());
                waiting.extend_from_slice(self.groups.children.get(group));
            }
        }
        let mut scratch = Scratch::default();
        for group in reached {
            self.find_gives(group, &mut scratch);
            self.gives.replace(group, &scratch.gives);
            self.lines.clear(group);
            for role in roles_of(&scratch.gives) {
                if role == ANY_ROLE {
                    self.lines.fill(group);
                }
                for permission in self.roles.permissions.get(role) {
                    self.lines.add(group, *permission);
                }
            }
        }
    }

    /// Leaves in `scratch` what a group gives, in order.
    fn find_gives(&mut self, group: u32, scratch: &mut Scratch) {
        scratch.gives.clear();
        if !self.find_above(group, &mut scratch.above) {
            self.crowded = true;
            scratch.gives.push(Give::new(ANY_ROLE, ORG, false, true));
            return;
        }
        let Scratch { above, gives } = scratch;
        for one in above.iter() {
            gives.extend(self.grants.get(one.group).iter().filter_map(|grant| one.give(grant)));
        }
        if gives.len() > 1 {
            order::sort(gives);
            gives.dedup();
        }
    }

    /// The group and all above it; false when there are too many to be kept beside it.
    fn find_above(&self, group: u32, above: &mut Vec<Above>) -> bool {
        above.clear();
        if group < GROUPS_FROM && group != EVERYONE {
            return true;
        }
        let enabled = self.groups.is_enabled(group);
        above.push(Above { group, allows: enabled, may_allow: enabled, denies: true });
        let mut at = 0;
        while let Some(below) = above.get(at).copied() {
            at += 1;
            for edge in self.groups.parents.get(below.group) {
                let enabled = self.groups.is_enabled(edge.group);
                let next = Above {
                    group: edge.group,
                    allows: below.allows && enabled && edge.spans.is_always(),
                    may_allow: below.may_allow && enabled,
                    denies: below.denies && edge.via != Via::Rule,
                };
                match above.iter().position(|one| one.group == edge.group) {
                    None => above.push(next),
                    // A better way to a group known already: what lies above it is looked at again.
                    Some(known) => {
                        let Some(one) = above.get_mut(known) else { continue };
                        if one.join(&next) && known < at {
                            at = known;
                        }
                    }
                }
            }
            if above.len() > CLOSURE_MAX {
                return false;
            }
        }
        true
    }
}

/// The roles of gives, which are in order, each once.
fn roles_of(gives: &[Give]) -> impl Iterator<Item = u32> {
    gives.chunk_by(|one, next| one.role == next.role).filter_map(|same| same.first()).map(|give| give.role)
}

impl Above {
    /// Takes over what `other` adds; whether that was anything.
    fn join(&mut self, other: &Self) -> bool {
        let before = (self.allows, self.may_allow, self.denies);
        self.allows |= other.allows;
        self.may_allow |= other.may_allow;
        self.denies |= other.denies;
        before != (self.allows, self.may_allow, self.denies)
    }

    /// What a grant of this group says to those below.
    fn give(&self, grant: &Grant) -> Option<Give> {
        let ask = match grant.effect() {
            Effect::Deny if self.denies => true,
            Effect::Allow if self.may_allow => !(self.allows && grant.is_plain()),
            _ => return None,
        };
        Some(Give::new(grant.role, grant.scope(), grant.reach() == Reach::Exact, ask))
    }
}
