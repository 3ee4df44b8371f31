//! The directory's use cases over a real data folder: what callers see, after commits and after reopening.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a failed expectation is how a test fails")]

mod at_once;
mod doors;
mod feed;
mod folder;
mod journal;
mod lists;
mod management;
mod provisioning;
mod support;
