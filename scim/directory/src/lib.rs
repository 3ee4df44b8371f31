//! The use cases of an organisation directory over a durable store, and its signed feed.
//!
//! [`Directory`] is the whole of it for a caller: it opens a data folder, finds out who calls, and offers one
//! method per use case. They block until the answer is on disk, but for those of identity providers: these give a
//! [`Turn`], which a task may wait for as well. What a request changed is a revision of its organisation; the revisions
//! are what the feed hands to the edges, signed.
//!
//! Modules stand on floors and import downwards only:
//!
//! | floor | modules |
//! |--:|---|
//! | 0 | [`limits`], `tally`, [`ambient`], [`moment`], [`fold`](mod@fold), [`effort`], [`error`], `turn` |
//! | 1 | [`audit`]; `store`: rows and what a store promises |
//! | 2 | `store::sqlite` |
//! | 3 | `cursor`, `trails`, `signing`, `token`, [`caller`], `doors` |
//! | 4 | `profile`, `slug`, `lookup`; `org`: one organisation's graph and revision |
//! | 5 | `work`: one request; [`groups`], [`members`], [`access`], [`users`], [`connections`], `provision` |
//! | 6 | `readers`, `folder`, `publish`, `writer`, [`journal`], [`directory`] |
//!
//! Nothing here knows HTTP. Only `ambient` reads the clock or draws random numbers; only `store::sqlite` speaks SQL.
#![forbid(unsafe_code)]

pub mod access;
pub mod ambient;
pub mod audit;
pub mod caller;
pub mod connections;
pub mod directory;
pub mod effort;
pub mod error;
pub mod fold;
pub mod groups;
pub mod journal;
pub mod limits;
pub mod members;
pub mod moment;
pub mod users;

mod cursor;
mod doors;
mod folder;
mod lookup;
mod org;
mod profile;
mod provision;
mod publish;
mod readers;
mod signing;
mod slug;
mod store;
mod tally;
mod token;
mod trails;
mod turn;
mod work;
mod writer;

pub use crate::ambient::{Ambient, System};
pub use crate::caller::{Access, Caller, Connection, Purpose};
pub use crate::directory::{Directory, FeedBytes, OrgRef, ScimTurn, Settings, SliceAsked, SliceBytes};
pub use crate::effort::Effort;
pub use crate::error::{AuthError, Category, DirectoryError, FeedError, OpenError, StoreError};
pub use crate::fold::fold;
pub use crate::journal::Retention;
pub use crate::moment::Moment;
pub use crate::provision::{ScimAnswer, ScimView};
pub use crate::publish::{Listener, Revocation};
pub use crate::tally::counted;
pub use crate::turn::Turn;
pub use crate::work::{Mode, Written};
