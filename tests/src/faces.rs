//! The faces in wasmtime, as the player of the worlds asks them.

pub(crate) mod component;
mod raw;

pub use component::{Component, ComponentFailure, Known, refusals};
pub use raw::Raw;

use crate::asks::ENVELOPE_BYTES;

/// What lies behind the signature, which these faces leave to their host.
#[must_use]
pub fn payload(envelope: &[u8]) -> &[u8] {
    envelope.get(ENVELOPE_BYTES..).unwrap_or_default()
}
