//! Where pages by index ended, so that the next page begins there.
//!
//! A client that pages by `startIndex` (RFC 7644 section 3.4.2.4) walks through all pages, one behind the other.
//! Passing over what came before would make the last page cost the whole list, and would leave somebody out when
//! somebody before was removed meanwhile. So the end of each page is remembered for a while. If it is forgotten,
//! the rows are passed over and nothing else changes.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cohort_core::id::Instant;

use crate::limits::{TRAIL_MILLIS_MAX, TRAILS_MAX};
use crate::store::listing::Mark;

/// The ends of the pages that were given last.
#[derive(Default)]
pub(crate) struct Trails {
    ends: Mutex<BTreeMap<Next, End>>,
}

/// A page that may be asked for: the list, and the index at which the page begins.
type Next = (String, u64);

/// Where the page before it ended.
struct End {
    mark: Mark,
    at: Instant,
}

impl Trails {
    /// Behind which row the page at `start` of `list` begins, if the page before it was given not long ago.
    pub(crate) fn end_before(&self, list: &str, start: u64, now: Instant) -> Option<Mark> {
        let ends = self.lock();
        let end = ends.get(&(list.to_owned(), start))?;
        (end.at.plus_millis(TRAIL_MILLIS_MAX) >= now).then(|| end.mark.clone())
    }

    /// Remembers that the page at `start` of `list` begins behind `mark`, and forgets the oldest one for it if there
    /// are too many.
    pub(crate) fn remember(&self, list: String, start: u64, mark: Mark, now: Instant) {
        let mut ends = self.lock();
        ends.insert((list, start), End { mark, at: now });
        if ends.len() > TRAILS_MAX {
            let oldest = ends.iter().min_by_key(|(_, end)| end.at).map(|(next, _)| next.clone());
            oldest.and_then(|next| ends.remove(&next));
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Next, End>> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
