//! The core for JavaScript, as numbers and texts: what the classes of the npm package (`npm/`) are made of.
//!
//! Each method is one translation: arguments into a question, the answer into a number. What the answer is comes from
//! `cohort_core` alone. The package checks the types of what it is given and verifies signatures before anything
//! arrives here; bytes are parsed, and a number that belongs to nothing is refused.

extern crate alloc;

mod answer;
mod fault;
mod kept;
mod question;
mod selection;
mod state;

/// A third of the bytes of the platform's usual one.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

pub use fault::Fault;
pub use selection::Selected;
pub use state::{State, has_room};
