//! Names by number, and numbers by name.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::Range;

use super::index::Index;

/// One text for each number, in one allocation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    all: String,
    places: Vec<Place>,
    // INVARIANT: how many bytes of `all` lie in no place.
    dead: usize,
}

/// Where a text lies: its start in two halves, and its bytes, of which no name has so many.
#[derive(Clone, Copy, Debug, Default)]
struct Place([u16; 3]);

impl Place {
    const fn new(start: usize, len: usize) -> Self {
        Self([start as u16, (start >> 16) as u16, len as u16])
    }

    fn range(self) -> Range<usize> {
        let [low, high, len] = self.0.map(usize::from);
        let start = low | high << 16;
        start..start + len
    }
}

/// Bytes left behind that are not worth reclaiming.
const DEAD_MIN: usize = 4096;

impl Texts {
    /// No texts.
    pub(crate) const EMPTY: Self = Self { all: String::new(), places: Vec::new(), dead: 0 };

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// The text of `number`; empty for one that has none.
    pub(crate) fn get(&self, number: u32) -> &str {
        let place = self.places.get(number as usize).copied().unwrap_or_default();
        self.all.get(place.range()).unwrap_or_default()
    }

    /// Makes room for so many more texts, of so many bytes in all.
    pub(crate) fn reserve(&mut self, count: usize, bytes: usize) {
        self.all.reserve_exact(bytes);
        self.places.reserve_exact(count);
    }

    /// Gives back the room that growing left over.
    pub(crate) fn shrink(&mut self) {
        self.all.shrink_to_fit();
        self.places.shrink_to_fit();
    }

    /// Gives the next number a text.
    pub(crate) fn push(&mut self, text: &str) {
        let place = self.appended(text);
        self.places.push(place);
    }

    /// Gives `number` another text, and every number below it that has none an empty one.
    pub(crate) fn set(&mut self, number: u32, text: &str) {
        if self.places.len() <= number as usize {
            self.places.resize(number as usize + 1, Place::default());
        }
        if self.get(number) == text {
            return;
        }
        self.dead += self.get(number).len();
        let place = self.appended(text);
        if let Some(slot) = self.places.get_mut(number as usize) {
            *slot = place;
        }
        self.reclaim();
    }

    /// Moves all texts together when half of the bytes are dead.
    fn reclaim(&mut self) {
        if self.dead < DEAD_MIN || self.dead * 2 < self.all.len() {
            return;
        }
        let mut all = String::with_capacity(self.all.len() - self.dead);
        for place in &mut self.places {
            let text = self.all.get(place.range()).unwrap_or_default();
            *place = Place::new(all.len(), text.len());
            all.push_str(text);
        }
        (self.all, self.dead) = (all, 0);
    }

    fn appended(&mut self, text: &str) -> Place {
        let start = self.all.len();
        self.all.push_str(text);
        Place::new(start, text.len())
    }
}

/// Texts that are also found by what they say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    texts: Texts,
    /// Numbers whose texts ascend; the index does not know them.
    sorted: Range<u32>,
    index: Index,
}

impl Names {
    /// No names.
    pub(crate) const EMPTY: Self = Self { texts: Texts::EMPTY, sorted: 0..0, index: Index::EMPTY };

    /// Has names be found by hashes that differ with `seed`: at first those that [`Names::texts_mut`] filled in.
    pub(crate) fn learn_all(&mut self, seed: u64) {
        self.index.prepare(seed, self.texts.len());
        for number in 0..self.texts.len() as u32 {
            self.learn(number);
        }
    }

    /// The texts, to be filled in before any is sought.
    pub(crate) const fn texts_mut(&mut self) -> &mut Texts {
        &mut self.texts
    }

    /// Makes room for so many more texts, of so many bytes in all.
    pub(crate) fn reserve(&mut self, count: usize, bytes: usize) {
        self.texts.reserve(count, bytes);
    }

    /// Gives back the room that growing left over.
    pub(crate) fn shrink(&mut self) {
        self.texts.shrink();
    }

    /// Has `number` found by its text.
    #[inline(never)]
    fn learn(&mut self, number: u32) {
        let texts = &self.texts;
        self.index.insert(number, &|index, number| index.hash(texts.get(number).as_bytes()));
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The text of `number`; empty for one that has none.
    pub(crate) fn get(&self, number: u32) -> &str {
        self.texts.get(number)
    }

    /// The first number of this text that `is_it` takes.
    pub(crate) fn find_by(&self, text: &str, is_it: &mut dyn FnMut(u32) -> bool) -> Option<u32> {
        let sorted = self.find_sorted(text).filter(|number| is_it(*number));
        let hash = self.index.hash(text.as_bytes());
        sorted.or_else(|| self.index.find(hash, &mut |number| self.get(number) == text && is_it(number)))
    }

    fn find_sorted(&self, text: &str) -> Option<u32> {
        let Range { mut start, mut end } = self.sorted;
        while start < end {
            let middle = start.midpoint(end);
            match self.get(middle).cmp(text) {
                Ordering::Less => start = middle + 1,
                Ordering::Equal => return Some(middle),
                Ordering::Greater => end = middle,
            }
        }
        None
    }

    /// A number of this text.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        self.find_by(text, &mut |_| true)
    }

    /// The number of this text, which is given the next one if it has none.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.find(text) {
            return number;
        }
        self.push(text)
    }

    /// The number that this text, which has none, is given.
    pub(crate) fn push(&mut self, text: &str) -> u32 {
        let number = self.len() as u32;
        self.texts.push(text);
        self.learn(number);
        number
    }

    /// The same for texts that follow each other in ascending order: a table of them would be half as large again.
    pub(crate) fn push_sorted(&mut self, text: &str) -> u32 {
        let number = self.len() as u32;
        if self.sorted.is_empty() {
            self.sorted = number..number;
        } else if self.sorted.end != number {
            return self.push(text);
        }
        self.texts.push(text);
        self.sorted.end += 1;
        number
    }

    /// Gives `number` another text.
    pub(crate) fn set(&mut self, number: u32, text: &str) {
        self.texts.set(number, text);
        if !text.is_empty() && self.find_by(text, &mut |one| one == number).is_none() {
            self.learn(number);
        }
    }
}
