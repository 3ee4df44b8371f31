//! The other way round: which users may do something, and where somebody may.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use crate::decide::{Candidate, Check, ConditionSet, Permission, Place, StaleHandle, User, Walk, check};
use crate::id::{Instant, ScopeId, UserId};
use crate::limits::WHO_CAN_LOOKED_AT_MAX;
use crate::say::said;
use crate::view::{Effect, Grant, Kind, Snapshot};

/// Some of the users who may, and where to go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UserPage {
    /// At most as many as were asked for.
    pub users: Vec<UserId>,
    /// From where the next page begins; none when there is none.
    pub next: Option<Cursor>,
}

/// A place in the list of all users of one snapshot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cursor {
    user: User,
}

/// Why a list was not given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhoCanError {
    /// A handle or cursor was taken from other bytes.
    Stale,
    /// A slice knows one user, and not all scopes: its list would not be whole.
    Slice,
}

impl From<StaleHandle> for WhoCanError {
    fn from(_: StaleHandle) -> Self {
        Self::Stale
    }
}

impl WhoCanError {
    /// Appends what was found and what was expected.
    pub fn say(&self, to: &mut String) {
        match self {
            Self::Stale => StaleHandle.say(to),
            Self::Slice => to.push_str("a slice cannot list who may or where; expected a snapshot"),
        }
    }
}

said!(WhoCanError);
impl core::error::Error for WhoCanError {}

/// What is asked of all users.
#[derive(Clone, Copy, Debug)]
pub struct WhoCan {
    /// What.
    pub permission: Permission,
    /// Where.
    pub place: Place,
    /// What every one of them is taken to vouch for.
    pub conditions: Option<ConditionSet>,
    /// The moment that is asked about.
    pub at: Instant,
}

/// The users for whom [`check`] answers allow, in an order of the snapshot's own; `limit` of them at most.
///
/// A page may hold fewer than `limit`, even none, and still have a next one: it looks at
/// [`WHO_CAN_LOOKED_AT_MAX`] users at most. Cost: a check for each user that it looks at, in the order in which they
/// lie in memory.
///
/// # Errors
/// [`WhoCanError`]: a stale handle or cursor, or a slice.
pub fn users_who_can(
    snapshot: &Snapshot,
    asked: &WhoCan,
    from: Option<Cursor>,
    limit: usize,
) -> Result<UserPage, WhoCanError> {
    expect_whole(snapshot)?;
    let WhoCan { permission, place, conditions, at } = *asked;
    let users = &snapshot.state().users;
    let first = from.map_or(Ok(0), |cursor| cursor.user.number_in(snapshot))?;
    let mut page = UserPage { users: Vec::new(), next: None };
    for number in first..users.len() as u32 {
        let user = User::new(number, snapshot);
        if page.users.len() >= limit || (number - first) as usize >= WHO_CAN_LOOKED_AT_MAX {
            page.next = Some(Cursor { user });
            break;
        }
        if check(snapshot, &Check { user, permission, place, conditions, at })?.outcome.is_allow() {
            page.users.push(UserId::from_key(users.id(number)));
        }
    }
    Ok(page)
}

/// The scopes on which `user` was granted `permission` and may use it there, in the order of their names: what lies
/// below them is allowed too, unless a deny or an exact reach says otherwise.
///
/// Gives at most `limit` scopes that come after `after`. Cost: the groups above the user, their grants, and a check for
/// each scope.
///
/// # Errors
/// [`WhoCanError`]: a stale handle, or a slice.
pub fn scopes_where_can(
    snapshot: &Snapshot,
    question: &Check,
    after: Option<&ScopeId>,
    limit: usize,
) -> Result<Vec<ScopeId>, WhoCanError> {
    expect_whole(snapshot)?;
    let state = snapshot.state();
    let asked = question.asked(snapshot)?;
    let mut walk = Walk::new(state, asked.at);
    if !walk.rise(asked.user) {
        return Ok(Vec::new());
    }
    let mut scopes = BTreeSet::new();
    let is_allow = |grant: &Grant<'_>| grant.effect() == Effect::Allow;
    for one in walk.candidates(Some(asked.permission), &is_allow).filter(Candidate::is_now) {
        scopes.insert(state.scope_id(one.grant.scope()));
    }
    let mut found = Vec::new();
    for scope in scopes.into_iter().filter(|scope| after.is_none_or(|after| scope > after)) {
        if found.len() >= limit {
            break;
        }
        let Ok(place) = snapshot.place(scope.as_str()) else { continue };
        if check(snapshot, &Check { place, ..*question })?.outcome.is_allow() {
            found.push(scope);
        }
    }
    Ok(found)
}

fn expect_whole(snapshot: &Snapshot) -> Result<(), WhoCanError> {
    if snapshot.header().kind == Kind::Slice { Err(WhoCanError::Slice) } else { Ok(()) }
}
