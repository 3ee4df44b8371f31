//! Random worlds, played by the product and by the oracle.
//!
//! A [`World`] is written as the statements of a world file, so that both readers see the same words. [`Pair`]
//! plays it line by line on both sides and asks [`Question`]s; whatever they answer differently is a
//! [`Difference`], which [`shrink`] makes small enough to read. [`run`] does this for many worlds and counts in a
//! [`Tally`] which answers were met, because agreement on cases that never came up proves nothing.
//!
//! Everything follows from a seed: a run prints it, and `COHORT_SEED` sets it.

mod access;
mod cast;
mod compare;
mod crowd;
mod doors;
mod oracle;
mod pair;
mod people;
mod prng;
mod question;
mod rule;
mod run;
mod shrink;
mod tally;
mod world;

pub use compare::{Difference, Trouble};
pub use pair::{Depth, Pair, Told, validity};
pub use prng::Prng;
pub use question::{BORN, NOW, Question, STALE};
pub use run::{Found, Place, Report, Size, crowd, play_choices, run};
pub use shrink::{Case, shrink};
pub use tally::Tally;
pub use world::World;

/// The seed in `COHORT_SEED`, else `default`.
#[must_use]
pub fn seed_or(default: u64) -> u64 {
    std::env::var("COHORT_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
