//! Many short lists of numbers in one allocation, one for each number.
//!
//! Opening a large organisation makes hundreds of thousands of lists; one vector each would cost more than what is
//! in them. A list that outgrows its place moves to the end; what it leaves is reclaimed when it is half of all.

use alloc::vec::Vec;
use core::ops::Range;

/// Numbers left behind that are not worth reclaiming.
const DEAD_MIN: usize = 1024;
/// The least room that a list which grows is given.
const ROOM_MIN: u32 = 4;

/// One list for each number from 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    places: Vec<Place>,
    words: Vec<u32>,
    // INVARIANT: how many of `words` lie in no place.
    dead: usize,
}

/// Takes a number and what is in its list.
pub(crate) type Pairs<'a> = &'a mut dyn FnMut(u32, u32);

/// Where a list lies.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    start: u32,
    // INVARIANT: with GROWN, the room is the next power of two and at least ROOM_MIN; else there is no more room.
    len: u32,
}

/// The list was given room to grow.
const GROWN: u32 = 1 << 31;

impl Place {
    const fn len(self) -> u32 {
        self.len & !GROWN
    }

    /// Words that belong to the list, whether or not they count.
    const fn room(self) -> u32 {
        let len = self.len();
        if self.len & GROWN == 0 {
            len
        } else if len < ROOM_MIN {
            ROOM_MIN
        } else {
            len.next_power_of_two()
        }
    }

    const fn range(self) -> Range<usize> {
        self.start as usize..self.start as usize + self.len() as usize
    }
}

impl Lists {
    /// No lists.
    pub(crate) const EMPTY: Self = Self { places: Vec::new(), words: Vec::new(), dead: 0 };

    /// Fills in the lists of the numbers below `count`, of which there are none yet: `each` shows all pairs of a number
    /// and what is in its list, twice the same.
    ///
    /// Nothing is kept meanwhile: a large organisation would leave holes in memory.
    pub(crate) fn fill(&mut self, count: usize, each: &dyn Fn(Pairs<'_>)) {
        self.reach(count);
        let Self { places, words, .. } = self;
        each(&mut |number, _| {
            if let Some(place) = places.get_mut(number as usize) {
                place.len += 1;
            }
        });
        let mut start = 0;
        for place in places.iter_mut() {
            place.start = start;
            start += core::mem::take(&mut place.len);
        }
        words.resize(start as usize, 0);
        each(&mut |number, word| {
            let Some(place) = places.get_mut(number as usize) else { return };
            if let Some(slot) = words.get_mut((place.start + place.len) as usize) {
                *slot = word;
                place.len += 1;
            }
        });
    }

    /// The list of `number`; empty for one that was never given a list.
    #[inline]
    pub(crate) fn get(&self, number: u32) -> &[u32] {
        let Some(place) = self.places.get(number as usize) else { return &[] };
        self.words.get(place.range()).unwrap_or_default()
    }

    /// Makes room for so many more lists.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.places.reserve_exact(count);
    }

    /// Gives back the room that growing left over.
    pub(crate) fn shrink(&mut self) {
        self.places.shrink_to_fit();
        self.words.shrink_to_fit();
    }

    /// Gives the next number a list.
    pub(crate) fn push(&mut self, list: &[u32]) {
        self.places.push(Place { start: self.words.len() as u32, len: list.len() as u32 });
        self.words.extend_from_slice(list);
    }

    /// How many numbers have a list.
    pub(crate) fn len(&self) -> u32 {
        self.places.len() as u32
    }

    /// Gives every number below `count` that has none an empty list.
    pub(crate) fn reach(&mut self, count: usize) {
        if self.places.len() < count {
            self.places.resize(count, Place::default());
        }
    }

    /// Puts `put` where `taken` words are from `at` on.
    ///
    /// Cost: the list's length.
    pub(crate) fn splice(&mut self, number: u32, (at, taken): (usize, usize), put: &[u32]) {
        self.reach(number as usize + 1);
        let Some(slot) = self.places.get_mut(number as usize) else { return };
        let (place, len) = (*slot, slot.len() as usize);
        let changed = Place { len: (len - taken + put.len()) as u32 | place.len & GROWN, ..place };
        *slot = changed;
        if changed.len() > place.room() {
            slot.start = self.words.len() as u32;
            slot.len |= GROWN;
            self.words.extend_from_within(place.range());
            self.words.resize(slot.start as usize + slot.room() as usize, 0);
            self.dead += place.room() as usize;
        } else {
            self.dead += (place.room() - changed.room()) as usize;
        }
        let start = slot.start as usize;
        self.words.copy_within(start + at + taken..start + len, start + at + put.len());
        if let Some(to) = self.words.get_mut(start + at..start + at + put.len()) {
            to.copy_from_slice(put);
        }
        self.reclaim();
    }

    /// Gives `number` another list.
    pub(crate) fn replace(&mut self, number: u32, list: &[u32]) {
        self.splice(number, (0, self.get(number).len()), list);
    }

    /// Puts `word` into a list that ascends, once more if it is there.
    pub(crate) fn insert(&mut self, number: u32, word: u32) {
        let at = self.get(number).partition_point(|one| *one < word);
        self.splice(number, (at, 0), &[word]);
    }

    /// Takes `word` out of a list that ascends, once if it is there more often.
    pub(crate) fn remove(&mut self, number: u32, word: u32) {
        if let Ok(at) = self.get(number).binary_search(&word) {
            self.splice(number, (at, 1), &[]);
        }
    }

    /// Moves all lists together when half of the words are dead.
    fn reclaim(&mut self) {
        if self.dead < DEAD_MIN || self.dead * 2 < self.words.len() {
            return;
        }
        let mut words = Vec::with_capacity(self.words.len() - self.dead);
        for place in &mut self.places {
            let (from, room) = (place.start as usize, place.room() as usize);
            place.start = words.len() as u32;
            words.extend_from_slice(self.words.get(from..from + room).unwrap_or_default());
        }
        (self.words, self.dead) = (words, 0);
    }
}
