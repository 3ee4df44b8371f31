//! Where pages by index ended, so that the next page begins there.
//!
//! A client that pages by `startIndex` (RFC 7644 section 3.4.2.4) walks through all pages, one behind the other.
//! Passing over what came before would make the last page cost the whole list, and would leave somebody out when
//! somebody before was removed meanwhile. So the end of the last page of each list is remembered for a while, and
//! of that one alone: an earlier walk has passed other rows. If it is forgotten, the rows are passed over and nothing
//! else changes.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cohort_core::id::Instant;

use crate::limits::{TRAIL_MILLIS_MAX, TRAILS_MAX};
use crate::store::listing::Mark;

/// The ends of the pages that were given last.
#[derive(Default)]
pub(crate) struct Trails {
    /// By list.
    ends: Mutex<BTreeMap<String, End>>,
}

/// Where a page ended.
struct End {
    /// The index at which the next one begins.
    next: u64,
    mark: Mark,
    at: Instant,
}

impl Trails {
    /// Behind which row the page at `start` of `list` begins, if the page before it was the last one given, and not
    /// long ago.
    pub(crate) fn end_before(&self, list: &str, start: u64, now: Instant) -> Option<Mark> {
        let ends = self.lock();
        let end = ends.get(list).filter(|end| end.next == start)?;
        (end.at.plus_millis(TRAIL_MILLIS_MAX) >= now).then(|| end.mark.clone())
    }

    /// Forgets where pages of `list` ended: its last page was given.
    pub(crate) fn forget(&self, list: &str) {
        self.lock().remove(list);
    }

    /// Remembers that the page of `list` at `next` begins behind `mark`, and forgets the oldest one for it if there
    /// are too many.
    pub(crate) fn remember(&self, list: String, next: u64, mark: Mark, now: Instant) {
        let mut ends = self.lock();
        ends.insert(list, End { next, mark, at: now });
        if ends.len() > TRAILS_MAX {
            let oldest = ends.iter().min_by_key(|(_, end)| end.at).map(|(next, _)| next.clone());
            oldest.and_then(|next| ends.remove(&next));
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, End>> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
