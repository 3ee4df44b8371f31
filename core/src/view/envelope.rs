//! The signed wrapping of snapshots and deltas.
//!
//! ```text
//! magic      4 bytes  `COHE`
//! version    u8       1
//! key id     8 bytes  the first 8 bytes of the SHA-256 of the public key
//! signature  64 bytes Ed25519 over `cohort envelope v1\0`, key id and payload
//! payload    the rest
//! ```
//! This module only takes the parts apart. `cohort-verify` checks the signature; nothing else may decide on a
//! payload that came over a network.

use alloc::vec::Vec;

const MAGIC: &[u8; 4] = b"COHE";
const VERSION: u8 = 1;
const CONTEXT: &[u8] = b"cohort envelope v1\0";
const HEAD_BYTES: usize = 4 + 1 + 8 + 64;

/// Which key signed: the first 8 bytes of the SHA-256 of the public key.
pub type KeyId = [u8; 8];

/// The parts of an envelope, its signature not yet checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Envelope<'a> {
    /// Which key claims to have signed.
    pub key_id: KeyId,
    /// Ed25519 (RFC 8032).
    pub signature: [u8; 64],
    /// A snapshot or a delta.
    pub payload: &'a [u8],
}

/// Why bytes are no envelope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EnvelopeError {
    /// Fewer bytes than magic, key id and signature take.
    Truncated {
        /// Bytes found.
        found: usize,
    },
    /// The first four bytes are not `COHE`.
    Magic,
    /// Written by another version.
    Version {
        /// The version found.
        found: u8,
    },
}

impl core::fmt::Display for EnvelopeError {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Truncated { found } => {
                write!(out, "envelope of {found} bytes; expected at least {HEAD_BYTES}")
            }
            Self::Magic => out.write_str("not an envelope; expected the bytes to start with `COHE`"),
            Self::Version { found } => write!(out, "envelope version {found}; expected {VERSION}"),
        }
    }
}

impl core::error::Error for EnvelopeError {}

impl<'a> Envelope<'a> {
    /// Takes `bytes` apart.
    ///
    /// # Errors
    /// [`EnvelopeError`] when they are not an envelope of this version.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, EnvelopeError> {
        let truncated = EnvelopeError::Truncated { found: bytes.len() };
        let (magic, rest) = bytes.split_first_chunk::<4>().ok_or(truncated)?;
        if magic != MAGIC {
            return Err(EnvelopeError::Magic);
        }
        let (&version, rest) = rest.split_first().ok_or(truncated)?;
        if version != VERSION {
            return Err(EnvelopeError::Version { found: version });
        }
        let (key_id, rest) = rest.split_first_chunk::<8>().ok_or(truncated)?;
        let (signature, payload) = rest.split_first_chunk::<64>().ok_or(truncated)?;
        Ok(Self { key_id: *key_id, signature: *signature, payload })
    }

    /// The bytes of this envelope.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD_BYTES + self.payload.len());
        bytes.extend_from_slice(MAGIC);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.key_id);
        bytes.extend_from_slice(&self.signature);
        bytes.extend_from_slice(self.payload);
        bytes
    }
}

/// What the signature of `payload` under the key `key_id` is made over.
#[must_use]
pub fn signed_message(key_id: &KeyId, payload: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(CONTEXT.len() + key_id.len() + payload.len());
    message.extend_from_slice(CONTEXT);
    message.extend_from_slice(key_id);
    message.extend_from_slice(payload);
    message
}
