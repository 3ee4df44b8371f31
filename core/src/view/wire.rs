//! Bytes: little-endian numbers, variable-length counts, length-prefixed text.

use alloc::string::String;
use alloc::vec::Vec;

use super::keys::{Key, key_in};
use crate::say::{Word, said, say};

/// What is wrong with bytes, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WireError {
    /// Bytes from the start of the input.
    pub offset: usize,
    /// The cause.
    pub fault: WireFault,
}

/// Why bytes were refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WireFault {
    /// The input ends inside a value.
    Truncated,
    /// Bytes follow the last value.
    TrailingBytes,
    /// The first four bytes are not those of this format.
    Magic,
    /// Written by another version of the format.
    Version {
        /// The version found.
        found: u16,
    },
    /// A snapshot where a delta is expected, or the reverse.
    Kind,
    /// A number that names no case.
    Tag {
        /// The number found.
        found: u8,
    },
    /// A count or length written with more bytes than it needs, or past 64 bits.
    Number,
    /// Text that is not UTF-8.
    Utf8,
    /// A name, scope or span that breaks its own rules.
    Value(crate::id::IdError),
    /// More items than the format takes.
    TooMany,
    /// Rows or items that are not in strictly ascending order.
    Order,
    /// A header whose moments contradict each other.
    Validity,
    /// A number that names nothing that was read before.
    Reference {
        /// The number found.
        found: u32,
        /// How many there are.
        count: u32,
    },
}

impl WireError {
    /// Appends what was found, what was expected, and where.
    pub fn say(&self, to: &mut String) {
        self.fault.say(to);
        say(to, ", at byte %", &[Word::Number(self.offset as u64)]);
    }
}

said!(WireError);
impl core::error::Error for WireError {}

impl WireFault {
    fn say(self, to: &mut String) {
        let (text, words) = match self {
            Self::Value(cause) => return cause.say(to),
            Self::Truncated => ("the bytes end inside a value", [0; 2]),
            Self::TrailingBytes => ("bytes follow the last value", [0; 2]),
            Self::Magic => ("not a snapshot or delta; expected the bytes to start with `COHO`", [0; 2]),
            Self::Version { found } => {
                ("format version %; expected %", [found.into(), super::format::VERSION.into()])
            }
            Self::Kind => ("a snapshot where a delta is expected, or the reverse", [0; 2]),
            Self::Tag { found } => ("number % names no case", [found.into(), 0]),
            Self::Number => ("malformed number", [0; 2]),
            Self::Utf8 => ("text that is not UTF-8", [0; 2]),
            Self::TooMany => ("more items than the format takes", [0; 2]),
            Self::Order => ("rows are not in ascending order", [0; 2]),
            Self::Reference { found, count } => {
                ("number % where there are only %", [found.into(), count.into()])
            }
            Self::Validity => ("the moments or revisions of the header contradict each other", [0; 2]),
        };
        say(to, text, &words.map(Word::Number));
    }
}

/// Reads values from the front of bytes and knows how far it came.
///
/// The first thing that is wrong is kept, and from then on nothing is left: numbers are 0, texts and lists empty. So a
/// reader of many values asks once, at their end, whether all was right ([`Reader::sound`]); one of a list leaves it then
/// ([`Reader::is_wrong`]).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
    wrong: Option<WireError>,
}

