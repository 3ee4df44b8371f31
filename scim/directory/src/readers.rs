//! Reading connections, kept open for the next reader.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::StoreError;
use crate::limits::READERS_KEPT_MAX;
use crate::store::{Store, Stores};
use crate::tally;

/// As many reading connections as are needed at once.
pub(crate) struct Readers {
    stores: Arc<dyn Stores>,
    idle: Mutex<Vec<Box<dyn Store>>>,
}

impl Readers {
    /// No connection yet.
    pub(crate) fn new(stores: Arc<dyn Stores>) -> Self {
        Self { stores, idle: Mutex::new(Vec::new()) }
    }

    /// Lends a connection to `read`.
    pub(crate) fn with<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(&dyn Store) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = self.lock().pop();
        let store = match idle {
            Some(store) => store,
            None => self.stores.reader()?,
        };
        let before = store.touched();
        let outcome = read(&*store);
        tally::add(store.touched() - before);
        let mut idle = self.lock();
        if idle.len() < READERS_KEPT_MAX {
            idle.push(store);
        }
        outcome
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Box<dyn Store>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
