//! Behaviour tests of the whole project, in one program: linking it is what takes time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failed expectation is how a test fails"
)]

mod asks;
mod bytes;
mod deltas;
mod differential;
mod fuzz;
mod handles;
mod journeys;
mod laws;
mod office;
mod python_reader;
mod realm;
mod rule_json;
mod rules;
mod scim;
mod slices;
mod snapshot_files;
mod wide;
mod worlds;
