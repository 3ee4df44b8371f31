//! SCIM requests over TCP against the program, and what a later read shows of them.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is how a test fails"
)]

mod bulk;
mod cursors;
mod dialects;
mod filters;
mod lists;
mod support;
mod versions;
