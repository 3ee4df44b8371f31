//! Every reason for which a request is refused, before it has the shape of a face.
//!
//! The text of a refusal is public: what was found and what was expected, and on a line of its own a hint where
//! there is a way out. What went wrong inside the server is only logged.

use cohort_directory::{AuthError, Category, DirectoryError, FeedError};
use cohort_scim::ScimError;
use cohort_scim::error::JsonKind;
use thiserror::Error;

/// What stands between the message of an error and its hint.
const HINT_MARK: &str = "\nhint: ";

/// Why a request was not carried out.
#[derive(Debug, Error)]
pub(crate) enum Refusal {
    // Who calls, and where.
    /// No bearer token, or one that opens nothing.
    #[error("missing or unknown bearer token\nhint: send `Authorization: Bearer TOKEN`; `cohort token --help` says how to get one")]
    Unauthenticated,
    /// A good token, made for another face.
    #[error("the token is for {found}; expected one for {expected}\nhint: `cohort token --for {expected}` prints one")]
    WrongPurpose {
        /// What the token is for.
        found: &'static str,
        /// What it has to be for.
        expected: &'static str,
    },
    /// No such organisation for this caller, whether or not there is one.
    #[error("no organisation `{org}` for this token")]
    UnknownOrg {
        /// The slug or uuid in the path.
        org: String,
    },
    /// No route has this path.
    #[error("no endpoint `{path}`")]
    UnknownPath {
        /// The path of the request.
        path: String,
    },
    /// The path has routes, none with this method.
    #[error("method {method} is not possible here\nhint: the Allow header lists the methods that are")]
    Method {
        /// The method of the request.
        method: String,
    },

    // The query and the body as such.
    /// A query parameter has no meaning.
    #[error("parameter `{name}` is `{found}`; expected {expected}")]
    Parameter {
        /// Name of the parameter.
        name: &'static str,
        /// Its value.
        found: String,
        /// What it has to be.
        expected: &'static str,
    },
    /// The body says that it is something else than JSON.
    #[error("content type `{found}`; expected {}\nhint: send `Content-Type: {}`", expected.join(" or "), expected.first().unwrap_or(&""))]
    MediaType {
        /// The header as sent.
        found: String,
        /// What it may be.
        expected: &'static [&'static str],
    },
    /// The body is larger than the server reads.
    #[error("body of more than {bytes_max} bytes; expected at most that many")]
    BodyTooLarge {
        /// The limit in bytes.
        bytes_max: usize,
    },
    /// The connection broke inside the body.
    #[error("the body was cut short")]
    BodyCutShort,
    /// There is no body where one is needed.
    #[error("empty body; expected a JSON object")]
    EmptyBody,
    /// The body is no JSON that all readers read alike, or no SCIM.
    #[error(transparent)]
    Scim(#[from] ScimError),

    // The fields of a management body.
    /// A field that nothing reads.
    #[error("unknown field `{found}`; expected {}", expected.join(", "))]
    UnknownField {
        /// The name as sent.
        found: String,
        /// The fields that are read.
        expected: Vec<&'static str>,
    },
    /// A field that has to be there is not.
    #[error("field `{name}` is missing")]
    MissingField {
        /// The field.
        name: &'static str,
    },
    /// None of several fields is there, or more than one.
    #[error("expected exactly one of the fields {}", expected.join(", "))]
    OneField {
        /// The fields.
        expected: &'static [&'static str],
    },
    /// A field has the wrong JSON type.
    #[error("field `{name}` is {found}; expected {expected}")]
    Field {
        /// The field.
        name: &'static str,
        /// What was sent.
        found: JsonKind,
        /// What it has to be.
        expected: &'static str,
    },
    /// The whole body has the wrong JSON type.
    #[error("the body is {found}; expected an object")]
    BodyShape {
        /// What was sent.
        found: JsonKind,
    },
    /// A field has the right type but not the right form.
    #[error("field `{name}` is `{found}`; expected {expected}")]
    FieldForm {
        /// The field.
        name: &'static str,
        /// Its text.
        found: String,
        /// The form that it has to have.
        expected: &'static str,
    },
    /// A field is none of the words that it may be.
    #[error("field `{name}` is `{found}`; expected one of {}", expected.join(", "))]
    Choice {
        /// The field.
        name: &'static str,
        /// Its text.
        found: String,
        /// The words.
        expected: Vec<&'static str>,
    },
    /// A list has more items than one request may carry.
    #[error("field `{name}` has {count} items; expected at most {count_max}\nhint: split the request")]
    ListTooLong {
        /// The field.
        name: &'static str,
        /// Items found.
        count: usize,
        /// The limit.
        count_max: usize,
    },

    // What the directory says.
    /// The directory refused.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The feed cannot go on from where the edge stands.
    #[error("{0}\nhint: fetch the snapshot")]
    Feed(#[from] FeedError),

    // The server itself.
    /// The request took longer than a request may.
    #[error("the request took too long; whether it was carried out is not known")]
    Timeout,
    /// The server failed; the cause is in its log and nowhere else.
    #[error("internal error\nhint: the server's log names the cause")]
    Internal,
}
