//! Bearer tokens: 32 random bytes with a readable beginning and a checksum; only their hash is kept.
//!
//! A token has 256 bits of its own, so a plain SHA-256 hides it as well as any slow password hash would.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::ambient::Ambient;
use crate::audit::hex;
use crate::store::realm::TokenRow;

/// What every token begins with.
pub(crate) const PREFIX: &str = "cohort_";
/// Digits of secret, then of checksum, at the end of a token.
const SECRET_DIGITS: usize = 64;
const CHECKSUM_DIGITS: usize = 8;

/// A token for `purpose`, such as `cohort_edge_…`; none without randomness.
pub(crate) fn fresh(purpose: &str, ambient: &dyn Ambient) -> Option<String> {
    let secret = hex(&ambient.random_32()?);
    let body = format!("{PREFIX}{purpose}_{secret}");
    Some(format!("{body}{}", checksum(&body)))
}

/// The hash under which a token is kept; none if the text cannot be one of ours, as after a slip in copying.
pub(crate) fn hash(token: &str) -> Option<[u8; 32]> {
    let split = token.len().checked_sub(CHECKSUM_DIGITS)?;
    let (body, sum) = token.split_at_checked(split)?;
    let shaped = body.starts_with(PREFIX) && body.len() > SECRET_DIGITS && checksum(body) == sum;
    shaped.then(|| Sha256::digest(token.as_bytes()).into())
}

/// Whether the row is that of the hash, in a time that does not tell how much of it was right.
pub(crate) fn is_of(row: &TokenRow, hash: &[u8; 32]) -> bool {
    row.hash.ct_eq(hash).into()
}

fn checksum(body: &str) -> String {
    let mut sum = hex(&Sha256::digest(body.as_bytes()));
    sum.truncate(CHECKSUM_DIGITS);
    sum
}

#[cfg(test)]
mod tests;
