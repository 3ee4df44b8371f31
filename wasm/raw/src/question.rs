//! Questions as hosts write them (`docs/raw-abi.md`, Question).

use alloc::string::String;
use alloc::vec::Vec;

use cohort_core::decide::Query;
use cohort_core::id::{Instant, Revision};
use cohort_core::say::{Word, say};

/// Conditions that one question may assert: as many as one grant may require.
pub const CONDITIONS_MAX: usize = cohort_core::limits::CONDITIONS_MAX;

/// Why bytes are no question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QuestionError {
    /// Bytes from the start of the question.
    pub offset: usize,
    /// What is wrong there.
    pub fault: QuestionFault,
}

/// What is wrong with the bytes of a question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum QuestionFault {
    /// They end inside a value.
    Truncated,
    /// Bytes follow the last condition.
    TrailingBytes,
    /// Text that is not UTF-8.
    Utf8,
    /// More conditions than a question takes.
    TooManyConditions {
        /// How many it says it has.
        found: usize,
    },
}

impl QuestionError {
    /// Appends what was found, what was expected, and where.
    pub fn say(&self, to: &mut String) {
        let (text, found) = match self.fault {
            QuestionFault::Truncated => ("the bytes end inside a value", 0),
            QuestionFault::TrailingBytes => ("bytes follow the last condition", 0),
            QuestionFault::Utf8 => ("text that is not UTF-8", 0),
            QuestionFault::TooManyConditions { found } => ("% conditions; expected at most %", found),
        };
        say(to, "malformed question: ", &[]);
        say(to, text, &[Word::Number(found as u64), Word::Number(CONDITIONS_MAX as u64)]);
        say(to, ", at byte %", &[Word::Number(self.offset as u64)]);
    }
}

/// The question that is all of `bytes`; `conditions` takes the names of those that it asserts.
///
/// # Errors
/// [`QuestionError`] with the offset of what is wrong.
pub fn query<'a>(bytes: &'a [u8], conditions: &'a mut Vec<&'a str>) -> Result<Query<'a>, QuestionError> {
    let mut from = Reader::new(bytes);
    let at = Instant::from_millis(from.number(8).cast_signed());
    let at_least = Revision::new(from.number(8));
    let (subject, permission) = (from.text(), from.text());
    let scope = Some(from.text()).filter(|text| !text.is_empty());
    let parent = Some(from.text()).filter(|text| !text.is_empty());
    from.conditions(conditions);
    from.end()?;
    Ok(Query { subject, permission, scope, parent, at, conditions, at_least })
}

/// The text that is all of `bytes`.
///
/// # Errors
/// [`QuestionError`] when it is not UTF-8.
pub fn text(bytes: &[u8]) -> Result<&str, QuestionError> {
    core::str::from_utf8(bytes).map_err(|_| QuestionError { offset: 0, fault: QuestionFault::Utf8 })
}

/// The conditions that are all of `bytes`, as they end a question.
///
/// # Errors
/// [`QuestionError`] with the offset of what is wrong.
pub fn conditions(bytes: &[u8]) -> Result<Vec<&str>, QuestionError> {
    let mut from = Reader::new(bytes);
    let mut conditions = Vec::new();
    from.conditions(&mut conditions);
    from.end().map(|()| conditions)
}

/// Reads values from the front of bytes. The first thing that is wrong is kept, and from then on nothing is left:
/// numbers are 0 and texts empty.
struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
    wrong: Option<QuestionError>,
}

impl<'a> Reader<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0, wrong: None }
    }

    fn refuse(&mut self, offset: usize, fault: QuestionFault) {
        self.wrong.get_or_insert(QuestionError { offset, fault });
        self.offset = self.bytes.len();
    }

    /// Whether all was right, and nothing is left.
    fn end(mut self) -> Result<(), QuestionError> {
        if self.offset < self.bytes.len() {
            self.refuse(self.offset, QuestionFault::TrailingBytes);
        }
        self.wrong.map_or(Ok(()), Err)
    }

    fn take(&mut self, count: usize) -> &'a [u8] {
        let taken = self.bytes.get(self.offset..).and_then(|rest| rest.get(..count));
        let Some(taken) = taken else {
            self.refuse(self.offset, QuestionFault::Truncated);
            return &[];
        };
        self.offset += count;
        taken
    }

    /// A number of so many bytes.
    fn number(&mut self, bytes: usize) -> u64 {
        self.take(bytes).iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    fn text(&mut self) -> &'a str {
        let count = self.number(2) as usize;
        let start = self.offset;
        core::str::from_utf8(self.take(count)).unwrap_or_else(|_| {
            self.refuse(start, QuestionFault::Utf8);
            ""
        })
    }

    fn conditions(&mut self, to: &mut Vec<&'a str>) {
        let start = self.offset;
        let found = self.number(2) as usize;
        if found > CONDITIONS_MAX {
            self.refuse(start, QuestionFault::TooManyConditions { found });
            return;
        }
        for _ in 0..found {
            to.push(self.text());
        }
    }
}

#[cfg(test)]
mod tests;
