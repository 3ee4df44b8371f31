//! Bytes as a source of choices.

/// Choices that follow from bytes, one after another; when the bytes are used up, always the first.
#[derive(Clone, Debug)]
pub struct Choices<'a> {
    rest: &'a [u8],
}

impl<'a> Choices<'a> {
    /// The choices that `bytes` make.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether all bytes are used up.
    #[must_use]
    pub const fn are_over(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next byte; 0 when there is none.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        *first
    }

    /// A number below `end`, which costs a second byte if one does not reach; 0 when `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let low = usize::from(self.byte());
        let number = if end > 256 { low | usize::from(self.byte()) << 8 } else { low };
        number % end.max(1)
    }

    /// True once in `times`; never when the bytes are used up.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 1
    }

    /// One of them; none of none.
    pub fn pick<'b, T>(&mut self, from: &'b [T]) -> Option<&'b T> {
        let at = self.below(from.len());
        from.get(at)
    }

    /// One of the words; an empty one of none.
    pub fn word<'b>(&mut self, from: &[&'b str]) -> &'b str {
        self.pick(from).copied().unwrap_or_default()
    }
}
