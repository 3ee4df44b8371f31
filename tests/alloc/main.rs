//! How much memory is asked for, counted in the allocator. One test alone in its program, and one measurement after the
//! other: whatever another thread allocated would be counted too.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed expectation is how a test fails")]

mod deciding;
mod member;
#[expect(dead_code, reason = "the same organisation as in the behaviour tests, which also change it")]
#[path = "../it/office.rs"]
mod office;

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What `work` gives, and what all threads allocated meanwhile.
fn allocated<T>(work: impl FnOnce() -> T) -> (T, Stats) {
    let region = Region::new(ALLOCATOR);
    let given = work();
    (given, region.change())
}

#[test]
fn deciding_asks_for_no_memory_and_adding_a_member_for_little() {
    let (boxed, counted) = allocated(|| Box::new([0_u64; 8]));
    assert_eq!((boxed.len(), counted.allocations, counted.bytes_allocated), (8, 1, 64), "the counter counts");
    deciding::takes_no_memory();
    member::takes_little();
}
