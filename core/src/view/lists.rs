//! Many short lists in one allocation, one for each number.
//!
//! Opening a large organisation makes hundreds of thousands of lists; one vector each would cost more than what is
//! in them. A list that outgrows its place moves to the end; what it leaves is reclaimed when it is half of all.

use alloc::vec::Vec;

/// Items left behind that are not worth reclaiming.
const DEAD_MIN: usize = 1024;
/// The least room that a list which grows is given.
const ROOM_MIN: usize = 4;

/// One list of `T` for each number from 0.
#[derive(Clone, Debug)]
pub(crate) struct Lists<T> {
    places: Vec<Place>,
    items: Vec<T>,
    // INVARIANT: how many of `items` lie in no place.
    dead: usize,
}

/// Where a list lies; `room` items belong to it, the first `len` of them count.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    start: u32,
    len: u32,
    room: u32,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self { places: Vec::new(), items: Vec::new(), dead: 0 }
    }
}

impl Lists<u32> {
    /// Lists for the numbers below `count`: of each pair, the second is in the list of the first.
    pub(crate) fn from_pairs(count: usize, pairs: &[(u32, u32)]) -> Self {
        let mut places = alloc::vec![Place::default(); count];
        for (number, _) in pairs {
            if let Some(place) = places.get_mut(*number as usize) {
                place.room += 1;
            }
        }
        let mut start = 0;
        for place in &mut places {
            place.start = start;
            start += place.room;
        }
        let mut items = alloc::vec![0; start as usize];
        for (number, item) in pairs {
            let Some(place) = places.get_mut(*number as usize) else { continue };
            if let Some(slot) = items.get_mut((place.start + place.len) as usize) {
                *slot = *item;
            }
            place.len += 1;
        }
        Self { places, items, dead: 0 }
    }
}

impl<T: Clone> Lists<T> {
    /// The list of `number`; empty for one that was never given a list.
    pub(crate) fn get(&self, number: u32) -> &[T] {
        let Some(place) = self.places.get(number as usize) else { return &[] };
        let start = place.start as usize;
        self.items.get(start..start + place.len as usize).unwrap_or_default()
    }

    /// The list of `number`, to change items in their places.
    pub(crate) fn get_mut(&mut self, number: u32) -> &mut [T] {
        let Some(place) = self.places.get(number as usize) else { return &mut [] };
        let start = place.start as usize;
        self.items.get_mut(start..start + place.len as usize).unwrap_or_default()
    }

    /// Gives back the room that growing left over.
    pub(crate) fn shrink(&mut self) {
        self.places.shrink_to_fit();
        self.items.shrink_to_fit();
    }

    /// Gives the next number a list.
    pub(crate) fn push(&mut self, list: impl IntoIterator<Item = T>) {
        let start = self.items.len();
        self.items.extend(list);
        let len = (self.items.len() - start) as u32;
        self.places.push(Place { start: start as u32, len, room: len });
    }

    /// Gives every number below `count` that has none an empty list.
    pub(crate) fn reach(&mut self, count: usize) {
        if self.places.len() < count {
            self.places.resize(count, Place::default());
        }
    }

    /// Puts `item` before the one at `at`, or at the end.
    ///
    /// Cost: the list's length.
    pub(crate) fn insert(&mut self, number: u32, at: usize, item: T) {
        self.reach(number as usize + 1);
        self.make_room(number, &item);
        let Some(place) = self.places.get_mut(number as usize) else { return };
        place.len += 1;
        let list = self.get_mut(number);
        let last = list.len() - 1;
        if let Some(slot) = list.get_mut(last) {
            *slot = item;
        }
        if let Some(tail) = list.get_mut(at.min(last)..) {
            tail.rotate_right(1);
        }
    }

    /// Appends `item`.
    pub(crate) fn append(&mut self, number: u32, item: T) {
        self.insert(number, usize::MAX, item);
    }

    /// Takes the item at `at` out.
    ///
    /// Cost: the list's length.
    pub(crate) fn remove(&mut self, number: u32, at: usize) {
        if let Some(tail) = self.get_mut(number).get_mut(at..) {
            tail.rotate_left(usize::from(!tail.is_empty()));
        } else {
            return;
        }
        if let Some(place) = self.places.get_mut(number as usize) {
            place.len = place.len.saturating_sub(1);
        }
    }

    /// Gives `number` another list.
    pub(crate) fn replace(&mut self, number: u32, list: &[T]) {
        self.reach(number as usize + 1);
        let Some(place) = self.places.get_mut(number as usize) else { return };
        let (start, len) = (place.start as usize, list.len());
        if len <= place.room as usize {
            place.len = len as u32;
            if let Some(to) = self.items.get_mut(start..start + len) {
                to.clone_from_slice(list);
            }
            return;
        }
        self.dead += place.room as usize;
        *place = Place { start: self.items.len() as u32, len: len as u32, room: len as u32 };
        self.items.extend_from_slice(list);
        self.reclaim();
    }

    /// Makes sure that one more item has room; `filler` stands where nothing counts yet.
    fn make_room(&mut self, number: u32, filler: &T) {
        let Some(place) = self.places.get(number as usize).copied() else { return };
        if place.len < place.room {
            return;
        }
        let room = (place.room as usize * 2).max(ROOM_MIN);
        let (from, len) = (place.start as usize, place.len as usize);
        let start = self.items.len();
        self.items.reserve(room);
        for at in from..from + len {
            let moved = self.items.get(at).cloned();
            self.items.extend(moved);
        }
        self.items.resize(start + room, filler.clone());
        self.dead += place.room as usize;
        if let Some(place) = self.places.get_mut(number as usize) {
            *place = Place { start: start as u32, len: len as u32, room: room as u32 };
        }
        self.reclaim();
    }

    /// Moves all lists together when half of the items are dead.
    fn reclaim(&mut self) {
        if self.dead < DEAD_MIN || self.dead * 2 < self.items.len() {
            return;
        }
        let mut items = Vec::with_capacity(self.items.len() - self.dead);
        for place in &mut self.places {
            let (from, room) = (place.start as usize, place.room as usize);
            place.start = items.len() as u32;
            items.extend_from_slice(self.items.get(from..from + room).unwrap_or_default());
        }
        self.items = items;
        self.dead = 0;
    }
}
