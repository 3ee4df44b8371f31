//! What proves Cohort, and what shows it.
//!
//! Worlds ([`world`]) say who exists, what is granted and which answers are expected. [`build`] turns them into
//! changes of a graph; [`provision`] into requests over TCP to the real programs ([`program`]), in the shapes of
//! real identity providers ([`shapes`]). [`random`] makes worlds up and compares the product with the oracle on them;
//! [`fuzz`] takes any bytes. [`load`] is eight identity providers at once.
//! [`organisation`] makes large organisations from a seed, and [`mod@bench`] measures on them; [`serving`]
//! measures what SCIM requests cost a server. [`asks`] writes worlds as files for faces in any language,
//! and [`matrix`] shows what they answered. [`demo`] plays a world
//! for people. The journeys and suites are in `it/`.

pub mod asks;
pub mod bench;
pub mod build;
pub mod client;
pub mod demo;
pub mod faces;
pub mod failure;
pub mod fuzz;
pub mod gateway;
pub mod load;
pub mod matrix;
pub mod organisation;
pub mod program;
pub mod provision;
pub mod proxy;
pub mod random;
pub mod serving;
pub mod shapes;
pub mod world;