/// The number `least` plus a count, below `end`, and the bytes behind it; none where it takes more than two bytes or is
/// wrong.
///
/// Whether it takes one byte or two is anybody's guess: so that is reckoned, not branched on.
#[inline(always)]
pub(crate) fn short_gap(bytes: &[u8], least: u32, end: u32) -> Option<(u32, &[u8])> {
    let [low, high, ..] = *bytes else { return None };
    let (low, high, is_long) = (u32::from(low), u32::from(high), low >> 7);
    // The second byte is the last one, and not 0.
    let is_wrong = u32::from(is_long) & (high | high.wrapping_sub(1)) >> 7;
    let found = least + (low & 0x7f | (high * u32::from(is_long)) << 7);
    if is_wrong != 0 || found >= end {
        return None;
    }
    Some((found, bytes.get(1 + usize::from(is_long)..)?))
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0, wrong: None }
    }

    /// Bytes from the start of the input.
    pub(crate) const fn offset(&self) -> usize {
        self.offset
    }

    /// Says what is wrong at `offset`, unless something before it was.
    #[cold]
    #[inline(never)]
    pub(crate) fn refuse(&mut self, offset: usize, fault: WireFault) {
        self.wrong.get_or_insert(WireError { offset, fault });
        self.offset = self.bytes.len();
    }

    /// Whether all was right up to here.
    pub(crate) const fn sound(&self) -> Result<(), WireError> {
        match self.wrong {
            None => Ok(()),
            Some(wrong) => Err(wrong),
        }
    }

    pub(crate) const fn is_wrong(&self) -> bool {
        self.wrong.is_some()
    }

    pub(crate) fn remaining(&self) -> usize {
        self.bytes.len() - self.offset
    }

    pub(crate) fn finish(mut self) -> Result<(), WireError> {
        if self.remaining() > 0 {
            self.refuse(self.offset, WireFault::TrailingBytes);
        }
        self.sound()
    }

    pub(crate) fn take(&mut self, count: usize) -> &'a [u8] {
        let end = self.offset.saturating_add(count);
        let Some(taken) = self.bytes.get(self.offset..end) else {
            self.refuse(self.offset, WireFault::Truncated);
            return &[];
        };
        self.offset = end;
        taken
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        self.take(N).try_into().unwrap_or([0; N])
    }

    pub(crate) fn u8(&mut self) -> u8 {
        let Some(byte) = self.bytes.get(self.offset) else {
            self.refuse(self.offset, WireFault::Truncated);
            return 0;
        };
        self.offset += 1;
        *byte
    }

    /// A case's number, below `end`.
    pub(crate) fn tag(&mut self, end: u8) -> u8 {
        let found = self.u8();
        if found < end {
            return found;
        }
        self.refuse_tag(found);
        0
    }

    /// Says that the byte before here names no case.
    pub(crate) fn refuse_tag(&mut self, found: u8) {
        self.refuse(self.offset.saturating_sub(1), WireFault::Tag { found });
    }

    pub(crate) fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    pub(crate) fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    pub(crate) fn i64(&mut self) -> i64 {
        i64::from_le_bytes(self.array())
    }

    /// A uuid's 16 bytes, in their usual (big-endian) order.
    #[inline(never)]
    pub(crate) fn uuid(&mut self) -> Key {
        key_in(&self.array())
    }

    /// What has not been taken yet.
    #[inline(always)]
    pub(crate) fn peek(&self) -> &'a [u8] {
        self.bytes.get(self.offset..).unwrap_or_default()
    }

    /// Takes bytes that [`Reader::peek`] showed.
    pub(crate) fn skip(&mut self, count: usize) {
        self.offset = (self.offset + count).min(self.bytes.len());
    }

    /// The number `least` plus a count, below `end`.
    pub(crate) fn gap(&mut self, least: u32, end: u32) -> u32 {
        let start = self.offset;
        let found = u32::try_from(self.count()).map_or(u32::MAX, |gap| gap.saturating_add(least));
        if found < end {
            return found;
        }
        self.refuse(start, WireFault::Reference { found, count: end });
        0
    }

    /// A number of something of which there are `count`, `first` being the first.
    pub(crate) fn number(&mut self, first: u32, count: usize) -> u32 {
        self.gap(first, count as u32)
    }

    /// At most `max` numbers below `end`, in ascending order, each added to `first`; `to` holds nothing else.
    pub(crate) fn numbers(&mut self, first: u32, max: usize, end: usize, to: &mut Vec<u32>) {
        to.clear();
        let mut next = 0;
        for _ in 0..self.items(1, max) {
            let number = self.gap(next, end as u32);
            next = number + 1;
            to.push(first + number);
            if self.is_wrong() {
                break;
            }
        }
    }

    /// A count in LEB128, in its shortest form.
    pub(crate) fn count(&mut self) -> usize {
        match self.bytes.get(self.offset) {
            Some(byte) if *byte < 0x80 => {
                self.offset += 1;
                usize::from(*byte)
            }
            _ => self.long_count(),
        }
    }

    #[inline(never)]
    fn long_count(&mut self) -> usize {
        let start = self.offset;
        let mut value = 0u64;
        for shift in (0..63).step_by(7) {
            let byte = self.u8();
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                match usize::try_from(value) {
                    Ok(count) if byte > 0 || shift == 0 => return count,
                    _ => break,
                }
            }
        }
        self.refuse(start, WireFault::Number);
        0
    }

    /// A count of things that take at least `item_bytes` each, so that it cannot promise more than is there.
    pub(crate) fn items(&mut self, item_bytes: usize, max: usize) -> usize {
        let start = self.offset;
        let count = self.count();
        if count > max {
            self.refuse(start, WireFault::TooMany);
            return 0;
        }
        if count.saturating_mul(item_bytes) > self.remaining() {
            self.refuse(start, WireFault::Truncated);
            return 0;
        }
        count
    }

    pub(crate) fn text(&mut self) -> &'a str {
        let bytes = self.count();
        let start = self.offset;
        core::str::from_utf8(self.take(bytes)).unwrap_or_else(|_| {
            self.refuse(start, WireFault::Utf8);
            ""
        })
    }

    /// The bytes of the next `count` texts, which are not taken yet.
    pub(crate) fn text_bytes(&self, count: usize) -> usize {
        let mut ahead = Reader { ..*self };
        let len = |_| {
            let len = ahead.count();
            ahead.take(len).len()
        };
        (0..count).map(len).sum()
    }

    /// A text that satisfies `check`.
    pub(crate) fn checked(&mut self, check: fn(&str) -> Result<(), crate::id::IdError>) -> &'a str {
        let start = self.offset;
        let text = self.text();
        if let Err(cause) = check(text) {
            self.refuse(start, WireFault::Value(cause));
            return "";
        }
        text
    }
}

