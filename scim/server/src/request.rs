//! What a request says: the names in its path, its query, and the JSON of its body.

mod body;
mod path;
mod query;

pub(crate) use self::body::{ApiBody, ScimBody};
pub(crate) use self::path::{Id, MemberId};
pub(crate) use self::query::Query;
