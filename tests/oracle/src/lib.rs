//! A second answer to every question, found the slow and obvious way.
//!
//! The oracle keeps what a world text says as plain lists and answers each question by a naive fixpoint over
//! them. It shares no code with the product, not even the reader of the text: an oracle that shares code agrees
//! with its own errors. Speed, memory and a friendly API are no aims; a reader must be able to hold each function
//! beside `docs/model.md` and see that they say the same.
//!
//! ```
//! use cohort_oracle::World;
//!
//! let world = World::read(
//!     "user ada\n\
//!      group staff has ada\n\
//!      role reader grants doc:read\n\
//!      grant reader to staff\n\
//!      ask ada doc:read = allow: manual staff < reader",
//! )?;
//! assert!(world.answers().iter().all(|answer| answer.holds));
//! # Ok::<(), cohort_oracle::ReadError>(())
//! ```
//!
//! Two simplifications, both harmless for the worlds that tests write: case is folded by lower-casing each
//! character (no NFKC), and a world holds one organisation, of the realm above it only who has accounts here.

mod ask;
mod error;
mod near;
mod reader;
mod resolve;
mod rule;
mod scope;
mod time;
mod truth;
mod validity;
mod words;
mod world;

#[cfg(test)]
mod tests;

pub use crate::ask::{Answer, Answered, Outcome, Path, Question, Reason, Start};
pub use crate::error::{Kind, Problem, ReadError};
pub use crate::resolve::Standing;
pub use crate::rule::{Rule, RuleError};
pub use crate::scope::Scope;
pub use crate::time::{Span, instant, instant_text};
pub use crate::truth::Truth;
pub use crate::world::{
    Edge, EdgeKind, Effect, Grant, Group, GroupState, Member, Principal, Role, User, World,
};
