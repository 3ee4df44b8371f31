//! Answers from what lies beside the user's groups.

use super::walk::{self, Asked};
use super::{DenyReason, Outcome};
use crate::id::Instant;
use crate::view::{ANY_ROLE, EVERYONE, NOBODY, ORG, REALM, State, bits_of};

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

/// The outcome, and up to when it holds as far as edges and grants go.
pub(super) fn answer(state: &State, asked: &Asked) -> (Outcome, Instant) {
    let mut found = false;
    let (word, bits) = bits_of(asked.permission);
    let slots = state.users.slots(asked.user).as_flattened().iter().map(|slot| u32::from(*slot));
    for group in [EVERYONE].into_iter().chain(slots) {
        let line = state.lines.get(group as usize).and_then(|line| line.0.get(word));
        if line.is_none_or(|line| line & bits != bits) {
            continue;
        }
        match gives_say(state, group, asked) {
            Says::Nothing => {}
            Says::Yes => found = true,
            Says::Ask => return walk::answer(state, asked),
        }
    }
    let outcome = if found { Outcome::Allow } else { Outcome::Deny(DenyReason::NoPath) };
    // A number that was never given out has no slots at all, not even empty ones.
    match state.users.slots(asked.user) {
        [] => (Outcome::Deny(DenyReason::UnknownUser), Instant::MAX),
        _ => (outcome, Instant::MAX),
    }
}

/// What a group, and those above it, say to a question.
fn gives_say(state: &State, group: u32, asked: &Asked) -> Says {
    let mut says = Says::Nothing;
    if group == NOBODY {
        return says;
    }
    for give in state.gives.get(group) {
        if give.role != ANY_ROLE && !state.roles.has(give.role, asked.permission) {
            continue;
        }
        let counts = match (give.exact, give.scope) {
            (true, scope) => scope == asked.place.scope,
            (false, ORG) => asked.place.scope != REALM,
            (false, scope) => walk::covers(state, asked, scope),
        };
        if !counts && give.role != ANY_ROLE {
            continue;
        }
        if give.ask {
            return Says::Ask;
        }
        says = Says::Yes;
    }
    says
}
