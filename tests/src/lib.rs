//! tests
pub mod world;
