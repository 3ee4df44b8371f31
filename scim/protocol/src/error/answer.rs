//! The answer to a failed request: status, keyword and body of RFC 7644 section 3.12.

use serde_json::{Map, Value, json};

use crate::error::ScimError;

/// The schema of an error body.
pub const ERROR_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// The detail error keywords of RFC 7644 section 3.12, Table 9, and RFC 9865 section 2.1, that this server uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScimType {
    /// The filter is malformed or compares what cannot be compared.
    InvalidFilter,
    /// A value is taken by another resource.
    Uniqueness,
    /// The attribute may not be changed that way.
    Mutability,
    /// The body does not have the shape of the message.
    InvalidSyntax,
    /// The PATCH path is malformed or names no attribute.
    InvalidPath,
    /// The PATCH path selects nothing.
    NoTarget,
    /// A required value is absent or a value has the wrong type or form.
    InvalidValue,
    /// The protocol has another version here.
    InvalidVersion,
    /// More resources than the server looks at.
    TooMany,
    /// The cursor is none of this query.
    InvalidCursor,
    /// The cursor was given too long ago.
    ExpiredCursor,
    /// The page size cannot be met.
    InvalidCount,
}

impl ScimType {
    /// The keyword as it stands in an error body.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
            Self::InvalidVersion => "invalidVers",
            Self::TooMany => "tooMany",
            Self::InvalidCursor => "invalidCursor",
            Self::ExpiredCursor => "expiredCursor",
            Self::InvalidCount => "invalidCount",
        }
    }
}

impl ScimError {
    /// The HTTP status, by RFC 7644 section 3.12 Table 8; 405 and 415 by RFC 9110.
    pub fn status(&self) -> u16 {
        match self {
            Self::Unauthorized => 401,
            Self::FilterForbidden => 403,
            Self::NotFound { .. } | Self::NoEndpoint { .. } => 404,
            Self::MethodNotAllowed { .. } => 405,
            Self::NotUnique { .. } | Self::FailedBulkId { .. } => 409,
            Self::VersionMismatch { .. } => 412,
            Self::BodyTooLarge { .. }
            | Self::TooManyJsonValues { .. }
            | Self::ResourceTooLarge { .. }
            | Self::TooManyOperations { .. } => 413,
            Self::UnsupportedMediaType { .. } => 415,
            Self::Internal => 500,
            Self::NobodySignedIn => 501,
            _ => 400,
        }
    }

    /// The detail keyword, by RFC 7644 section 3.12 Table 9; `None` where that table has none.
    pub fn scim_type(&self) -> Option<ScimType> {
        match self {
            Self::MalformedJson { .. }
            | Self::DuplicateKey { .. }
            | Self::NestedTooDeep { .. }
            | Self::WrongShape { .. }
            | Self::MissingPart { .. }
            | Self::MissingSchema { .. }
            | Self::UnexpectedSchema { .. }
            | Self::UnknownAttribute { .. }
            | Self::UnknownOperation { .. }
            | Self::OperationWithoutPath
            | Self::BulkIdTwice { .. }
            | Self::BulkMethod { .. }
            | Self::BulkPath { .. }
            | Self::RemoveWithValue { .. } => Some(ScimType::InvalidSyntax),
            Self::MissingValue { .. }
            | Self::WrongType { .. }
            | Self::WrongForm { .. }
            | Self::ValueTooLong { .. }
            | Self::TooManyValues { .. }
            | Self::SeveralPrimary { .. }
            | Self::UnknownMember { .. }
            | Self::UnknownBulkId { .. }
            | Self::BadParameter { .. }
            | Self::AttributesTwice => Some(ScimType::InvalidValue),
            Self::ReadOnly { .. } | Self::Immutable { .. } | Self::RemovesRequired { .. } => {
                Some(ScimType::Mutability)
            }
            Self::FilterSyntax(_) | Self::FilterAttribute { .. } | Self::FilterComparison { .. } => {
                Some(ScimType::InvalidFilter)
            }
            Self::PathSyntax(_)
            | Self::UnknownPath { .. }
            | Self::NotSelectable { .. }
            | Self::WholeValues { .. }
            | Self::MemberCondition { .. } => Some(ScimType::InvalidPath),
            Self::RemoveWithoutPath | Self::NoTarget { .. } => Some(ScimType::NoTarget),
            Self::NotUnique { .. } => Some(ScimType::Uniqueness),
            Self::UnknownVersion { .. } => Some(ScimType::InvalidVersion),
            Self::TooManyResults { .. } => Some(ScimType::TooMany),
            Self::InvalidCursor => Some(ScimType::InvalidCursor),
            Self::ExpiredCursor => Some(ScimType::ExpiredCursor),
            Self::InvalidCount { .. } => Some(ScimType::InvalidCount),
            Self::BodyTooLarge { .. }
            | Self::TooManyJsonValues { .. }
            | Self::ResourceTooLarge { .. }
            | Self::TooManyOperations { .. }
            | Self::FilterForbidden
            | Self::FailedBulkId { .. }
            | Self::Unauthorized
            | Self::NotFound { .. }
            | Self::NoEndpoint { .. }
            | Self::MethodNotAllowed { .. }
            | Self::VersionMismatch { .. }
            | Self::UnsupportedMediaType { .. }
            | Self::NobodySignedIn
            | Self::Internal => None,
        }
    }

    /// What was found and what was expected, fit for the client's eyes.
    pub fn detail(&self) -> String {
        self.to_string()
    }

    /// The error body of RFC 7644 section 3.12; `status` is a string there.
    pub fn to_json(&self) -> Value {
        let mut body = Map::new();
        body.insert("schemas".to_owned(), json!([ERROR_SCHEMA]));
        body.insert("status".to_owned(), json!(self.status().to_string()));
        if let Some(scim_type) = self.scim_type() {
            body.insert("scimType".to_owned(), json!(scim_type.keyword()));
        }
        body.insert("detail".to_owned(), json!(self.detail()));
        Value::Object(body)
    }
}
