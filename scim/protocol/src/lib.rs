//! SCIM 2.0 (RFC 7643, RFC 7644) as pure functions over JSON.
//!
//! The crate reads what identity providers send and writes what they expect to read. It owns the schemas, the
//! filter and path grammars, the meaning of PATCH and the shape of every message. It has no clock, generates no
//! ids, opens nothing and knows neither HTTP nor storage: its callers do.
//!
//! Modules stand on floors and import downwards only:
//!
//! | floor | modules |
//! |--:|---|
//! | 0 | [`error`], [`limits`], [`dialect`] |
//! | 1 | [`schema`], [`body`] |
//! | 2 | [`value`], [`filter`], [`path`] |
//! | 3 | [`member`], [`patch`] |
//! | 4 | [`projection`], [`resource`], [`list`], [`discovery`], [`bulk`] |
//!
//! ```
//! use cohort_scim::{Dialect, ResourceType, body, filter, patch, resource};
//!
//! let posted = body::read(br#"{"userName": "ada@example.com", "active": "True"}"#)?;
//! let user = resource::for_create(&posted, ResourceType::User, &Dialect::ENTRA)?;
//!
//! let patched = body::read(br#"{"Operations": [{"op": "Replace", "path": "title", "value": "Countess"}]}"#)?;
//! let edits = patch::user(&patched, &Dialect::ENTRA)?;
//! let after = edits.apply(&user.document)?;
//! assert!(after.changed);
//!
//! let filter = filter::parse("title sw \"count\" and active eq true")?;
//! assert!(filter::matches(&filter, &after.document, ResourceType::User));
//! # Ok::<(), cohort_scim::ScimError>(())
//! ```

pub mod body;
pub mod bulk;
pub mod dialect;
pub mod discovery;
pub mod error;
pub mod filter;
pub mod limits;
pub mod list;
pub mod member;
pub mod patch;
pub mod path;
pub mod projection;
pub mod resource;
pub mod schema;
pub mod value;

pub use self::dialect::{Dialect, Stance};
pub use self::error::{ScimError, ScimType};
pub use self::filter::Filter;
pub use self::list::ListQuery;
pub use self::member::{MemberEdit, MemberKind, MemberRef};
pub use self::patch::{DocumentEdits, GroupEdits, Patched};
pub use self::projection::Projection;
pub use self::resource::{Representation, Resource};
pub use self::schema::ResourceType;
pub use self::value::Document;
