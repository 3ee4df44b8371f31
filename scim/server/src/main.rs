//! The `cohort` program: SCIM, management and edge faces of a directory over HTTP, and its command line.
//!
//! Modules stand on floors and import downwards only. The faces translate between HTTP and the use cases of
//! `cohort-directory`; they decide nothing themselves and know no storage.
//!
//! | floor | modules |
//! |--:|---|
//! | 0 | [`config`], [`error`], [`stopping`], [`rate`] |
//! | 1 | [`app`], [`journal`], [`auth`]: what every handler shares, what is noted of a request, and who calls |
//! | 2 | [`request`], [`reply`], [`question`]: what is read and what is answered |
//! | 3 | [`http`]: the faces |
//! | 4 | [`routes`]: one table of all routes; [`listen`]: connections |
//! | 5 | [`cli`] |
#![forbid(unsafe_code)]

mod app;
mod auth;
mod cli;
mod config;
mod error;
mod http;
mod journal;
mod listen;
mod question;
mod rate;
mod reply;
mod request;
mod routes;
mod stopping;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    cli::Cli::parse().run()
}
