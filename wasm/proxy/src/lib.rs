//! The core as a proxy-wasm HTTP filter: a gateway asks it before it lets a request through.
//!
//! [`config`] is what the gateway tells it at its start; [`path`] and [`route`] say which question a request is, and
//! refuse one that somebody else could read otherwise; [`feed`] holds the verified state and says what to fetch next;
//! [`verdict`] puts the question. All of these are pure and run natively; `filter` joins them to the gateway and exists on
//! wasm only. What the answer is comes from `cohort_core` alone, and whatever is unknown does not pass.

pub mod config;
pub mod feed;
pub mod path;
pub mod route;
pub mod verdict;

#[cfg(target_family = "wasm")]
mod filter;
