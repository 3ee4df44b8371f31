//! The answer to a request that waits for the writer, for a thread or a task to wait for.

use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::error::StoreError;
use crate::tally;

/// A request that has its place in the writer's queue. It is carried out whether somebody waits for it or not.
///
/// As a future it gives what the request gives, once that is on disk, and how many rows were touched for it.
#[must_use = "whether the request was carried out is known only to who waits for it"]
pub struct Turn<T, E> {
    shared: Arc<Shared<T, E>>,
}

/// Where the answer is put. Without one, as when the writer ends, whoever waits learns that there will be none.
pub(crate) struct Answer<T, E> {
    shared: Arc<Shared<T, E>>,
}

struct Shared<T, E> {
    state: Mutex<State<T, E>>,
    told: Condvar,
}

enum State<T, E> {
    /// Nothing is known; the task that waits, if it is one.
    Open(Option<Waker>),
    /// What came of it, and the rows that were touched.
    Told(Result<T, E>, u64),
    /// Nobody will answer.
    Closed,
}

/// A turn, and the place for its answer.
pub(crate) fn turn<T, E>() -> (Answer<T, E>, Turn<T, E>) {
    let shared = Arc::new(Shared { state: Mutex::new(State::Open(None)), told: Condvar::new() });
    (Answer { shared: Arc::clone(&shared) }, Turn { shared })
}

impl<T, E: From<StoreError>> Turn<T, E> {
    /// Blocks until the request was carried out and is on disk; the rows count as touched by this thread.
    ///
    /// # Errors
    /// Those of the request; [`StoreError::Closed`] if the writer ended before.
    pub fn wait(self) -> Result<T, E> {
        let is_open = |state: &mut State<T, E>| matches!(state, State::Open(_));
        let told = self.shared.told.wait_while(self.shared.lock(), is_open);
        let mut state = told.unwrap_or_else(PoisonError::into_inner);
        let (outcome, rows) = std::mem::replace(&mut *state, State::Closed).outcome();
        tally::add(rows);
        outcome
    }
}

impl<T, E: From<StoreError>> Future for Turn<T, E> {
    type Output = (Result<T, E>, u64);

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.shared.lock();
        if let State::Open(waiting) = &mut *state {
            *waiting = Some(context.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(std::mem::replace(&mut *state, State::Closed).outcome())
    }
}

impl<T, E> Answer<T, E> {
    /// Tells whoever waits; a caller who no longer does has no use for it.
    pub(crate) fn tell(self, outcome: Result<T, E>, rows: u64) {
        self.shared.set(State::Told(outcome, rows));
    }
}

impl<T, E> Drop for Answer<T, E> {
    fn drop(&mut self) {
        if matches!(*self.shared.lock(), State::Open(_)) {
            self.shared.set(State::Closed);
        }
    }
}

impl<T, E> Shared<T, E> {
    fn lock(&self) -> MutexGuard<'_, State<T, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: State<T, E>) {
        let before = std::mem::replace(&mut *self.lock(), state);
        self.told.notify_all();
        if let State::Open(Some(waiting)) = before {
            waiting.wake();
        }
    }
}

impl<T, E: From<StoreError>> State<T, E> {
    fn outcome(self) -> (Result<T, E>, u64) {
        match self {
            Self::Told(outcome, rows) => (outcome, rows),
            Self::Open(_) | Self::Closed => (Err(E::from(StoreError::Closed)), 0),
        }
    }
}

#[cfg(test)]
mod tests;
