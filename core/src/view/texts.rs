//! Names by number, and numbers by name.

use alloc::string::String;
use alloc::vec::Vec;

use super::index::{self, Index};

/// One text for each number, in one allocation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    all: String,
    places: Vec<(u32, u32)>,
    // INVARIANT: how many bytes of `all` lie in no place.
    dead: usize,
}

/// Bytes left behind that are not worth reclaiming.
const DEAD_MIN: usize = 4096;

impl Texts {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// The text of `number`; empty for one that has none.
    pub(crate) fn get(&self, number: u32) -> &str {
        let Some((start, end)) = self.places.get(number as usize) else { return "" };
        self.all.get(*start as usize..*end as usize).unwrap_or_default()
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
            self.places.resize(number as usize + 1, (0, 0));
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
        for (start, end) in &mut self.places {
            let text = self.all.get(*start as usize..*end as usize).unwrap_or_default();
            *start = all.len() as u32;
            all.push_str(text);
            *end = all.len() as u32;
        }
        (self.all, self.dead) = (all, 0);
    }

    fn appended(&mut self, text: &str) -> (u32, u32) {
        let start = self.all.len();
        self.all.push_str(text);
        (start as u32, self.all.len() as u32)
    }
}

/// Texts that are also found by what they say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    texts: Texts,
    index: Index,
}

impl Names {
    /// These texts, to be found.
    pub(crate) fn new(texts: Texts, seed: u64) -> Self {
        let mut names = Self { index: Index::new(seed, texts.len()), texts };
        for number in 0..names.texts.len() as u32 {
            names.learn(number);
        }
        names
    }

    /// None yet, with room for `count`.
    pub(crate) fn with_room(seed: u64, count: usize) -> Self {
        Self { texts: Texts::default(), index: Index::new(seed, count) }
    }

    /// Gives back the room that growing left over.
    pub(crate) fn shrink(&mut self) {
        self.texts.shrink();
    }

    /// Has `number` found by its text.
    fn learn(&mut self, number: u32) {
        let texts = &self.texts;
        let hash_of = |seed, number| index::hash(seed, texts.get(number).as_bytes());
        self.index.insert(self.index.hash(texts.get(number).as_bytes()), number, hash_of);
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The text of `number`; empty for one that has none.
    pub(crate) fn get(&self, number: u32) -> &str {
        self.texts.get(number)
    }

    /// The numbers of this text.
    pub(crate) fn all(&self, text: &str) -> impl Iterator<Item = u32> {
        let candidates = self.index.candidates(self.index.hash(text.as_bytes()));
        candidates.filter(move |number| self.get(*number) == text)
    }

    /// A number of this text.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        self.all(text).next()
    }

    /// The number of this text, which is given the next one if it has none.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.find(text) {
            return number;
        }
        let number = self.len() as u32;
        self.texts.push(text);
        self.learn(number);
        number
    }

    /// Gives `number` another text.
    pub(crate) fn set(&mut self, number: u32, text: &str) {
        self.texts.set(number, text);
        if !text.is_empty() && !self.all(text).any(|one| one == number) {
            self.learn(number);
        }
    }
}
