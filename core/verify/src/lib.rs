//! Verification of the envelope around snapshots and deltas, for Rust hosts and gateways.
//!
//! Keys are pinned: an envelope is taken only if one of the caller's keys made its signature. Verification is
//! Ed25519 (RFC 8032) in the strict form, which refuses small-order keys and malleable signatures.
#![no_std]
#![forbid(unsafe_code)]

use cohort_core::view::envelope::{Envelope, EnvelopeError, KeyId, signed_message};
use core::fmt;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

/// A key that the caller trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    key: VerifyingKey,
    id: KeyId,
}

/// Why an envelope was not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VerifyError {
    /// The bytes are not an envelope.
    Envelope(EnvelopeError),
    /// None of the trusted keys has this id.
    UnknownKey(KeyId),
    /// The signature is not that of the payload.
    Signature,
}

/// Why bytes are not a public key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeyError;

impl fmt::Display for VerifyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Envelope(cause) => fmt::Display::fmt(cause, out),
            Self::UnknownKey(id) => {
                out.write_str("signed by the key ")?;
                id.iter().try_for_each(|byte| write!(out, "{byte:02x}"))?;
                out.write_str(", which is not trusted")
            }
            Self::Signature => out.write_str("the signature does not fit the content"),
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not an Ed25519 public key; expected 32 bytes that name a point of the curve")
    }
}

impl core::error::Error for VerifyError {}
impl core::error::Error for KeyError {}

impl TrustedKey {
    /// The key with these 32 bytes.
    ///
    /// # Errors
    /// [`KeyError`] when they are no public key.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError)?;
        Ok(Self { key, id: key_id(bytes) })
    }

    /// The id that envelopes of this key carry.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }
}

/// The id of a public key: the first 8 bytes of its SHA-256.
#[must_use]
pub fn key_id(public_key: &[u8; 32]) -> KeyId {
    let digest: [u8; 32] = Sha256::digest(public_key).into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    [a, b, c, d, e, f, g, h]
}

/// The payload of `envelope`, if one of `trusted` signed it.
///
/// Cost: one signature check, and one pass over the bytes.
///
/// # Errors
/// [`VerifyError`]; nothing may then be done with the payload.
pub fn verify<'a>(envelope: &'a [u8], trusted: &[TrustedKey]) -> Result<&'a [u8], VerifyError> {
    let envelope = Envelope::parse(envelope).map_err(VerifyError::Envelope)?;
    let unknown = VerifyError::UnknownKey(envelope.key_id);
    let trusted = trusted.iter().find(|trusted| trusted.id == envelope.key_id).ok_or(unknown)?;
    let message = signed_message(&envelope.key_id, envelope.payload);
    let signature = Signature::from_bytes(&envelope.signature);
    trusted.key.verify_strict(&message, &signature).map_err(|_| VerifyError::Signature)?;
    Ok(envelope.payload)
}

#[cfg(test)]
mod tests;
