//! Every reason for which a SCIM request can fail, and its answer as RFC 7644 section 3.12 wants it.
//!
//! One variant per cause, with what was found and what was expected as data. Texts of a client are kept as
//! [`Excerpt`]s. Nothing here names an internal of the server: the whole detail may be sent to the client.

mod answer;
mod excerpt;
mod json_kind;
mod syntax;

use thiserror::Error;

pub use self::answer::{ERROR_SCHEMA, ScimType};
pub use self::excerpt::Excerpt;
pub use self::json_kind::JsonKind;
pub use self::syntax::{SyntaxError, SyntaxFault};

/// Why a SCIM request was refused.
///
/// The `Display` text is the public detail: what was found and what was expected.
///
/// ```
/// use cohort_scim::{ResourceType, ScimError};
/// let error = ScimError::NotFound { resource_type: ResourceType::User.name(), id: "42".into() };
/// assert_eq!(error.status(), 404);
/// assert_eq!(error.to_json()["detail"], "no User with id `42`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ScimError {
    // The body as text and as JSON.
    /// The body is larger than the server reads.
    #[error("body of more than {bytes_max} bytes; expected at most that many")]
    BodyTooLarge {
        /// The limit in bytes.
        bytes_max: usize,
    },
    /// The body is not JSON.
    #[error("body is not JSON: fault at line {line}, column {column}")]
    MalformedJson {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, from 1; 0 at the end of a line.
        column: usize,
    },
    /// An object names one member twice; attribute names do not differ by case alone.
    #[error("duplicate member `{key}`; expected each name once, whatever its case")]
    DuplicateKey {
        /// The name as it was written the second time.
        key: Excerpt,
    },
    /// The body nests objects and arrays deeper than any SCIM message.
    #[error("body nested more than {depth_max} levels")]
    NestedTooDeep {
        /// The limit in levels.
        depth_max: usize,
    },
    /// The body has more values than any SCIM message.
    #[error("body of more than {count_max} JSON values; expected at most that many")]
    TooManyJsonValues {
        /// The limit.
        count_max: usize,
    },
    /// A member of a message has the wrong JSON type.
    #[error("{what} is {found}; expected {expected}")]
    WrongShape {
        /// The part of the message, such as "`Operations`".
        what: &'static str,
        /// What was sent.
        found: JsonKind,
        /// What the message has there.
        expected: &'static str,
    },
    /// A message lacks a member that it needs.
    #[error("{what} is missing; expected {expected}")]
    MissingPart {
        /// The part of the message, such as "`Operations`".
        what: &'static str,
        /// What the message has there.
        expected: &'static str,
    },
    /// `schemas` lacks the schema that the endpoint reads.
    #[error("`schemas` does not name `{expected}`")]
    MissingSchema {
        /// The URN that has to be there.
        expected: &'static str,
    },
    /// `schemas` names a schema that the endpoint does not read, or names one twice.
    #[error("unexpected schema `{found}`; expected each of {expected} at most once")]
    UnexpectedSchema {
        /// The URN that was sent.
        found: Excerpt,
        /// The URNs that may be sent.
        expected: String,
    },

    // Attributes and their values.
    /// A body names an attribute that no schema of the resource type has.
    #[error(
        "unknown attribute `{attribute}`; expected one that the schemas define\nhint: see the Schemas endpoint"
    )]
    UnknownAttribute {
        /// The name as sent.
        attribute: Excerpt,
    },
    /// A required attribute is absent or empty.
    #[error("`{attribute}` is missing or empty; expected a value")]
    MissingValue {
        /// Path of the attribute.
        attribute: String,
    },
    /// A value has another type than its attribute.
    #[error("`{attribute}` is {found}; expected {expected}")]
    WrongType {
        /// Path of the attribute.
        attribute: String,
        /// What was sent.
        found: JsonKind,
        /// The type of the attribute.
        expected: &'static str,
    },
    /// A value has the right type but not the form that its attribute asks for.
    #[error("`{attribute}` is `{found}`; expected {expected}")]
    WrongForm {
        /// Path of the attribute.
        attribute: String,
        /// What was sent.
        found: Excerpt,
        /// The form of the attribute.
        expected: &'static str,
    },
    /// A text is longer than the server keeps.
    #[error("`{attribute}` has {bytes} bytes; expected at most {bytes_max}")]
    ValueTooLong {
        /// Path of the attribute.
        attribute: String,
        /// Length found, in bytes.
        bytes: usize,
        /// The limit in bytes.
        bytes_max: usize,
    },
    /// A multi-valued attribute has more values than the server keeps.
    #[error("`{attribute}` has more than {count_max} values")]
    TooManyValues {
        /// Path of the attribute.
        attribute: String,
        /// The limit.
        count_max: usize,
    },
    /// All values of the resource together are more than the server keeps.
    #[error("resource of more than {bytes_max} bytes; expected at most that many, members not counted")]
    ResourceTooLarge {
        /// The limit in bytes.
        bytes_max: usize,
    },
    /// More than one value of an attribute is marked primary.
    #[error("`{attribute}` has several primary values; expected at most one")]
    SeveralPrimary {
        /// Path of the attribute.
        attribute: String,
    },
    /// The attribute belongs to the server.
    #[error("`{attribute}` is readOnly; expected no change to it")]
    ReadOnly {
        /// Path of the attribute.
        attribute: String,
    },
    /// The attribute keeps the value it got first.
    #[error("`{attribute}` is immutable; expected a removal and an addition instead")]
    Immutable {
        /// Path of the attribute.
        attribute: String,
    },
    /// The attribute is required and cannot be removed.
    #[error("`{attribute}` is required; expected a replacement, not a removal")]
    RemovesRequired {
        /// Path of the attribute.
        attribute: String,
    },

    // Filters.
    /// The filter is not one by RFC 7644 section 3.4.2.2.
    #[error("filter: {0}")]
    FilterSyntax(SyntaxError),
    /// The filter compares an attribute that no schema of the resource type has.
    #[error("filter: unknown attribute `{attribute}`; expected an attribute of the {resource_type} schemas")]
    FilterAttribute {
        /// The path as sent.
        attribute: Excerpt,
        /// The type of the resource.
        resource_type: &'static str,
    },
    /// The operator cannot be applied to the attribute or the value.
    #[error("filter: `{attribute}` cannot be compared by `{operator}` with {found}; expected {expected}")]
    FilterComparison {
        /// Path of the attribute.
        attribute: String,
        /// The operator's keyword.
        operator: &'static str,
        /// The kind of the comparison value.
        found: JsonKind,
        /// What would have been possible.
        expected: &'static str,
    },

    // PATCH.
    /// The path is not one by RFC 7644 section 3.5.2.
    #[error("path: {0}")]
    PathSyntax(SyntaxError),
    /// The path names no attribute of the resource type.
    #[error("path: `{path}` names no attribute of {resource_type}")]
    UnknownPath {
        /// The path as sent.
        path: Excerpt,
        /// The type of the resource.
        resource_type: &'static str,
    },
    /// The path selects elements of an attribute that has none.
    #[error(
        "path: `{path}` selects elements; expected a multi-valued attribute with sub-attributes before `[`"
    )]
    NotSelectable {
        /// The path as sent.
        path: Excerpt,
    },
    /// A strict connection sent a path that selects whole values.
    #[error("path: `{path}` selects whole values; expected a sub-attribute after `]`")]
    WholeValues {
        /// The path as sent.
        path: Excerpt,
    },
    /// Members of a group are selected by something else than their value.
    #[error("path: `{path}` selects members; expected conditions of the form `value eq \"id\"` joined by or")]
    MemberCondition {
        /// The path as sent.
        path: Excerpt,
    },
    /// `op` is none of the three.
    #[error("unknown op `{found}`; expected add, remove or replace")]
    UnknownOperation {
        /// The word as sent.
        found: Excerpt,
    },
    /// The body has more operations than the server runs at once.
    #[error("`Operations` has {count} entries; expected at most {count_max}")]
    TooManyOperations {
        /// Operations found.
        count: usize,
        /// The limit.
        count_max: usize,
    },
    /// A `remove` does not say what to remove.
    #[error("remove without path; expected the path of what to remove")]
    RemoveWithoutPath,
    /// A strict connection sent an operation without path.
    #[error("operation without path; expected a path in each operation")]
    OperationWithoutPath,
    /// A strict connection sent a `remove` with a value.
    #[error("remove of `{path}` with a value; expected a path with a filter instead")]
    RemoveWithValue {
        /// The path as sent.
        path: Excerpt,
    },
    /// The filter of the path matches no element.
    #[error("path: `{path}` matches no value")]
    NoTarget {
        /// The path as sent.
        path: Excerpt,
    },

    // Bulk.
    /// Two operations give one name to what they make.
    #[error("`bulkId` `{bulk_id}` of two operations; expected a name of its own for each POST")]
    BulkIdTwice {
        /// The name.
        bulk_id: Excerpt,
    },
    /// An operation refers to what no operation of the request makes.
    #[error("no POST of this request has the `bulkId` `{bulk_id}`")]
    UnknownBulkId {
        /// The name.
        bulk_id: Excerpt,
    },
    /// An operation refers to what could not be made.
    #[error("the operation with `bulkId` `{bulk_id}`, which this one refers to, failed")]
    FailedBulkId {
        /// The name.
        bulk_id: Excerpt,
    },
    /// The method of an operation is none of the four.
    #[error("unknown method `{found}`; expected POST, PUT, PATCH or DELETE")]
    BulkMethod {
        /// The word as sent.
        found: Excerpt,
    },
    /// The path of an operation names no resource.
    #[error("path of the operation is `{found}`; expected {expected}")]
    BulkPath {
        /// The path as sent.
        found: Excerpt,
        /// What the method needs.
        expected: &'static str,
    },

    // Queries.
    /// A query parameter is not a number, or has no meaning.
    #[error("parameter `{parameter}` is `{found}`; expected {expected}")]
    BadParameter {
        /// Name of the parameter.
        parameter: &'static str,
        /// Its value.
        found: Excerpt,
        /// What it has to be.
        expected: &'static str,
    },
    /// `attributes` and `excludedAttributes` were both given.
    #[error("both `attributes` and `excludedAttributes`; expected at most one of them")]
    AttributesTwice,
    /// `count` is not a positive number where paging by cursor needs one (RFC 9865 section 2.1).
    #[error("parameter `count` is `{found}`; expected a whole number from 1 with `cursor`")]
    InvalidCount {
        /// Its value.
        found: Excerpt,
    },
    /// The cursor was not given for this query to this client (RFC 9865 section 2.1).
    #[error(
        "`cursor` is none of this query; expected the `nextCursor` of a page of the same query\nhint: begin again with an empty cursor"
    )]
    InvalidCursor,
    /// The cursor was given too long ago (RFC 9865 section 2.1).
    #[error("`cursor` has expired\nhint: begin again with an empty cursor")]
    ExpiredCursor,
    /// More resources would have to be looked at than the server does for one answer.
    #[error(
        "more than {count_max} resources to look at; expected a filter with an equality of {indexed}\nhint: or page by cursor without sortBy"
    )]
    TooManyResults {
        /// The limit.
        count_max: usize,
        /// The attributes by which resources are found without looking at others.
        indexed: &'static str,
    },
    /// A filter on a discovery endpoint (RFC 7644 section 4).
    #[error("filter on a discovery endpoint; expected none")]
    FilterForbidden,

    // What only the caller of this crate can find out.
    /// No credentials, or none that hold.
    #[error("missing or unknown bearer token; expected the token of a connection of this organisation")]
    Unauthorized,
    /// There is no such resource for this client, whether or not another client has one.
    #[error("no {resource_type} with id `{id}`")]
    NotFound {
        /// The type asked for.
        resource_type: &'static str,
        /// The id asked for.
        id: Excerpt,
    },
    /// There is no such endpoint.
    #[error("no endpoint `{path}`; expected Users, Groups, ServiceProviderConfig, ResourceTypes or Schemas")]
    NoEndpoint {
        /// The path after the base URL.
        path: Excerpt,
    },
    /// The base URL names another version of the protocol (RFC 7644 section 3.13).
    #[error("protocol version `{found}`; expected v2")]
    UnknownVersion {
        /// The part of the path.
        found: Excerpt,
    },
    /// The endpoint exists and has no such method.
    #[error("method {method} is not possible here")]
    MethodNotAllowed {
        /// The method of the request.
        method: Excerpt,
    },
    /// Another resource of this connection has the value already.
    #[error("`{attribute}` `{value}` is taken by another {resource_type}")]
    NotUnique {
        /// The type of both resources.
        resource_type: &'static str,
        /// The attribute that has to be unique.
        attribute: &'static str,
        /// The value of both.
        value: Excerpt,
    },
    /// A member of a group is no resource of this connection.
    #[error("member `{value}` is unknown; expected the id of a user or group of this connection")]
    UnknownMember {
        /// The reference as sent.
        value: Excerpt,
    },
    /// The resource has changed since the client read it.
    #[error(
        "`If-Match` does not name the current version `{current}`\nhint: read the resource again and send its ETag"
    )]
    VersionMismatch {
        /// The ETag of the resource now.
        current: String,
    },
    /// The body has a media type other than JSON.
    #[error("content type `{found}`; expected application/scim+json or application/json")]
    UnsupportedMediaType {
        /// The header as sent.
        found: Excerpt,
    },
    /// `/Me` of a token that stands for no user (RFC 7644 section 3.11).
    #[error(
        "the token stands for a provider's connection; expected one that stands for a user\nhint: ask for the user by id, or by a filter"
    )]
    NobodySignedIn,
    /// The server failed; the cause is in its log and nowhere else.
    #[error("internal error; the request was not carried out")]
    Internal,
}

#[cfg(test)]
mod tests;
