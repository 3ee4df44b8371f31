//! Edges and their times, as words of a list.

use alloc::vec::Vec;

use crate::id::{Instant, Span};
use crate::view::fact::Via;

/// When something holds, as words: each span's start and end, each in two halves. No words: at all times.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Spans<'a>(&'a [u32]);

/// Words of a span.
const SPAN_WORDS: usize = 4;

impl<'a> Spans<'a> {
    /// At all times.
    pub(crate) const ALWAYS: Self = Self(&[]);

    pub(crate) const fn new(words: &'a [u32]) -> Self {
        Self(words)
    }

    /// Appends a span as words.
    pub(crate) fn push(words: &mut Vec<u32>, span: Span) {
        for bound in [span.from(), span.until()] {
            let bits = bound.as_millis() as u64;
            words.extend_from_slice(&[bits as u32, (bits >> 32) as u32]);
        }
    }

    pub(crate) const fn is_always(self) -> bool {
        self.0.is_empty()
    }

    /// How many there are: at least one.
    pub(crate) fn len(self) -> usize {
        (self.0.len() / SPAN_WORDS).max(1)
    }

    /// The spans, ascending.
    pub(crate) fn iter(self) -> impl Iterator<Item = Span> + 'a {
        (0..self.len()).map(move |at| self.get(at))
    }

    /// The first of them.
    pub(crate) fn first(self) -> Span {
        self.get(0)
    }

    fn get(self, at: usize) -> Span {
        let words = self.0.get(at * SPAN_WORDS..).and_then(<[u32]>::first_chunk);
        let Some([from_low, from_high, until_low, until_high]) = words.copied() else { return Span::ALWAYS };
        let moment = |low, high| Some(Instant::from_millis(word(low, high) as i64));
        Span::new(moment(from_low, from_high), moment(until_low, until_high)).unwrap_or(Span::ALWAYS)
    }
}

/// A number from its halves.
pub(super) fn word(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

/// An edge from a user or a group into a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge<'a> {
    pub(crate) group: u32,
    pub(crate) via: Via,
    pub(crate) spans: Spans<'a>,
}

impl Edge<'_> {
    /// What no two edges of a list share.
    pub(super) fn key(&self) -> (u32, Via) {
        (self.group, self.via)
    }

    /// Appends it as words: the group; the origin and how many spans follow; these.
    pub(super) fn push(&self, words: &mut Vec<u32>) {
        let spans = self.spans.0;
        words.extend_from_slice(&[self.group, self.via as u32 | ((spans.len() / SPAN_WORDS) as u32) << 2]);
        words.extend_from_slice(spans);
    }
}

/// The edges in the words of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edges<'a>(&'a [u32]);

impl<'a> Edges<'a> {
    pub(super) const fn new(words: &'a [u32]) -> Self {
        Self(words)
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// More than this many edges are not there.
    pub(crate) const fn len_max(self) -> usize {
        self.0.len() / 2
    }

    /// Where in the words the edge of this key is, and how many words it has: none, at the end, if it is not there.
    pub(super) fn at(self, key: (u32, Via)) -> (usize, usize) {
        let mut rest = self;
        let found = rest.find(|edge| edge.key() == key).map_or(0, |edge| 2 + edge.spans.0.len());
        (self.0.len() - rest.0.len() - found, found)
    }
}

impl<'a> Iterator for Edges<'a> {
    type Item = Edge<'a>;

    fn next(&mut self) -> Option<Edge<'a>> {
        let [group, kind, rest @ ..] = self.0 else { return None };
        let (spans, rest) = rest.split_at_checked((kind >> 2) as usize * SPAN_WORDS)?;
        self.0 = rest;
        Some(Edge { group: *group, via: Via::of((kind & 3) as u8), spans: Spans(spans) })
    }
}
