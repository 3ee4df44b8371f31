//! Sets of moments, and what holds at each of them.

use alloc::vec::Vec;

use crate::id::{Instant, Span};

/// Some moments, as the fewest spans that make them up.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Times {
    // INVARIANT: sorted; each span ends before the next begins, so equal sets are equal values.
    spans: Vec<Span>,
}

impl Times {
    /// No moment.
    #[must_use]
    pub const fn never() -> Self {
        Self { spans: Vec::new() }
    }

    /// Every moment.
    #[must_use]
    pub fn always() -> Self {
        Self { spans: alloc::vec![Span::ALWAYS] }
    }

    /// `from` and all that comes after it.
    #[must_use]
    pub fn since(from: Instant) -> Self {
        Self { spans: Span::new(Some(from), None).into_iter().collect() }
    }

    /// All that comes before `until`.
    #[must_use]
    pub fn before(until: Instant) -> Self {
        Self { spans: Span::new(None, Some(until)).into_iter().collect() }
    }

    /// All moments of `spans`, which may be in any order and overlap.
    ///
    /// Cost: that of sorting them.
    #[must_use]
    pub fn of(spans: impl IntoIterator<Item = Span>) -> Self {
        let mut sorted: Vec<Span> = spans.into_iter().collect();
        sorted.sort_unstable();
        let mut merged: Vec<Span> = Vec::with_capacity(sorted.len());
        for span in sorted {
            match merged.last_mut() {
                Some(last) if span.from() <= last.until() => *last = last.joined(span),
                _ => merged.push(span),
            }
        }
        Self { spans: merged }
    }

    /// The moments as sorted spans with gaps between them.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Whether there is no moment.
    #[must_use]
    pub fn is_never(&self) -> bool {
        self.spans.is_empty()
    }

    /// Whether `at` is one of the moments.
    #[must_use]
    pub fn contain(&self, at: Instant) -> bool {
        self.spans.iter().any(|span| span.contains(at))
    }

    /// The moments that are not in `self`.
    #[must_use]
    pub fn complement(&self) -> Self {
        let starts = core::iter::once(Instant::MIN).chain(self.spans.iter().map(|span| span.until()));
        let ends = self.spans.iter().map(|span| span.from()).chain(core::iter::once(Instant::MAX));
        let gaps = starts.zip(ends).filter_map(|(from, until)| Span::new(Some(from), Some(until)).ok());
        Self { spans: gaps.collect() }
    }

    /// The moments of either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::of(self.spans.iter().chain(&other.spans).copied())
    }

    /// The moments of both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (mut ours, mut theirs) = (self.spans.iter().peekable(), other.spans.iter().peekable());
        let mut common = Vec::new();
        while let (Some(our), Some(their)) = (ours.peek(), theirs.peek()) {
            let (from, until) = (our.from().max(their.from()), our.until().min(their.until()));
            common.extend(Span::new(Some(from), Some(until)));
            if our.until() <= their.until() {
                ours.next()
            } else {
                theirs.next()
            };
        }
        Self { spans: common }
    }

    /// At most `spans_max` spans, and the moment up to which they tell the truth.
    ///
    /// All spans and [`Instant::MAX`] when they are few enough. Otherwise those that are over at `now` are left
    /// out, and the rest is cut before the first span that is too many, which begins after `now`.
    #[must_use]
    pub fn cut(&self, now: Instant, spans_max: usize) -> (&[Span], Instant) {
        if self.spans.len() <= spans_max {
            return (&self.spans, Instant::MAX);
        }
        let over = self.spans.partition_point(|span| span.until() <= now);
        let ahead = self.spans.get(over..).unwrap_or_default();
        let kept = ahead.get(..spans_max).unwrap_or(ahead);
        (kept, ahead.get(spans_max).map_or(Instant::MAX, |span| span.from()))
    }
}

#[cfg(test)]
mod tests;
