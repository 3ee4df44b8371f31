//! The faces in wasmtime, as the player of the worlds asks them.

mod component;
mod raw;

pub use component::{Component, ComponentFailure, Known, refusals};
pub use raw::Raw;

use crate::asks::{ENVELOPE_BYTES, Question};

/// What lies behind the signature, which these faces leave to their host.
#[must_use]
pub fn payload(envelope: &[u8]) -> &[u8] {
    envelope.get(ENVELOPE_BYTES..).unwrap_or_default()
}

/// What is vouched for.
fn conditions(question: &Question) -> Vec<&str> {
    question.conditions.iter().map(String::as_str).collect()
}
