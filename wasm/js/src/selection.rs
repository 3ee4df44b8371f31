//! One user at one moment.

use cohort_core::decide::{Permission, Selection};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::answer;
use crate::kept::Kept;

/// What one user may do in the whole organisation, worked out once.
#[wasm_bindgen]
pub struct Selected {
    pub(crate) selection: Selection,
    pub(crate) permissions: Kept<Permission>,
}

#[wasm_bindgen]
impl Selected {
    /// Whether the user may do this; no for a number that belongs to nothing.
    #[must_use]
    pub fn can(&self, permission: u32) -> bool {
        let permission = self.permissions.get(permission);
        permission.is_some_and(|permission| self.selection.can(permission).unwrap_or(false))
    }

    /// Up to when the selection holds.
    #[must_use]
    pub fn until(&self) -> f64 {
        answer::millis(self.selection.valid_until())
    }
}
