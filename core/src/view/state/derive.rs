//! What follows from edges, roles and grants, kept beside each group so that questions need not work it out.

use alloc::vec::Vec;

use super::{EVERYONE, GROUPS_FROM, Grant, ORG, State};
use crate::limits::CLOSURE_MAX;
use crate::view::fact::{Effect, Reach, Via};
use crate::view::keys::{Keys, key_of};
use crate::view::order;

/// A role that stands for every role.
pub(crate) const ANY_ROLE: u32 = u32::MAX;

/// One thing that a group says, by a grant of its own or of a group above it: the role; the scope, and two bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Give(pub(crate) [u32; 2]);

/// It counts at its scope alone.
const EXACT: u32 = 1 << 31;
/// The edges and grants themselves have to be looked at: there may be a deny, a condition, a time.
const ASK: u32 = 1 << 30;

impl Give {
    pub(crate) const fn role(self) -> u32 {
        self.0[0]
    }

    pub(crate) const fn scope(self) -> u32 {
        self.0[1] & !(EXACT | ASK)
    }

    /// Whether it counts at its scope alone.
    pub(crate) const fn is_exact(self) -> bool {
        self.0[1] & EXACT != 0
    }

    /// Whether the edges and grants themselves have to be looked at.
    pub(crate) const fn asks(self) -> bool {
        self.0[1] & ASK != 0
    }
}

/// What one group's line and gives are made with; kept from group to group.
#[derive(Default)]
struct Scratch {
    above: Vec<Above>,
    /// A [`Give`] each, in one number, so that it is sorted as one.
    gives: Vec<u64>,
    words: Vec<u32>,
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
        let count = self.groups.len() as u32;
        self.gives.reserve(count as usize);
        let mut spoken_about = 0;
        for group in 0..count {
            self.find_gives(group, &mut scratch);
            self.gives.push(&scratch.words);
            each_role(&scratch.words, |role| spoken_about += self.roles.permissions.get(role).len());
        }
        let roles = self.roles.rows.len() as u32;
        let all = self.permissions.names.len();
        self.lines.begin(count as usize, spoken_about / count.max(1) as usize, all);
        let mut of_roles = self.lines.alike(roles as usize);
        for role in 0..roles {
            of_roles.add(role, self.roles.permissions.get(role));
        }
        let Self { gives, lines, .. } = self;
        for group in 0..count {
            each_role(gives.get(group), |role| lines.join(group, &of_roles, role));
        }
    }

    /// Works out anew what follows for these groups and all below them.
    ///
    /// Cost: those groups, times what lies above each.
    pub(super) fn derive_below(&mut self, groups: &[u32]) {
        let mut reached = Keys::EMPTY;
        let mut waiting = groups.to_vec();
        while let Some(group) = waiting.pop() {
            let place = reached.len() as u32;
            if reached.number(&key_of(group)) == place {
                waiting.extend_from_slice(self.groups.children.get(group));
            }
        }
        let mut scratch = Scratch::default();
        for place in 0..reached.len() as u32 {
            let [_, group] = reached.get(place);
            let group = group as u32;
            self.find_gives(group, &mut scratch);
            self.gives.replace(group, &scratch.words);
            self.lines.clear(group);
            let Self { lines, roles, .. } = self;
            each_role(&scratch.words, |role| match role {
                ANY_ROLE => lines.fill(group),
                _ => lines.add(group, roles.permissions.get(role)),
            });
        }
    }

    /// Leaves in the words of `scratch` what a group gives, in order, each once.
    fn find_gives(&mut self, group: u32, scratch: &mut Scratch) {
        let Scratch { above, gives, words } = scratch;
        gives.clear();
        words.clear();
        if !self.find_above(group, above) {
            self.crowded = true;
            words.extend_from_slice(&[ANY_ROLE, ORG | ASK]);
            return;
        }
        for one in above.iter() {
            for grant in self.grants(one.group) {
                gives.extend(one.give(&grant));
            }
        }
        order::sort(gives);
        let mut last = None;
        for give in gives {
            if last.replace(*give) != Some(*give) {
                words.extend_from_slice(&[(*give >> 32) as u32, *give as u32]);
            }
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
            for edge in self.groups.parents(below.group) {
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

/// Shows the roles in the words of gives, which are in order, each once.
fn each_role(words: &[u32], mut see: impl FnMut(u32)) {
    let mut last = None;
    for [role, _] in words.as_chunks().0 {
        if last.replace(*role) != Some(*role) {
            see(*role);
        }
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

    /// What a grant of this group says to those below, in one number.
    fn give(&self, grant: &Grant<'_>) -> Option<u64> {
        let asks = match grant.effect() {
            Effect::Deny if self.denies => true,
            Effect::Allow if self.may_allow => !(self.allows && grant.is_plain()),
            _ => return None,
        };
        let exact = if grant.reach() == Reach::Exact { EXACT } else { 0 };
        let place = grant.scope() | exact | if asks { ASK } else { 0 };
        Some(u64::from(grant.role()) << 32 | u64::from(place))
    }
}
