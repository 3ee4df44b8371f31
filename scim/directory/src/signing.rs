//! The directory's signature under what it hands to edges.

use crate::cursor::CursorKey;
use cohort_core::view::envelope::{Envelope, KeyId, signed_message};
use cohort_verify::key_id;
use ed25519_dalek::{Signer, SigningKey};

/// The private key of one data folder.
pub(crate) struct Seal {
    key: SigningKey,
    id: KeyId,
    /// What cursors are sealed with; it follows from the private key.
    pub(crate) cursors: CursorKey,
}

impl Seal {
    /// The key whose private half are these 32 bytes (RFC 8032 section 5.1.5).
    pub(crate) fn from_secret(secret: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(secret);
        let id = key_id(&key.verifying_key().to_bytes());
        Self { key, id, cursors: CursorKey::derived(secret) }
    }

    /// The public half.
    pub(crate) fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// `payload` in an envelope with its signature.
    pub(crate) fn envelope(&self, payload: &[u8]) -> Vec<u8> {
        let signature = self.key.sign(&signed_message(&self.id, payload)).to_bytes();
        Envelope { key_id: self.id, signature, payload }.to_bytes()
    }
}

/// The 32 bytes that 64 hexadecimal digits name.
pub(crate) fn secret_from_hex(text: &str) -> Option<[u8; 32]> {
    let text = text.trim().as_bytes();
    let mut secret = [0; 32];
    if text.len() != secret.len() * 2 {
        return None;
    }
    for (byte, digits) in secret.iter_mut().zip(text.chunks_exact(2)) {
        let digits = std::str::from_utf8(digits).ok()?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(secret)
}
