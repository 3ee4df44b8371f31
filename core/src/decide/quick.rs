//! Answers from what lies beside the user's groups.

use super::walk::{self, Asked, covers_grant};
use super::{DenyReason, Outcome};
use crate::id::Instant;
use crate::limits::{CLOSURE_MAX, GROUPS_VISITED_MAX};
use crate::view::{ANY_ROLE, EVERYONE, Give, Grants, More, ORG, REALM, Row, State};

/// A list that is at most so many times as long as another is gone through; in a longer one things are looked up.
const FEWER: usize = 8;

/// What a group says about a question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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
    /// The roles that have the permission, ascending.
    roles: &'a [u32],
    /// The permission's bits in a line.
    bits: (usize, u64),
}

/// The outcome, and up to when it holds as far as edges and grants go.
pub(super) fn answer(state: &State, asked: &Asked) -> (Outcome, Instant) {
    let bits = state.lines.bits_of(asked.permission);
    let roles = state.permissions.roles.get(asked.permission);
    let quick = Quick { state, asked, roles, bits };
    let says = match state.users.row(asked.user) {
        Some(Row::Plain(units)) => quick.of_row(units.as_flattened()),
        Some(Row::More(more)) if !more.present => return never(DenyReason::UnknownUser),
        Some(Row::More(more)) if !more.active => return never(DenyReason::InactiveUser),
        Some(Row::More(more)) => quick.of_more(&more),
        None => return never(DenyReason::UnknownUser),
    };
    match says {
        Says::Nothing => never(DenyReason::NoPath),
        Says::Yes => (Outcome::Allow, Instant::MAX),
        Says::Ask => walk::answer(state, asked),
    }
}

const fn never(reason: DenyReason) -> (Outcome, Instant) {
    (Outcome::Deny(reason), Instant::MAX)
}

impl Quick<'_> {
    /// What the groups of a row say, and everyone's.
    fn of_row(&self, slots: &[u16]) -> Says {
        // A bit for each slot whose line has the permission's bits: to look first and to branch then is quicker than
        // to branch at each slot.
        let hit = |slot: &u16| u64::from(self.speaks(u32::from(*slot)));
        let hits = slots.iter().rev().fold(0u64, |hits, slot| hits << 1 | hit(slot));
        let mut says = if self.speaks(EVERYONE) { self.of_group(EVERYONE) } else { Says::Nothing };
        let mut rest = hits;
        while rest != 0 && !self.is_settled(says) {
            let slot = slots.get(rest.trailing_zeros() as usize).copied().unwrap_or(0);
            says = says.and(self.of_group(u32::from(slot)));
            rest &= rest - 1;
        }
        says
    }

    /// The same of a user with more than a row.
    fn of_more(&self, more: &More<'_>) -> Says {
        // So many groups may be too many, which only a walk tells.
        if more.edges.len_max() * CLOSURE_MAX > GROUPS_VISITED_MAX {
            return Says::Ask;
        }
        let person = more.person.map_or(Grants::NONE, |person| self.state.grants_of_person(person));
        for mut grants in [more.grants, person] {
            let is_about = |role: u32| self.roles.binary_search(&role).is_ok();
            if grants.any(|grant| is_about(grant.role()) && covers_grant(self.state, self.asked, &grant)) {
                return Says::Ask;
            }
        }
        let mut says = if self.speaks(EVERYONE) { self.of_group(EVERYONE) } else { Says::Nothing };
        for edge in more.edges.filter(|edge| self.speaks(edge.group)) {
            let one = self.of_group(edge.group);
            let is_timed = one == Says::Yes && !edge.spans.is_always();
            says = says.and(if is_timed { Says::Ask } else { one });
            if self.is_settled(says) {
                break;
            }
        }
        says
    }

    /// Whether no other group can say anything that matters: nobody is denied what gives the permission, and no group
    /// lies below too many.
    fn is_settled(&self, says: Says) -> bool {
        match says {
            Says::Nothing => false,
            Says::Ask => true,
            Says::Yes => {
                !self.state.crowded && !self.roles.iter().any(|role| self.state.roles.is_denied(*role))
            }
        }
    }

    /// Whether a group, or one above it, may have something to say.
    fn speaks(&self, group: u32) -> bool {
        self.state.lines.has(group, self.bits)
    }

    /// What a group, and those above it, say.
    fn of_group(&self, group: u32) -> Says {
        let gives = self.state.gives(group);
        let is_any = gives.last().is_some_and(|[role, _]| *role == ANY_ROLE);
        if is_any || gives.len() <= self.roles.len() * FEWER {
            return self.of_gives(gives);
        }
        // Many grants, and few roles that matter: those are looked up.
        let mut says = Says::Nothing;
        for role in self.roles {
            let from = gives.partition_point(|[one, _]| one < role);
            let same = gives.get(from..).unwrap_or_default();
            let until = same.iter().take_while(|[one, _]| one == role).count();
            says = says.and(self.of_gives(same.get(..until).unwrap_or_default()));
        }
        says
    }

    fn of_gives(&self, gives: &[[u32; 2]]) -> Says {
        let mut says = Says::Nothing;
        for give in gives {
            let give = Give(*give);
            let counts = if give.role() == ANY_ROLE {
                true
            } else if self.roles.binary_search(&give.role()).is_err() {
                false
            } else if give.is_exact() {
                give.scope() == self.asked.place.scope
            } else if give.scope() == ORG {
                self.asked.place.scope != REALM
            } else {
                walk::covers(self.state, self.asked, give.scope())
            };
            match (counts, give.asks()) {
                (false, _) => {}
                (true, true) => return Says::Ask,
                (true, false) => says = Says::Yes,
            }
        }
        says
    }
}

impl Says {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Ask, _) | (_, Self::Ask) => Self::Ask,
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Nothing, Self::Nothing) => Self::Nothing,
        }
    }
}
