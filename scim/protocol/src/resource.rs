//! Bodies of POST and PUT to documents, documents to answers.

use serde_json::Value;

use crate::dialect::Dialect;
use crate::error::ScimError;
use crate::member::{MemberKind, MemberRef};
use crate::projection::Projection;
use crate::schema::ResourceType;
use crate::value::Document;

/// A resource as a client wants it to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// What it is.
    pub resource_type: ResourceType,
    /// Its own attributes.
    pub document: Document,
    /// The members of a group, each once; `None` if the body does not speak of them, empty if it empties them.
    pub members: Option<Vec<MemberRef>>,
}

impl Resource {
    /// `externalId`.
    pub fn external_id(&self) -> Option<&str> {
        todo!()
    }
    /// `userName`; present in every user.
    pub fn user_name(&self) -> Option<&str> {
        todo!()
    }
    /// `displayName`; present in every group.
    pub fn display_name(&self) -> Option<&str> {
        todo!()
    }
}

/// Reads the body of a POST. A user without `active` is active.
///
/// # Errors
/// Those of the body's shape and values.
pub fn for_create(
    body: &Value,
    resource_type: ResourceType,
    dialect: &Dialect,
) -> Result<Resource, ScimError> {
    todo!()
}

/// Reads the body of a PUT over `previous`: `active` stays when absent, everything else is as the body says.
///
/// # Errors
/// Those of the body's shape and values.
pub fn for_replace(
    body: &Value,
    resource_type: ResourceType,
    previous: &Document,
    dialect: &Dialect,
) -> Result<Resource, ScimError> {
    todo!()
}

/// Whether the user of this document may use the account; absent means yes.
pub fn is_active(document: &Document) -> bool {
    todo!()
}

/// `meta` as the caller knows it; times in RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meta<'a> {
    /// When the resource was made.
    pub created: &'a str,
    /// When it last changed.
    pub last_modified: &'a str,
    /// Its URL.
    pub location: &'a str,
    /// Its ETag, such as `W/"7"`.
    pub version: &'a str,
}

/// A member of a group, or a group of a user, as answers list them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Related<'a> {
    /// The id.
    pub value: &'a str,
    /// The URL.
    pub location: &'a str,
    /// The name for display.
    pub display: Option<&'a str>,
    /// What binds the two.
    pub relation: Relation,
}

/// The `type` of a related resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The member of a group is of this kind.
    Member(MemberKind),
    /// The user was put into the group itself.
    Direct,
    /// The user belongs to the group through another one or by a rule.
    Indirect,
}

/// Everything an answer about one resource is made of.
#[derive(Debug, Clone, Copy)]
pub struct Representation<'a> {
    /// What it is.
    pub resource_type: ResourceType,
    /// Its id.
    pub id: &'a str,
    /// Its own attributes.
    pub document: &'a Document,
    /// What the server knows about it.
    pub meta: Meta<'a>,
    /// `members` of a group, `groups` of a user; not loaded when the projection does not want them.
    pub related: &'a [Related<'a>],
}

impl Representation<'_> {
    /// The JSON answer, without the attributes that the projection leaves out.
    pub fn render(&self, projection: &Projection) -> Value {
        todo!()
    }
}
