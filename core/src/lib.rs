//! Groups, rules and grants resolved into decisions.
//!
//! Two halves meet here. The directory's half ([`rule`], [`times`], [`model`], [`change`], [`graph`], [`encode`]) takes
//! [`change::Change`]s and says which [`view::Fact`]s they put or drop. The edge's half ([`view`], [`mod@decide`],
//! [`mod@explain`], [`who_can`]) opens those facts from bytes and answers questions; it knows nothing of the first half, so a
//! wasm face that links only it stays small.
//!
//! The crate has no clock, no randomness and no I/O: instants and ids come in as arguments.
//!
//! ```
//! use cohort_core::change::Change;
//! use cohort_core::decide::{Outcome, Query, decide};
//! use cohort_core::encode::{self, Validity};
//! use cohort_core::graph::Graph;
//! use cohort_core::id::{GrantId, Instant, OrgId, Revision, RoleId, Span, UserId};
//! use cohort_core::model::{Grant, Role, User};
//! use cohort_core::view::{Effect, Principal, Reach, Snapshot};
//!
//! let mut graph = Graph::new(OrgId::from_u128(1));
//! let ada = User::new(UserId::from_u128(2), "ada");
//! let reader = Role::new(RoleId::from_u128(3), "reader", &["doc:read"])?;
//! let grant = Grant::new(GrantId::from_u128(4), Principal::User(ada.id), reader.id);
//! for change in [Change::SetUser(ada), Change::SetRole(reader), Change::SetGrant(grant)] {
//!     graph.apply(&change)?;
//! }
//!
//! let now = Instant::from_millis(1_000);
//! let validity = Validity::from_now(now, 900_000);
//! let bytes = encode::snapshot(graph.org(), Revision::new(3), validity, graph.facts());
//! let snapshot = Snapshot::open(&bytes)?;
//! let query = Query::new("ada", "doc:read", now);
//! assert_eq!(decide(&snapshot, &query).outcome, Outcome::Allow);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod attribute;
pub mod change;
pub mod decide;
pub mod encode;
pub mod explain;
pub mod graph;
pub mod id;
pub mod limits;
pub mod model;
pub mod rule;
pub mod say;
pub mod times;
pub mod view;
pub mod who_can;
