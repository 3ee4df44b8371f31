//! One user at one moment, as a resource.

use alloc::rc::Rc;
use core::cell::Cell;

use cohort_core::decide;
use cohort_core::id::Revision;

use crate::bindings::exports::cohort::decisions::access::{self, Error, Moment, PermissionBorrow};
use crate::convert;
use crate::looked_up::{Owner, Permission};

/// The revision of a state, which its selections look at; none when the state is gone.
pub(crate) type Present = Rc<Cell<Option<Revision>>>;

/// A selection, and what tells whether it still holds.
pub(crate) struct Selection {
    pub(crate) owner: Owner,
    pub(crate) present: Present,
    pub(crate) selected: decide::Selection,
}

impl access::GuestSelection for Selection {
    fn can(&self, permission: PermissionBorrow<'_>) -> Result<bool, Error> {
        if self.present.get() != Some(self.selected.revision()) {
            return Err(convert::stale());
        }
        let permission = permission.get::<Permission>().of(self.owner)?;
        self.selected.can(permission).map_err(|decide::StaleHandle| convert::stale())
    }

    fn valid_until(&self) -> Moment {
        self.selected.valid_until().as_millis()
    }
}
