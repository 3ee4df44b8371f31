//! The attributes of users and groups with their characteristics (RFC 7643 section 2.2), read from data.
//!
//! The tables in `schemas/*.json` have the form of RFC 7643 section 7. The same text is served by
//! the `/Schemas` endpoint and drives parsing, filtering and patching, so what is announced is what happens.
//! `password` is deliberately absent: Cohort signs nobody in, so a secret that a client pushes is never kept.

mod attribute;
mod attribute_path;
mod resource_type;

pub use self::attribute::{Attribute, AttributeType, Mutability, Returned, Uniqueness};
pub use self::attribute_path::AttributePath;
pub use self::resource_type::{Resolved, ResourceType, Schema, all, common};

/// The schema of users.
pub const USER_SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The schema of groups.
pub const GROUP_SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The extension of users by their place in an organisation.
pub const ENTERPRISE_SCHEMA: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The form of `text` in which two texts are equal if they differ by case alone.
///
/// Each character is lowered by itself, without looking at its neighbours: the result of a concatenation is the
/// concatenation of the results, so prefixes and infixes compare too. An index that answers filters over
/// attributes that are not case exact has to store this form.
///
/// ```
/// assert_eq!(cohort_scim::schema::folded("Ada@Example.COM"), "ada@example.com");
/// ```
pub fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
