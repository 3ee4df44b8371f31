//! Names looked up once, for asking often.
//!
//! A handle stays good while deltas are applied to the state that gave it. Bytes opened anew may number everything
//! otherwise: a handle of other bytes is refused, never taken for somebody else's. Two states of the same bytes take
//! each other's handles as long as they follow the same deltas.

use alloc::string::String;
use alloc::vec::Vec;

use super::selection::Selection;
use super::walk::Asked;
use crate::id::{IdError, Instant};
use crate::say::said;
use crate::view::{Ambiguous, NONE, Snapshot, Where};

/// A user, by handle.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct User {
    pub(super) number: u32,
    pub(super) base: u32,
}

/// A permission, by handle.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Permission {
    pub(super) number: u32,
    pub(super) base: u32,
}

/// A scope, or a place that the directory never heard of, by handle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    pub(super) place: Where,
    pub(super) base: u32,
}

/// Conditions, by handle: asserted by a caller, or required by a grant. The default is none, of no snapshot.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct ConditionSet {
    pub(super) set: u64,
    pub(super) base: u32,
}

/// A handle was taken from other bytes than those that are open: look the name up again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StaleHandle;

impl StaleHandle {
    /// Appends what was found and what was expected.
    pub fn say(&self, to: &mut String) {
        to.push_str("a handle of another snapshot; expected one that this snapshot gave");
    }
}

said!(StaleHandle);

impl core::error::Error for StaleHandle {}

/// Several users of different sources have the name: ask by id.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AmbiguousName;

impl AmbiguousName {
    /// Appends what was found and what was expected.
    pub fn say(&self, to: &mut String) {
        to.push_str("several users have this name; expected a user's id");
    }
}

said!(AmbiguousName);
impl core::error::Error for AmbiguousName {}

/// A question by handles.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Who.
    pub user: User,
    /// What.
    pub permission: Permission,
    /// Where.
    pub place: Place,
    /// What the caller vouches for.
    pub conditions: Option<ConditionSet>,
    /// The moment that is asked about.
    pub at: Instant,
}

impl User {
    pub(crate) const fn new(number: u32, snapshot: &Snapshot) -> Self {
        Self { number, base: snapshot.base() }
    }

    /// The number behind the handle.
    pub(crate) fn number_in(self, snapshot: &Snapshot) -> Result<u32, StaleHandle> {
        if self.base == snapshot.base() { Ok(self.number) } else { Err(StaleHandle) }
    }

    /// The handle without what ties it to its snapshot, for one who keeps many and knows whose they are.
    #[must_use]
    pub const fn words(self) -> [u32; 1] {
        [self.number]
    }

    /// The handle that `snapshot` gave, from its words.
    #[must_use]
    pub const fn from_words([number]: [u32; 1], snapshot: &Snapshot) -> Self {
        Self { number, base: snapshot.base() }
    }
}

impl Permission {
    /// As [`User::words`].
    #[must_use]
    pub const fn words(self) -> [u32; 1] {
        [self.number]
    }

    /// As [`User::from_words`].
    #[must_use]
    pub const fn from_words([number]: [u32; 1], snapshot: &Snapshot) -> Self {
        Self { number, base: snapshot.base() }
    }

    /// The same for a permission of the snapshot that was selected in.
    #[inline(always)]
    #[must_use]
    pub const fn of_selection([number]: [u32; 1], selection: &Selection) -> Self {
        Self { number, base: selection.base() }
    }
}

impl Place {
    /// As [`User::words`].
    #[must_use]
    pub const fn words(self) -> [u32; 4] {
        let Where { scope, kind, parent, parent_kind } = self.place;
        [scope, kind, parent, parent_kind]
    }

    /// As [`User::from_words`].
    #[must_use]
    pub const fn from_words([scope, kind, parent, parent_kind]: [u32; 4], snapshot: &Snapshot) -> Self {
        Self { place: Where { scope, kind, parent, parent_kind }, base: snapshot.base() }
    }
}

