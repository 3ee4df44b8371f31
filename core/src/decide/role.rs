//! Whether a user has a role.

use super::handle::{Check, ConditionSet, Permission, Place, StaleHandle, User};
use super::walk::{answer_about, covers_grant};
use super::{Decision, OUTSIDE, gate};
use crate::id::{Instant, RoleId};
use crate::view::{Effect, Grant, Snapshot};

/// A question about a role, by handles.
#[derive(Clone, Copy, Debug)]
pub struct RoleCheck {
    /// Who.
    pub user: User,
    /// Which role.
    pub role: RoleId,
    /// Where.
    pub place: Place,
    /// What the caller vouches for.
    pub conditions: Option<ConditionSet>,
    /// The moment that is asked about.
    pub at: Instant,
}

/// Decides whether a user has a role: an allow grant of it, or of a role that includes it, counts, and no deny grant
/// of that same role does (`docs/model.md`, Resolution).
///
/// A role that is not there is had by nobody. Cost: the groups above the user and their grants.
///
/// # Errors
/// [`StaleHandle`] when a handle was taken from other bytes.
pub fn has_role(snapshot: &Snapshot, check: &RoleCheck) -> Result<Decision, StaleHandle> {
    let RoleCheck { user, role, place, conditions, at } = *check;
    let permission = Permission { number: 0, base: snapshot.base() };
    let asked = Check { user, permission, place, conditions, at }.asked(snapshot)?;
    let state = snapshot.state();
    let number = state.roles.ids.find(&role.key());
    let unknown = if state.coverage.is_some() && number.is_none() { OUTSIDE } else { None };
    let mut decision = Decision::without_path(snapshot, at);
    if let Some(outcome) = gate(snapshot, &asked).or(unknown) {
        decision.outcome = *outcome;
        return Ok(decision);
    }
    let is_about = |grant: &Grant<'_>| {
        let is_it = Some(grant.role()) == number;
        let includes_it = || number.is_some_and(|one| state.roles.includes.get(grant.role()).contains(&one));
        (is_it || grant.effect() == Effect::Allow && includes_it()) && covers_grant(state, &asked, grant)
    };
    answer_about(state, &asked, None, &is_about, &mut decision);
    Ok(decision)
}
