//! The world language as typed statements, for programs that act on them.
//!
//! A world is UTF-8 text, one statement a line: who exists, what is granted, what is asked and what the answer
//! must be. This reader knows the form of each statement and nothing of its meaning: names are not looked up and
//! rules stay text, because whoever executes the statements (SCIM and management requests, changes of a graph)
//! is what the worlds test. The oracle has a reader of its own; the two share nothing, so that a slip in one
//! shows as a difference.
//!
//! ```text
//! user  ada from okta department="sales"
//! group sales when department = "sales"
//! role  quoter grants quote:create
//! grant quoter to sales on project:42
//! ask   ada quote:create on project:42 = allow: rule sales < quoter
//! ```

mod error;
mod files;
mod line;
mod read;
mod statement;

#[cfg(test)]
mod tests;

pub use error::{Expected, WorldError};
pub use files::files;
pub use read::{DEFAULT_AT, read, read_line};
pub use statement::{
    Ask, Attribute, Edges, Effect, Grant, Group, GroupState, Line, Outcome, Principal, Role, Span, Statement,
    User,
};
