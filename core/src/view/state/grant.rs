//! Grants, as words of a list.

use alloc::vec::Vec;

use super::edge::{Spans, word};
use crate::id::GrantId;
use crate::view::fact::{Effect, Reach};
use crate::view::format::{DENY, EXACT};
use crate::view::keys::Key;

/// Words of a grant without terms: id, role, place.
const WORDS: usize = 6;
/// Words of its terms: the set of conditions, and when it holds.
const TERMS_WORDS: usize = 6;

/// Beside the role's number: terms follow.
const TERMS: u32 = 1 << 31;
/// The flags of a grant, [`EXACT`] and [`DENY`], lie this high beside the scope's number.
const FLAGS_SHIFT: u32 = 30;

/// A grant, found from its principal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grant<'a> {
    words: &'a [u32; WORDS],
    // INVARIANT: none, or TERMS_WORDS.
    terms: &'a [u32],
}

/// What a grant says, besides its id and when it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) role: u32,
    pub(super) scope: u32,
    /// [`EXACT`] and [`DENY`].
    pub(super) flags: u8,
    /// A set of conditions.
    pub(super) requires: u64,
}

impl<'a> Grant<'a> {
    /// Appends one as words; `span` is one span's, or none for always.
    pub(super) fn push(words: &mut Vec<u32>, id: &Key, terms: &Terms, span: &[u32]) {
        let Terms { role, scope, flags, requires } = *terms;
        let has_terms = requires != 0 || !span.is_empty();
        let role = if has_terms { role | TERMS } else { role };
        let place = scope | u32::from(flags) << FLAGS_SHIFT;
        let [high, low] = *id;
        let halves = [high as u32, (high >> 32) as u32, low as u32, (low >> 32) as u32];
        words.extend_from_slice(&halves);
        words.extend_from_slice(&[role, place]);
        if has_terms {
            words.extend_from_slice(&[requires as u32, (requires >> 32) as u32]);
            words.extend_from_slice(if span.is_empty() { &ALWAYS } else { span });
        }
    }

    pub(crate) fn id(&self) -> GrantId {
        GrantId::from_key(self.key())
    }

    pub(crate) fn key(&self) -> Key {
        let [a, b, c, d, ..] = *self.words;
        [word(a, b), word(c, d)]
    }

    fn is(&self, id: &Key) -> bool {
        self.key() == *id
    }

    pub(crate) const fn role(&self) -> u32 {
        self.words[4] & !TERMS
    }

    const fn place(&self) -> u32 {
        self.words[5]
    }

    pub(crate) const fn scope(&self) -> u32 {
        self.place() & ((1 << FLAGS_SHIFT) - 1)
    }

    pub(super) const fn flags(&self) -> u8 {
        (self.place() >> FLAGS_SHIFT) as u8
    }

    pub(crate) const fn reach(&self) -> Reach {
        if self.flags() & EXACT == 0 { Reach::Subtree } else { Reach::Exact }
    }

    pub(crate) const fn effect(&self) -> Effect {
        if self.flags() & DENY == 0 { Effect::Allow } else { Effect::Deny }
    }

    /// Whether it gives at any time to any caller.
    pub(super) const fn is_plain(&self) -> bool {
        self.terms.is_empty() && self.flags() & DENY == 0
    }

    /// The set of [`super::Conditions`] that it requires.
    pub(crate) fn requires(&self) -> u64 {
        if let [low, high, ..] = self.terms { word(*low, *high) } else { 0 }
    }

    /// When it holds: one span.
    pub(crate) fn spans(&self) -> Spans<'a> {
        Spans::new(self.terms.get(2..).unwrap_or_default())
    }
}

/// A span without a start and an end, as words.
const ALWAYS: [u32; 4] = [0, 1 << 31, u32::MAX, u32::MAX >> 1];

/// The grants in the words of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grants<'a>(&'a [u32]);

impl<'a> Grants<'a> {
    pub(crate) const NONE: Self = Self(&[]);

    pub(super) const fn new(words: &'a [u32]) -> Self {
        Self(words)
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The grant of this id.
    pub(super) fn get(mut self, id: &Key) -> Option<Grant<'a>> {
        self.find(|grant| grant.is(id))
    }

    /// Where in the words the grant of this id is, and how many words it has: none, at the end, if it is not there.
    pub(super) fn at(self, id: &Key) -> (usize, usize) {
        let mut rest = self;
        let found = rest.find(|grant| grant.is(id)).map_or(0, |grant| WORDS + grant.terms.len());
        (self.0.len() - rest.0.len() - found, found)
    }
}

impl<'a> Iterator for Grants<'a> {
    type Item = Grant<'a>;

    fn next(&mut self) -> Option<Grant<'a>> {
        let (words, rest) = self.0.split_first_chunk()?;
        let terms = if words[4] & TERMS == 0 { 0 } else { TERMS_WORDS };
        let (terms, rest) = rest.split_at_checked(terms)?;
        self.0 = rest;
        Some(Grant { words, terms })
    }
}
