//! What follows from edges, roles and grants, kept beside each group so that questions need not work it out.

use alloc::vec::Vec;

use super::{EVERYONE, GROUPS_FROM, Grant, ORG, State};
use crate::limits::CLOSURE_MAX;
use crate::view::fact::{Effect, Reach, Via};
use crate::view::index::Index;
use crate::view::order;

/// A role that stands for every role.
pub(crate) const ANY_ROLE: u32 = u32::MAX;

/// Which permissions a group speaks about: three bits for each, all in one of the words.
///
/// A permission whose bits are not all set is not spoken about; the reverse needs a look at [`Give`]s.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct GroupLine(pub(crate) [u64; 8]);

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

/// Where the bits of a permission are: the word, and the bits in it.
pub(crate) const fn bits_of(permission: u32) -> (usize, u64) {
    let mixed = (permission as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let bits = 1 << (mixed >> 20 & 63) | 1 << (mixed >> 33 & 63) | 1 << (mixed >> 47 & 63);
    ((mixed >> 61) as usize, bits)
}

/// Bits of a line from which on it says "perhaps" so often that the permissions are kept themselves.
const WIDE_BITS: u32 = 384;

impl GroupLine {
    const ALL: Self = Self([u64::MAX; 8]);

    fn add(&mut self, permission: u32) {
        let (word, bits) = bits_of(permission);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bits;
        }
    }

    /// Whether it speaks about so many permissions that it tells them badly apart.
    fn is_wide(&self) -> bool {
        self.0.iter().map(|word| word.count_ones()).sum::<u32>() >= WIDE_BITS
    }

    fn join(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
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
        let roles = self.role_lines();
        let mut scratch = Scratch::default();
        let count = self.groups.rows.len() as u32;
        self.lines.reserve_exact(count as usize);
        self.gives.reserve(count as usize);
        for group in 0..count {
            let line = self.derived(group, &roles, &mut scratch);
            self.lines.push(line);
            self.gives.push(scratch.gives.iter().copied());
            self.keep_wide(group, &scratch);
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
            let line = self.derived(group, &[], &mut scratch);
            if self.lines.len() <= group as usize {
                self.lines.resize(group as usize + 1, GroupLine::default());
            }
            if let Some(slot) = self.lines.get_mut(group as usize) {
                *slot = line;
            }
            self.gives.replace(group, &scratch.gives);
            self.keep_wide(group, &scratch);
        }
    }

    /// Keeps the permissions that a group speaks about, if its line tells them badly apart.
    fn keep_wide(&mut self, group: u32, scratch: &Scratch) {
        let is_wide = self.lines.get(group as usize).is_some_and(GroupLine::is_wide);
        // What cannot be kept beside a group has to be asked for anyway.
        let is_any = scratch.gives.last().is_some_and(|give| give.role == ANY_ROLE);
        if is_wide && !is_any {
            let mut bits = alloc::vec![0u64; self.permissions.names.len().div_ceil(64)];
            for permission in scratch.gives.iter().flat_map(|give| self.roles.permissions.get(give.role)) {
                if let Some(word) = bits.get_mut(*permission as usize / 64) {
                    *word |= 1 << (permission % 64);
                }
            }
            self.wide.replace(group, &bits);
        } else if !self.wide.get(group).is_empty() {
            self.wide.replace(group, &[]);
        }
    }

    /// The permissions of each role as a line.
    fn role_lines(&self) -> Vec<GroupLine> {
        (0..self.roles.rows.len() as u32).map(|role| self.role_line(role)).collect()
    }

    fn role_line(&self, role: u32) -> GroupLine {
        let mut line = GroupLine::default();
        self.roles.permissions.get(role).iter().for_each(|permission| line.add(*permission));
        line
    }

    /// The line of a group; its gives are left in `scratch`. Lines of roles are taken from `roles` where it has any.
    fn derived(&self, group: u32, roles: &[GroupLine], scratch: &mut Scratch) -> GroupLine {
        scratch.gives.clear();
        let any = Give::new(ANY_ROLE, ORG, false, true);
        if !self.find_above(group, &mut scratch.above) {
            scratch.gives.push(any);
            return GroupLine::ALL;
        }
        let Scratch { above, gives } = scratch;
        for one in above.iter() {
            gives.extend(self.grants.get(one.group).iter().filter_map(|grant| one.give(grant)));
        }
        if gives.len() > 1 {
            order::sort(gives);
            gives.dedup();
        }
        let mut line = GroupLine::default();
        let mut last = ANY_ROLE;
        for give in gives.iter().filter(|give| core::mem::replace(&mut last, give.role) != give.role) {
            match roles.get(give.role as usize) {
                Some(role) => line.join(role),
                None => line.join(&self.role_line(give.role)),
            }
        }
        line
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