impl Check {
    /// May `user` do `permission` at `place`, at `at`, with nothing vouched for?
    #[must_use]
    pub const fn new(user: User, permission: Permission, place: Place, at: Instant) -> Self {
        Self { user, permission, place, conditions: None, at }
    }

    pub(crate) fn asked(&self, snapshot: &Snapshot) -> Result<Asked, StaleHandle> {
        let base = snapshot.base();
        let Self { user, permission, place, at, .. } = *self;
        let conditions = self.conditions.unwrap_or(ConditionSet { set: 0, base });
        if user.base != base || permission.base != base || place.base != base || conditions.base != base {
            return Err(StaleHandle);
        }
        let (user, permission, mut place) = (user.number, permission.number, place.place);
        let scopes = &snapshot.state().scopes;
        if place.parent != NONE && place.scope != NONE && scopes.is_known(place.scope) {
            // The directory has heard of the scope since, and knows where it lies.
            (place.parent, place.parent_kind) = (NONE, NONE);
        }
        Ok(Asked { user, permission, place, asserted: conditions.set, at })
    }
}

impl ConditionSet {
    /// The bits behind the handle.
    pub(super) fn set_in(self, snapshot: &Snapshot) -> Result<u64, StaleHandle> {
        if self.base == snapshot.base() { Ok(self.set) } else { Err(StaleHandle) }
    }

    /// The names of the conditions, in order; none for a set of other bytes.
    #[must_use]
    pub fn names(self, snapshot: &Snapshot) -> Vec<&str> {
        let mut names = Vec::new();
        self.each_name(snapshot, &mut |name| names.push(name));
        names
    }

    /// Shows the same without asking for memory.
    pub(crate) fn each_name<'a>(self, snapshot: &'a Snapshot, see: &mut dyn FnMut(&'a str)) {
        snapshot.state().conditions.each(self.set_in(snapshot).unwrap_or(0), see);
    }

    /// As [`User::words`].
    #[must_use]
    pub const fn words(self) -> [u32; 2] {
        [self.set as u32, (self.set >> 32) as u32]
    }

    /// As [`User::from_words`].
    #[must_use]
    pub const fn from_words([low, high]: [u32; 2], snapshot: &Snapshot) -> Self {
        Self { set: low as u64 | (high as u64) << 32, base: snapshot.base() }
    }
}

impl Snapshot {
    /// The handle of the user whose id or folded name this is; none for nobody.
    ///
    /// # Errors
    /// [`AmbiguousName`] when several users have the name.
    pub fn user(&self, subject: &str) -> Result<Option<User>, AmbiguousName> {
        let number = self.user_number(subject).map_err(|Ambiguous| AmbiguousName)?;
        Ok(number.map(|number| User { number, base: self.base() }))
    }

    /// The handle of a permission that some role has.
    #[must_use]
    pub fn permission(&self, name: &str) -> Option<Permission> {
        let number = super::permission(self, name)?;
        Some(Permission { number, base: self.base() })
    }

    /// The handle of a scope; one that the directory never heard of lies in the organisation.
    ///
    /// A place that is heard of later needs a new handle to be seen.
    ///
    /// # Errors
    /// [`IdError`] when the text is no scope.
    pub fn place(&self, scope: &str) -> Result<Place, IdError> {
        self.place_in(scope, "org")
    }

    /// The same, in `parent` unless the directory knows where it lies.
    ///
    /// # Errors
    /// [`IdError`] when a text is no scope.
    pub fn place_in(&self, scope: &str, parent: &str) -> Result<Place, IdError> {
        let place = super::place(self, scope, parent)?;
        Ok(Place { place, base: self.base() })
    }

    /// The organisation as a place.
    #[must_use]
    pub fn org_place(&self) -> Place {
        Place { place: Where::ORG, base: self.base() }
    }

    /// The handle of conditions that a caller vouches for; unknown ones are left out, no grant requires them.
    #[must_use]
    pub fn conditions(&self, names: &[&str]) -> ConditionSet {
        ConditionSet { set: self.state().conditions.set_of(names), base: self.base() }
    }
}
