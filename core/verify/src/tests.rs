//! What is taken, and what is not.

use super::{TrustedKey, VerifyError, key_id, verify};
use cohort_core::view::envelope::{Envelope, EnvelopeError, signed_message};
use ed25519_dalek::{Signer, SigningKey};

extern crate alloc;
use alloc::vec::Vec;

fn signed(key: &SigningKey, payload: &[u8]) -> Vec<u8> {
    let key_id = key_id(key.verifying_key().as_bytes());
    let signature = key.sign(&signed_message(&key_id, payload)).to_bytes();
    Envelope { key_id, signature, payload }.to_bytes()
}

fn trusted(key: &SigningKey) -> TrustedKey {
    TrustedKey::from_bytes(key.verifying_key().as_bytes()).unwrap()
}

#[test]
fn a_trusted_signature_gives_the_payload() {
    let (old, new) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
    let keys = [trusted(&old), trusted(&new)];
    assert_eq!(verify(&signed(&old, b"state"), &keys), Ok(&b"state"[..]));
    assert_eq!(verify(&signed(&new, b"state"), &keys), Ok(&b"state"[..]));
    assert_eq!(verify(&signed(&new, b""), &keys), Ok(&b""[..]));
}

#[test]
fn another_key_is_named_and_refused() {
    let (one, other) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
    let unknown = VerifyError::UnknownKey(trusted(&other).id());
    assert_eq!(verify(&signed(&other, b"state"), &[trusted(&one)]), Err(unknown));
    assert_eq!(verify(&signed(&other, b"state"), &[]), Err(unknown));
}

#[test]
fn every_flipped_bit_is_refused() {
    let key = SigningKey::from_bytes(&[1; 32]);
    let bytes = signed(&key, b"state");
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        assert!(verify(&flipped, &[trusted(&key)]).is_err(), "byte {at}");
    }
    for end in 0..bytes.len() {
        assert!(verify(&bytes[..end], &[trusted(&key)]).is_err(), "first {end} bytes");
    }
    assert_eq!(verify(b"", &[]), Err(VerifyError::Envelope(EnvelopeError::Truncated { found: 0 })));
}
