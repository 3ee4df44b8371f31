//! The core as a WebAssembly component: the world of `wasm/wit/cohort.wit`, for hosts that speak WIT.
//!
//! Each method is one translation of arguments and answers; what the answer is comes from `cohort_core` alone. Nothing
//! is imported, and no argument leads to a trap. Signatures are the host's to check, before it opens or applies.
#![cfg_attr(target_family = "wasm", no_std)]
#![cfg_attr(
    not(target_family = "wasm"),
    allow(dead_code, reason = "other linkers refuse the names of the exports")
)]

extern crate alloc;

mod convert;
mod looked_up;
mod selection;
mod state;

#[cfg(target_family = "wasm")]
mod platform;

#[allow(
    clippy::all,
    missing_docs,
    unreachable_pub,
    unsafe_code,
    unused_qualifications,
    reason = "generated from the world, which has the documentation"
)]
mod bindings {
    wit_bindgen::generate!({
        world: "cohort",
        path: "../wit",
    });
}

use crate::bindings::exports::cohort::decisions::access;

/// What the world exports.
struct Component;

impl access::Guest for Component {
    type User = looked_up::User;
    type Permission = looked_up::Permission;
    type Place = looked_up::Place;
    type Conditions = looked_up::Conditions;
    type Cursor = looked_up::Cursor;
    type Selection = selection::Selection;
    type State = state::State;
}

#[cfg(target_family = "wasm")]
#[expect(unsafe_code, reason = "generated: exports cannot be declared otherwise")]
mod exported {
    use crate::{Component, bindings};

    bindings::export!(Component with_types_in bindings);
}
