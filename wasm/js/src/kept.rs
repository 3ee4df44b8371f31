//! What was looked up, by number: JavaScript holds numbers, the core's handles stay here.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;

use crate::fault::Fault;

/// Entries of one list: a bound for a caller who looks up again and again.
const ENTRIES_MAX: usize = 1 << 22;

/// Handles in the order in which they were looked up; clones share it.
#[derive(Clone)]
pub(crate) struct Kept<T>(Rc<RefCell<Vec<T>>>);

impl<T: Copy> Kept<T> {
    pub(crate) fn new() -> Self {
        Self(Rc::new(RefCell::new(Vec::new())))
    }

    /// Keeps a handle; its number.
    ///
    /// # Errors
    /// `too_many_handles`.
    pub(crate) fn keep(&self, handle: T) -> Result<u32, Fault> {
        let mut all = self.0.borrow_mut();
        if all.len() >= ENTRIES_MAX {
            return Err(Fault::handles());
        }
        all.push(handle);
        Ok(all.len() as u32 - 1)
    }

    /// The handle of this number.
    #[inline]
    pub(crate) fn get(&self, number: u32) -> Option<T> {
        self.0.borrow().get(number as usize).copied()
    }
}