/// Appends values in the form that [`Reader`] takes.
#[derive(Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Forgets what was written behind the first `len` bytes.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
    }

    /// Puts another byte where one was written.
    pub(crate) fn set(&mut self, at: usize, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(at) {
            *slot = byte;
        }
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub(crate) fn u16(&mut self, value: u16) {
        self.raw(&value.to_le_bytes());
    }

    pub(crate) fn u64(&mut self, value: u64) {
        self.raw(&value.to_le_bytes());
    }

    pub(crate) fn i64(&mut self, value: i64) {
        self.raw(&value.to_le_bytes());
    }

    pub(crate) fn uuid(&mut self, value: Key) {
        value.iter().for_each(|half| self.raw(&half.to_be_bytes()));
    }

    pub(crate) fn count(&mut self, value: usize) {
        let mut rest = value as u64;
        while rest >= 0x80 {
            self.u8(rest as u8 | 0x80);
            rest >>= 7;
        }
        self.u8(rest as u8);
    }

    /// Ascending numbers, each as what lies between it and the one before.
    pub(crate) fn numbers(&mut self, numbers: &[u32]) {
        self.count(numbers.len());
        let mut next = 0;
        for number in numbers {
            self.count((number - next) as usize);
            next = number + 1;
        }
    }

    /// A count, and so many texts.
    pub(crate) fn texts<'a>(&mut self, texts: impl ExactSizeIterator<Item = &'a str>) {
        self.count(texts.len());
        texts.for_each(|text| self.text(text));
    }

    pub(crate) fn text(&mut self, value: &str) {
        self.count(value.len());
        self.raw(value.as_bytes());
    }
}
