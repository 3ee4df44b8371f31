//! What an edge knows: facts, their bytes, and the state that they make up.
//!
//! A [`Fact`] is one row of truth without its consequences: a user, an edge, a grant. A snapshot is all facts of
//! an organisation at a revision; a delta is the facts put and dropped from one revision to another. Both lie
//! in an [`envelope`] with a signature. [`Snapshot`] is the opened state that questions read.

mod fact;
mod index;
mod keys;
mod lists;
mod order;
mod snapshot;
mod state;
mod texts;
pub(crate) mod told;
mod wire;

pub mod envelope;
pub mod format;

pub use fact::{
    Effect, Fact, FactChange, FactKey, Facts, GrantFact, GroupState, Member, Principal, Reach, Via,
};
pub use format::{HEADER_BYTES, Header, Kind, UserNames, WireError, WireFault};
pub(crate) use keys::{Key, Keys};
pub(crate) use snapshot::Ambiguous;
pub use snapshot::{ApplyError, OpenError, Snapshot, StateError, Subject};
pub(crate) use state::{
    ANY_LINE, ANY_ROLE, Bits, Coverage, EVERYONE, Edge, GROUPS_FROM, Give, Grant, Grants, Having, MORE_LEN,
    NONE, ORG, Places, REALM, ROW_LEN_MAX, Row, SCOPES_FROM, SLOTS_END, Spans, State, Where,
};
pub(crate) use wire::Writer;
