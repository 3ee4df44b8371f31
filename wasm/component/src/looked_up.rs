//! What was looked up in a state, each as a resource of the host.
//!
//! A handle knows which state gave it: the core tells handles of other bytes, this tells those of another state of the
//! same bytes, which may have followed other deltas.

use cohort_core::decide;
use cohort_core::who_can;

use crate::bindings::exports::cohort::decisions::access;
use crate::convert;

/// Which state: they are counted, and no number is used again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner(pub(crate) u64);

/// Something of one state.
pub(crate) struct Handle<T> {
    owner: Owner,
    thing: T,
}

pub(crate) type User = Handle<decide::User>;
pub(crate) type Permission = Handle<decide::Permission>;
pub(crate) type Place = Handle<decide::Place>;
pub(crate) type Conditions = Handle<decide::ConditionSet>;
pub(crate) type Cursor = Handle<who_can::Cursor>;

impl<T: Copy> Handle<T> {
    pub(crate) const fn new(owner: Owner, thing: T) -> Self {
        Self { owner, thing }
    }

    /// The thing, if it is of `owner`.
    ///
    /// # Errors
    /// `stale` when it is of another state.
    pub(crate) fn of(&self, owner: Owner) -> Result<T, access::Error> {
        if self.owner == owner { Ok(self.thing) } else { Err(convert::stale()) }
    }
}

impl access::GuestUser for User {}
impl access::GuestPermission for Permission {}
impl access::GuestPlace for Place {}
impl access::GuestConditions for Conditions {}
impl access::GuestCursor for Cursor {}
