//! The directory's use cases over a real data folder: what callers see, after commits and after reopening.

mod feed;
mod folder;
mod management;
mod provisioning;
mod support;
