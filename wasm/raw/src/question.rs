//! Questions as hosts write them (`docs/raw-abi.md`, Question).

use alloc::vec::Vec;

use cohort_core::decide::Query;
use cohort_core::id::{Instant, Revision};

use crate::error::{AbiError, QuestionFault};

/// Conditions that one question may assert: as many as one grant may require.
pub const CONDITIONS_MAX: usize = cohort_core::limits::CONDITIONS_MAX;

/// A question whose texts lie in the host's bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question<'a> {
    subject: &'a str,
    permission: &'a str,
    scope: Option<&'a str>,
    parent: Option<&'a str>,
    at: Instant,
    at_least: Revision,
    conditions: Vec<&'a str>,
}

impl<'a> Question<'a> {
    /// Reads a question from all of `bytes`.
    ///
    /// # Errors
    /// [`AbiError::Question`] with the offset of what is wrong.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, AbiError> {
        let mut from = Reader { bytes, offset: 0 };
        let at = Instant::from_millis(i64::from_le_bytes(from.array()?));
        let at_least = Revision::new(u64::from_le_bytes(from.array()?));
        let subject = from.text()?;
        let permission = from.text()?;
        let scope = Some(from.text()?).filter(|text| !text.is_empty());
        let parent = Some(from.text()?).filter(|text| !text.is_empty());
        let conditions = from.conditions()?;
        from.end()?;
        Ok(Self { subject, permission, scope, parent, at, at_least, conditions })
    }

    /// The same question in the words of the core.
    #[must_use]
    pub fn query(&self) -> Query<'_> {
        let Self { subject, permission, scope, parent, at, at_least, .. } = *self;
        Query { subject, permission, scope, parent, at, conditions: &self.conditions, at_least }
    }
}

/// The text that is all of `bytes`.
///
/// # Errors
/// [`AbiError::Question`] when it is not UTF-8.
pub fn text(bytes: &[u8]) -> Result<&str, AbiError> {
    core::str::from_utf8(bytes).map_err(|_| AbiError::Question { offset: 0, fault: QuestionFault::Utf8 })
}

/// The conditions that are all of `bytes`, as they end a question.
///
/// # Errors
/// [`AbiError::Question`] with the offset of what is wrong.
pub fn conditions(bytes: &[u8]) -> Result<Vec<&str>, AbiError> {
    let mut from = Reader { bytes, offset: 0 };
    let conditions = from.conditions()?;
    from.end().map(|()| conditions)
}

struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    const fn fault(&self, fault: QuestionFault) -> AbiError {
        AbiError::Question { offset: self.offset, fault }
    }

    const fn end(&self) -> Result<(), AbiError> {
        if self.offset < self.bytes.len() { Err(self.fault(QuestionFault::TrailingBytes)) } else { Ok(()) }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], AbiError> {
        let taken = self.offset.checked_add(count).and_then(|end| self.bytes.get(self.offset..end));
        let taken = taken.ok_or_else(|| self.fault(QuestionFault::Truncated))?;
        self.offset += count;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], AbiError> {
        let truncated = self.fault(QuestionFault::Truncated);
        self.take(N)?.try_into().map_err(|_| truncated)
    }

    fn count(&mut self) -> Result<usize, AbiError> {
        Ok(usize::from(u16::from_le_bytes(self.array()?)))
    }

    fn text(&mut self) -> Result<&'a str, AbiError> {
        let count = self.count()?;
        let not_text = self.fault(QuestionFault::Utf8);
        core::str::from_utf8(self.take(count)?).map_err(|_| not_text)
    }

    fn conditions(&mut self) -> Result<Vec<&'a str>, AbiError> {
        let offset = self.offset;
        let count = self.count()?;
        if count > CONDITIONS_MAX {
            let fault = QuestionFault::TooManyConditions { found: count };
            return Err(AbiError::Question { offset, fault });
        }
        (0..count).map(|_| self.text()).collect()
    }
}

#[cfg(test)]
mod tests;
