//! A host of the wasm module, written to be read: how a gateway or a backend keeps a local copy of an
//! organisation's access and decides without asking the server.
//!
//! [`module`] calls the module in wasmtime; [`feed`] fetches and verifies what the server signed; [`watch`] holds
//! questions and notices when their answers change; [`follow`] ties the three together. The module decides and
//! never sees a clock, a key or a socket: those are the host's.
#![forbid(unsafe_code)]

pub mod ask;
pub mod clock;
pub mod event;
pub mod feed;
pub mod follow;
pub mod module;
pub mod table;
pub mod watch;
