//! What a request says, read into values that are valid: its query, and the fields of its JSON body.
//!
//! The SCIM face hands whole bodies to the SCIM protocol's own reader; the fields here are the management face's.

mod body;
mod fields;
mod query;

pub(crate) use self::body::{ApiBody, ScimBody};
pub(crate) use self::fields::{Fields, Update};
pub(crate) use self::query::Query;
