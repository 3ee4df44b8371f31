//! Cursors: where a page ended, sealed so that only this directory can have said it (RFC 9865 section 2).
//!
//! A cursor holds the place in the order, and the moment up to which it can be used; nothing of it is kept here, so
//! a client can begin as many walks as it likes. The seal also covers what the cursor is for, the connection and the
//! query: a cursor of anybody or anything else is as wrong as a forged one. What stands inside is no secret, as the
//! client was shown the row of that place.

use cohort_core::id::Instant;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::audit::hex;
use crate::store::listing::RowKey;

/// What the key is derived for; a later form of cursors is another purpose.
const PURPOSE: &[u8] = b"cohort cursor 1";

/// Bytes of the seal: forging it takes 2^64 requests.
const SEAL_BYTES: usize = 16;

/// Bytes of the moment, the part and the row's key.
const FIXED_BYTES: usize = 8 + 1 + 8;

/// The key that seals cursors.
pub(crate) struct CursorKey([u8; 32]);

/// A place among the matches of a query: behind this row, whether or not it is still there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// By what the row is sorted, as bytes; empty if by nothing but its key.
    pub(crate) value: Vec<u8>,
    /// Which of the types that the query is about, counted from 0.
    pub(crate) part: u8,
    pub(crate) key: RowKey,
}

/// Why a cursor cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CursorFault {
    /// It was not given for this purpose.
    Foreign,
    /// It was, too long ago.
    Expired,
}

impl CursorKey {
    /// The key that follows from the directory's secret.
    pub(crate) fn derived(secret: &[u8; 32]) -> Self {
        let mut mac = keyed(secret);
        mac.update(PURPOSE);
        Self(mac.finalize().into_bytes().into())
    }

    /// The cursor of `position`, good for `purpose` up to `until`; hexadecimal digits.
    pub(crate) fn seal(&self, purpose: &[u8], position: &Position, until: Instant) -> String {
        let mut bytes = Vec::with_capacity(FIXED_BYTES + position.value.len() + SEAL_BYTES);
        bytes.extend(until.as_millis().to_be_bytes());
        bytes.push(position.part);
        bytes.extend(position.key.0.to_be_bytes());
        bytes.extend(&position.value);
        let seal = self.mac(purpose, &bytes).finalize().into_bytes();
        bytes.extend(seal.iter().take(SEAL_BYTES));
        hex(&bytes)
    }

    /// The position of a cursor that was given for `purpose` and can still be used.
    ///
    /// # Errors
    /// [`CursorFault`]; only a true cursor is ever told to have expired.
    pub(crate) fn open(&self, purpose: &[u8], text: &str, now: Instant) -> Result<Position, CursorFault> {
        let bytes = unhex(text).ok_or(CursorFault::Foreign)?;
        let split = bytes.len().checked_sub(SEAL_BYTES).ok_or(CursorFault::Foreign)?;
        let (said, seal) = bytes.split_at_checked(split).ok_or(CursorFault::Foreign)?;
        self.mac(purpose, said).verify_truncated_left(seal).map_err(|_| CursorFault::Foreign)?;
        let (until, rest) = said.split_first_chunk::<8>().ok_or(CursorFault::Foreign)?;
        let (part, rest) = rest.split_first().ok_or(CursorFault::Foreign)?;
        let (key, value) = rest.split_first_chunk::<8>().ok_or(CursorFault::Foreign)?;
        if Instant::from_millis(i64::from_be_bytes(*until)) < now {
            return Err(CursorFault::Expired);
        }
        Ok(Position { part: *part, value: value.to_vec(), key: RowKey(i64::from_be_bytes(*key)) })
    }

    fn mac(&self, purpose: &[u8], said: &[u8]) -> Hmac<Sha256> {
        let mut mac = keyed(&self.0);
        mac.update(&(purpose.len() as u64).to_be_bytes());
        mac.update(purpose);
        mac.update(said);
        mac
    }
}

fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    Hmac::<Sha256>::new_from_slice(key).expect("a key")
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let pairs = text.as_bytes().chunks(2);
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    pairs.map(byte).collect()
}

#[cfg(test)]
mod tests;
