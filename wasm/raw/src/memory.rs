//! The border to the host: the exported functions, the one instance, and the allocator.
//!
//! The only file with `unsafe`: exported names have to be declared so, and the instance has to be a static. No
//! pointer of the host is followed here; [`crate::arena`] looks addresses up.
#![expect(unsafe_code, reason = "exports and a static instance cannot be declared otherwise")]

use core::cell::RefCell;
use core::panic::PanicInfo;

use crate::error::UNUSABLE;
use crate::face::{Face, Handles};

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// A value that only one thread can reach.
struct OneThread<T>(T);

// SAFETY: this file is compiled for wasm only, and the assertion below refuses a build with shared memory, so
// an instance has one thread and nothing can reach the value from another.
unsafe impl<T> Sync for OneThread<T> {}

const _: () = assert!(!cfg!(target_feature = "atomics"), "an instance must have one thread");

static FACE: OneThread<RefCell<Face>> = OneThread(RefCell::new(Face::new()));

/// Calls `act`; `unusable` when a trap has ended an earlier call, which then still holds the instance.
fn with<T>(unusable: T, act: impl FnOnce(&mut Face) -> T) -> T {
    match FACE.0.try_borrow_mut() {
        Ok(mut face) => act(&mut face),
        Err(_) => unusable,
    }
}

/// No input leads here; a trap is how a module says that it is broken.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

// SAFETY of the exports: each name starts with `cohort_`, is declared once, and belongs to no library that is
// linked here, so none replaces a symbol that other code relies on.

#[unsafe(no_mangle)]
extern "C" fn cohort_abi_version() -> u32 {
    crate::ABI_VERSION
}

#[unsafe(no_mangle)]
extern "C" fn cohort_alloc(len: usize) -> usize {
    with(0, |face| face.alloc(len))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_free(address: usize, len: usize) -> i32 {
    with(UNUSABLE, |face| face.free(address, len))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_open(address: usize, len: usize) -> i32 {
    with(UNUSABLE, |face| face.open(address, len))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_apply(handle: u32, address: usize, len: usize) -> i32 {
    with(UNUSABLE, |face| face.apply(handle, address, len))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_close(handle: u32) -> i32 {
    with(UNUSABLE, |face| face.close(handle))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_decide(handle: u32, address: usize, len: usize, answer: usize) -> i32 {
    with(UNUSABLE, |face| face.decide(handle, address, len, answer))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_explain(handle: u32, address: usize, len: usize) -> i32 {
    with(UNUSABLE, |face| face.explain(handle, address, len))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_user(handle: u32, address: usize, len: usize) -> i32 {
    with(UNUSABLE, |face| face.user(handle, address, len))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_permission(handle: u32, address: usize, len: usize) -> i32 {
    with(UNUSABLE, |face| face.permission(handle, address, len))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_place(
    handle: u32,
    address: usize,
    len: usize,
    parent_address: usize,
    parent_len: usize,
) -> i32 {
    with(UNUSABLE, |face| face.place(handle, (address, len), (parent_address, parent_len)))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_conditions(handle: u32, address: usize, len: usize) -> i32 {
    with(UNUSABLE, |face| face.conditions(handle, address, len))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_check(
    handle: u32,
    user: u32,
    permission: u32,
    place: u32,
    conditions: u32,
    at: i64,
    answer: usize,
) -> i32 {
    let asked = Handles { user, permission, place, conditions, at };
    with(UNUSABLE, |face| face.check(handle, &asked, answer))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_select(handle: u32, user: u32, conditions: u32, at: i64) -> i32 {
    with(UNUSABLE, |face| face.select(handle, user, conditions, at))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_can(selection: u32, permission: u32) -> i32 {
    with(UNUSABLE, |face| face.can(selection, permission))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_selection_valid_until(selection: u32) -> i64 {
    with(i64::MIN, |face| face.selection_valid_until(selection))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_unselect(selection: u32) -> i32 {
    with(UNUSABLE, |face| face.unselect(selection))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_revision(handle: u32) -> i64 {
    with(i64::MIN, |face| face.revision(handle))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_valid_until(handle: u32) -> i64 {
    with(i64::MIN, |face| face.valid_until(handle))
}

#[unsafe(no_mangle)]
extern "C" fn cohort_result_ptr() -> usize {
    with(0, |face| face.result().as_ptr().expose_provenance())
}

#[unsafe(no_mangle)]
extern "C" fn cohort_result_len() -> usize {
    with(0, |face| face.result().len())
}
