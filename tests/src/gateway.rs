//! A real Envoy with the filter, before a real upstream: what the scenarios, the worlds and the bench share.

mod asker;
pub mod bench;
mod envoy;
mod feed;
mod identity;
pub mod scenarios;
mod upstream;
mod worlds;

pub use asker::{Asker, Reply};
pub use envoy::{Envoy, Setup, cohort_filter};
pub use feed::OwnFeed;
pub use identity::Identity;
pub use upstream::Upstream;
pub use worlds::Gateway;
