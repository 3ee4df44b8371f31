//! The core as a WebAssembly module without imports: a C ABI for any runtime, described in `docs/raw-abi.md`.
//!
//! [`face::Face`] is everything that one instance holds and does, in safe code that also runs natively; `memory`
//! exports it and exists on wasm only. No function traps on what a host passes: ranges of memory are looked up
//! among those that [`arena::Arena`] handed out, handles among those that are open, and everything else is
//! parsed. Signatures are the host's to check, before it opens or applies.
#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

pub mod answer;
pub mod arena;
pub mod error;
pub mod face;
pub mod question;
pub mod shelf;
pub mod table;

#[cfg(target_family = "wasm")]
mod memory;

/// The version of the ABI; a host refuses a module with another one.
pub const ABI_VERSION: u32 = 1;
