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

/// The bytes are spelled out here: whoever signs elsewhere has nothing but the description of the format.
#[test]
fn the_signature_covers_context_key_id_and_payload() {
    let key = SigningKey::from_bytes(&[1; 32]);
    let key_id = key_id(key.verifying_key().as_bytes());
    let check = |message: &[u8], expected: Result<&[u8], VerifyError>| {
        let signature = key.sign(message).to_bytes();
        let bytes = Envelope { key_id, signature, payload: b"state" }.to_bytes();
        assert_eq!(verify(&bytes, &[trusted(&key)]), expected);
    };
    check(&[&b"cohort envelope v1\0"[..], &key_id, b"state"].concat(), Ok(b"state"));
    check(&[&key_id[..], b"state"].concat(), Err(VerifyError::Signature));
    check(b"cohort envelope v1\0state", Err(VerifyError::Signature));
    check(&[&b"cohort envelope v1\0"[..], &key_id].concat(), Err(VerifyError::Signature));
}

/// Under the neutral point as key, this signature fits every message (RFC 8032 section 5.1.7 without its checks).
#[test]
fn a_key_of_small_order_signs_nothing() {
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let weak = TrustedKey::from_bytes(&neutral).unwrap();
    let mut signature = [0; 64];
    signature[0] = 1;
    let bytes = Envelope { key_id: weak.id(), signature, payload: b"state" }.to_bytes();
    assert_eq!(verify(&bytes, &[weak]), Err(VerifyError::Signature));
}
