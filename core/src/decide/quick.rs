//! Answers from what lies beside the user's groups.
//!
//! This is where most of the time of most questions goes: plain loops, which no compiler has to see through.

use super::walk::{self, Asked, covers_grant};
use super::{Decision, Outcome, ungated};
use crate::limits::{CLOSURE_MAX, GROUPS_VISITED_MAX};
use crate::view::{ANY_ROLE, Bits, EVERYONE, Give, Grants, Having, Row, State};

/// A list that is at most so many times as long as another is gone through; in a longer one things are looked up.
const FEWER: usize = 8;

/// What a group says about a question; of two groups that one counts which comes later here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
enum Says {
    /// Nothing.
    Nothing,
    /// Yes, at any time, to any caller.
    Yes,
    /// Something that only a walk over edges and grants tells.
    Ask,
}

/// A question while it is asked of one group after the other.
struct Quick<'a> {
    state: &'a State,
    asked: &'a Asked,
    /// The roles that have the permission.
    having: Having<'a>,
    /// The permission's bits in a line.
    bits: Bits,
}

/// Answers in `decision`, which is one for want of a path.
pub(super) fn answer(state: &State, asked: &Asked, decision: &mut Decision) {
    let bits = state.lines.bits_of(asked.permission);
    let having = state.permissions.having(asked.permission);
    let quick = Quick { state, asked, having, bits };
    let row = state.users.row(asked.user);
    if let Some(outcome) = ungated(&row) {
        decision.outcome = *outcome;
        return;
    }
    let says = if row.has_more() { quick.of_more(&row) } else { quick.of_slots(row.slots) };
    match says {
        Says::Nothing => {}
        Says::Yes => decision.outcome = Outcome::Allow,
        Says::Ask => walk::answer(state, asked, decision),
    }
}

impl Quick<'_> {
    /// What the groups in slots say, and everyone's.
    fn of_slots(&self, slots: &[u16]) -> Says {
        // A bit for each slot whose line has the permission's bits: to look first and to branch then is quicker than
        // to branch at each slot.
        let mut hits = 0u64;
        for slot in slots.iter().rev() {
            hits = hits << 1 | u64::from(self.speaks(u32::from(*slot)));
        }
        let mut says = self.of_everyone();
        while hits != 0 && !self.is_settled(says) {
            let slot = slots.get(hits.trailing_zeros() as usize).copied().unwrap_or(0);
            says = says.and(self.of_group(u32::from(slot)));
            hits &= hits - 1;
        }
        says
    }

    /// The same of a user with more than slots.
    fn of_more(&self, row: &Row<'_>) -> Says {
        // So many groups may be too many, which only a walk tells.
        if row.edges().len_max() * CLOSURE_MAX > GROUPS_VISITED_MAX {
            return Says::Ask;
        }
        if self.is_named(row.grants()) || self.is_named(self.state.grants_of_person(row.person())) {
            return Says::Ask;
        }
        let mut says = self.of_everyone();
        for edge in row.edges() {
            if self.is_settled(says) {
                break;
            }
            if self.speaks(edge.group) {
                let one = self.of_group(edge.group);
                let is_timed = one == Says::Yes && !edge.spans.is_always();
                says = says.and(if is_timed { Says::Ask } else { one });
            }
        }
        says
    }

    /// Whether one of these grants may matter.
    fn is_named(&self, grants: Grants<'_>) -> bool {
        for grant in grants {
            if self.having.has(grant.role()) && covers_grant(self.state, self.asked, &grant) {
                return true;
            }
        }
        false
    }

    fn of_everyone(&self) -> Says {
        if self.speaks(EVERYONE) { self.of_group(EVERYONE) } else { Says::Nothing }
    }

    /// Whether nothing that is said besides can matter: nobody is denied what gives the permission, and no group lies
    /// below too many.
    fn is_settled(&self, says: Says) -> bool {
        says == Says::Ask || says == Says::Yes && !self.having.is_denied && !self.state.crowded
    }

    /// Whether a group, or one above it, may have something to say.
    #[inline(always)]
    fn speaks(&self, group: u32) -> bool {
        self.state.lines.has(group, self.bits)
    }

    /// What a group, and those above it, say.
    fn of_group(&self, group: u32) -> Says {
        let gives = self.state.gives(group);
        let is_any = gives.last().is_some_and(|[role, _]| *role == ANY_ROLE);
        let mut says = Says::Nothing;
        if is_any || gives.len() <= self.having.roles.len() * FEWER {
            for give in gives {
                let give = Give(*give);
                if give.role() == ANY_ROLE || self.having.has(give.role()) {
                    says = says.and(self.of_give(give));
                    if self.is_settled(says) {
                        break;
                    }
                }
            }
            return says;
        }
        // Many grants, and few roles that matter: those are looked up.
        for role in self.having.roles {
            let from = gives.partition_point(|[one, _]| one < role);
            for give in gives.get(from..).unwrap_or_default() {
                let give = Give(*give);
                if give.role() != *role {
                    break;
                }
                says = says.and(self.of_give(give));
                if self.is_settled(says) {
                    return says;
                }
            }
        }
        says
    }

    /// What a grant of a role that has the permission says.
    fn of_give(&self, give: Give) -> Says {
        let counts = if give.role() == ANY_ROLE {
            true
        } else if give.is_exact() {
            give.scope() == self.asked.place.scope
        } else {
            self.state.scopes.covers(&self.asked.place, give.scope())
        };
        match (counts, give.asks()) {
            (false, _) => Says::Nothing,
            (true, true) => Says::Ask,
            (true, false) => Says::Yes,
        }
    }
}

impl Says {
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
}
