//! Many short lists in one allocation, one for each number.
//!
//! Opening a large organisation makes hundreds of thousands of lists; one vector each would cost more than what is
//! in them. A list that outgrows its place moves to the end; what it leaves is reclaimed when it is half of all.

use alloc::vec::Vec;

/// Items left behind that are not worth reclaiming.
const DEAD_MIN: usize = 1024;
/// The least room that a list which grows is given.
const ROOM_MIN: u32 = 4;

/// One list of `T` for each number from 0.
#[derive(Clone, Debug)]
pub(crate) struct Lists<T> {
    places: Vec<Place>,
    items: Vec<T>,
    // INVARIANT: how many of `items` lie in no place.
    dead: usize,
}

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

    /// Items that belong to the list, whether or not they count.
    const fn room(self) -> u32 {
        if self.len & GROWN == 0 { self.len } else { room_for(self.len & !GROWN) }
    }

    /// The same place with another length; how much of its room it no longer knows of.
    const fn resize(&mut self, len: u32) -> usize {
        let before = self.room();
        self.len = self.len & GROWN | len;
        (before - self.room()) as usize
    }
}

/// The room of a list that grows.
const fn room_for(len: u32) -> u32 {
    if len < ROOM_MIN { ROOM_MIN } else { len.next_power_of_two() }
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self { places: Vec::new(), items: Vec::new(), dead: 0 }
    }
}

impl Lists<u32> {
    /// Lists for the numbers below `count`: the number of each list of `lists` that an item of it leads to.
    ///
    /// Nothing is kept meanwhile: a large organisation would leave holes in memory.
    pub(crate) fn inverse<T: Clone>(lists: &Lists<T>, count: usize, of: impl Fn(&T) -> u32) -> Self {
        let mut places = alloc::vec![Place::default(); count];
        for item in (0..lists.len()).flat_map(|number| lists.get(number)) {
            places.get_mut(of(item) as usize).into_iter().for_each(|place| place.len += 1);
        }
        let mut start = 0;
        for place in &mut places {
            place.start = start;
            start += core::mem::take(&mut place.len);
        }
        let mut items = alloc::vec![0; start as usize];
        for number in 0..lists.len() {
            for item in lists.get(number) {
                let Some(place) = places.get_mut(of(item) as usize) else { continue };
                if let Some(slot) = items.get_mut((place.start + place.len) as usize) {
                    *slot = number;
                }
                place.len += 1;
            }
        }
        Self { places, items, dead: 0 }
    }
}

impl<T: Clone> Lists<T> {
    /// The list of `number`; empty for one that was never given a list.
    pub(crate) fn get(&self, number: u32) -> &[T] {
        let Some(place) = self.places.get(number as usize) else { return &[] };
        let start = place.start as usize;
        self.items.get(start..start + place.len() as usize).unwrap_or_default()
    }

    /// The list of `number`, to change items in their places.
    pub(crate) fn get_mut(&mut self, number: u32) -> &mut [T] {
        let Some(place) = self.places.get(number as usize) else { return &mut [] };
        let start = place.start as usize;
        self.items.get_mut(start..start + place.len() as usize).unwrap_or_default()
    }

    /// Makes room for so many more lists.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.places.reserve_exact(count);
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
        self.places.push(Place { start: start as u32, len });
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

    /// Puts `item` before the one at `at`, or at the end.
    ///
    /// Cost: the list's length.
    pub(crate) fn insert(&mut self, number: u32, at: usize, item: T) {
        self.reach(number as usize + 1);
        self.lengthen(number, &item);
        let list = self.get_mut(number);
        let last = list.len() - 1;
        if let Some(slot) = list.get_mut(last) {
            *slot = item;
        }
        for place in (at.min(last)..last).rev() {
            list.swap(place, place + 1);
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
        let list = self.get_mut(number);
        if at >= list.len() {
            return;
        }
        for place in at + 1..list.len() {
            list.swap(place - 1, place);
        }
        if let Some(place) = self.places.get_mut(number as usize) {
            self.dead += place.resize(place.len() - 1);
        }
    }

    /// Gives `number` another list.
    pub(crate) fn replace(&mut self, number: u32, list: &[T]) {
        self.reach(number as usize + 1);
        let Some(place) = self.places.get_mut(number as usize) else { return };
        let (start, len) = (place.start as usize, list.len());
        if len <= place.room() as usize {
            self.dead += place.resize(len as u32);
            if let Some(to) = self.items.get_mut(start..start + len) {
                to.clone_from_slice(list);
            }
            return;
        }
        self.dead += place.room() as usize;
        *place = Place { start: self.items.len() as u32, len: len as u32 };
        self.items.extend_from_slice(list);
        self.reclaim();
    }

    /// Adds one item, whatever it is; `filler` stands where nothing counts yet.
    fn lengthen(&mut self, number: u32, filler: &T) {
        let Some(place) = self.places.get_mut(number as usize) else { return };
        if place.len() < place.room() {
            place.len += 1;
            return;
        }
        let place = *place;
        let room = room_for(place.len() + 1) as usize;
        let (from, len) = (place.start as usize, place.len() as usize);
        let start = self.items.len();
        self.items.reserve(room);
        for at in from..from + len {
            let moved = self.items.get(at).cloned();
            self.items.extend(moved);
        }
        self.items.resize(start + room, filler.clone());
        self.dead += place.room() as usize;
        if let Some(place) = self.places.get_mut(number as usize) {
            *place = Place { start: start as u32, len: (len as u32 + 1) | GROWN };
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
            let (from, room) = (place.start as usize, place.room() as usize);
            place.start = items.len() as u32;
            items.extend_from_slice(self.items.get(from..from + room).unwrap_or_default());
        }
        self.items = items;
        self.dead = 0;
    }
}
