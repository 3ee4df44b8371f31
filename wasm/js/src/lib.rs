//! The core for JavaScript, as numbers and bytes: what the classes of the npm package (`npm/`) are made of.
//!
//! Each function of [`door`] is one translation: arguments into a question, the answer into a number. What the answer is
//! comes from `cohort_core` alone. Only numbers cross the border, so that little has to stand on either side of it: texts
//! and bytes are written into a room of this side's, and read from what was said. The package checks the types of what it
//! is given and verifies signatures before anything arrives here; bytes are parsed, and a number that belongs to nothing
//! is refused.
#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

mod answer;
pub mod door;
mod fault;
mod room;
mod state;

/// A third of the bytes of the platform's usual one.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// No input leads here; a trap is how a module says that it is broken.
#[cfg(target_family = "wasm")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
