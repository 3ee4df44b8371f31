//! Where JavaScript writes: bytes of a snapshot or delta, or texts one after the other.

use alloc::vec::Vec;

/// Bytes of memory that a byte of a snapshot or delta takes at most, with what is worked out while it is read.
const MEMORY_PER_BYTE: usize = 8;
/// What a small one takes besides.
const MEMORY_AT_LEAST: usize = 1 << 16;
/// Bytes that are always kept: more than most questions take.
const BYTES_MIN: usize = 1 << 12;
/// Stands between two texts, and in none: no UTF-8 has this byte.
const BETWEEN: u8 = 0xff;

/// Bytes for JavaScript to write.
pub(crate) struct Room(Vec<u8>);

impl Room {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// The address of so many bytes; null when there is no memory for what they hold, without which nothing goes on.
    pub(crate) fn make(&mut self, bytes: usize) -> *mut u8 {
        if bytes > self.0.len() {
            let bytes = bytes.max(BYTES_MIN);
            let wanted = bytes.saturating_mul(1 + MEMORY_PER_BYTE).saturating_add(MEMORY_AT_LEAST);
            let mut room: Vec<u8> = Vec::new();
            if room.try_reserve_exact(wanted).is_err() {
                return core::ptr::null_mut();
            }
            drop(room);
            self.0 = alloc::vec![0; bytes];
        }
        self.0.as_mut_ptr()
    }

    /// Gives back what few questions need.
    pub(crate) fn shrink(&mut self) {
        if self.0.len() > BYTES_MIN {
            self.0.truncate(BYTES_MIN);
            self.0.shrink_to_fit();
        }
    }

    /// The first of them.
    pub(crate) fn bytes(&self, count: u32) -> &[u8] {
        self.0.get(..count as usize).unwrap_or_default()
    }

    /// The texts in the first of them.
    pub(crate) fn texts(&self, count: u32) -> Texts<'_> {
        Texts(Some(self.bytes(count)))
    }
}

/// Texts in a row: the bytes that are left; nothing after the last.
pub(crate) struct Texts<'a>(Option<&'a [u8]>);

impl<'a> Texts<'a> {
    /// The next text; empty when there is none left, which is no name and no scope.
    pub(crate) fn text(&mut self) -> &'a str {
        let bytes = self.0.unwrap_or_default();
        let end = bytes.iter().position(|byte| *byte == BETWEEN).unwrap_or(bytes.len());
        self.0 = bytes.get(end + 1..);
        core::str::from_utf8(bytes.get(..end).unwrap_or_default()).unwrap_or_default()
    }

    /// The texts that are left: the conditions, which come last.
    pub(crate) fn rest(&mut self) -> Vec<&'a str> {
        let mut texts = Vec::new();
        while self.0.is_some() {
            texts.push(self.text());
        }
        texts
    }
}
