//! Every reason for which a request is refused, before it has the shape of a face.
//!
//! The text of a refusal is public: what was found and what was expected, and on a line of its own a hint where
//! there is a way out. What went wrong inside the server is only logged.

use cohort_directory::{AuthError, Category, DirectoryError, FeedError, StoreError};
use cohort_scim::ScimError;
use cohort_scim::error::Excerpt;
use thiserror::Error;

/// What stands between the message of an error and its hint.
const HINT_MARK: &str = "\nhint: ";

/// Characters of a text about a field, which repeats what the client sent: names of all known fields fit.
const FIELD_TEXT_CHARS_MAX: usize = 400;

/// Why a request was not carried out.
#[derive(Debug, Error)]
pub(crate) enum Refusal {
    // Who calls, and where.
    /// No bearer token, or one that opens nothing.
    #[error(
        "missing or unknown bearer token\nhint: send `Authorization: Bearer TOKEN`; `cohort token --help` says how to get one"
    )]
    Unauthenticated,
    /// A good token, made for another face.
    #[error(
        "the token is for {found}; expected one for {expected}\nhint: `cohort token --for {expected}` prints one"
    )]
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
        org: Excerpt,
    },
    /// No route has this path.
    #[error("no endpoint `{path}`")]
    UnknownPath {
        /// The path of the request.
        path: Excerpt,
    },
    /// The path has routes, none with this method.
    #[error("method {method} is not possible here\nhint: the Allow header lists the methods that are")]
    Method {
        /// The method of the request.
        method: Excerpt,
    },

    // The query and the body as such.
    /// A query parameter has no meaning.
    #[error("parameter `{name}` is `{found}`; expected {expected}")]
    Parameter {
        /// Name of the parameter.
        name: &'static str,
        /// Its value.
        found: Excerpt,
        /// What it has to be.
        expected: &'static str,
    },
    /// A query parameter that has to be there is not.
    #[error("parameter `{name}` is missing; expected {expected}")]
    MissingParameter {
        /// Name of the parameter.
        name: &'static str,
        /// What it has to be.
        expected: &'static str,
    },
    /// The body says that it is something else than JSON.
    #[error("content type `{found}`; expected {}\nhint: send `Content-Type: {}`", expected.join(" or "), expected.first().unwrap_or(&""))]
    MediaType {
        /// The header as sent.
        found: Excerpt,
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

    /// A field of a management body is unknown, missing or not what it has to be.
    #[error("{}", field_text(.path, .cause))]
    Field {
        /// Where in the body; `.` for the body itself.
        path: String,
        /// What was found there and what was expected.
        cause: serde_json::Error,
    },

    // What the directory says.
    /// The directory refused.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The feed cannot go on from where the edge stands.
    #[error(transparent)]
    Feed(#[from] FeedError),

    // The server itself.
    /// The connection sends more than it may.
    #[error(
        "more than {per_second} requests per second of this connection\nhint: try again after {retry_seconds} seconds"
    )]
    TooFast {
        /// How many it may send.
        per_second: u32,
        /// Seconds after which it may go on.
        retry_seconds: u64,
    },
    /// The request took longer than a request may.
    #[error("the request took too long; whether it was carried out is not known")]
    Timeout,
    /// The server failed; the cause is in its log and nowhere else.
    #[error("internal error\nhint: the server's log names the cause")]
    Internal,
}

impl From<AuthError> for Refusal {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Unauthenticated => Self::Unauthenticated,
            AuthError::UnknownOrg { org } => Self::UnknownOrg { org: org.into() },
            AuthError::Store(cause) => Self::Directory(DirectoryError::Store(cause)),
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(cause: StoreError) -> Self {
        Self::Directory(cause.into())
    }
}

impl Refusal {
    /// The HTTP status (RFC 9110 section 15; for SCIM, RFC 7644 section 3.12).
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::WrongPurpose { .. } => 403,
            Self::UnknownOrg { .. } | Self::UnknownPath { .. } => 404,
            Self::Method { .. } => 405,
            Self::BodyTooLarge { .. } => 413,
            Self::MediaType { .. } => 415,
            Self::Parameter { .. }
            | Self::MissingParameter { .. }
            | Self::BodyCutShort
            | Self::EmptyBody
            | Self::Field { .. } => 400,
            Self::Scim(error) => error.status(),
            Self::Directory(error) => match error.category() {
                Category::Invalid => 400,
                Category::Forbidden => 403,
                Category::NotFound => 404,
                Category::Conflict => 409,
                Category::Internal => 500,
            },
            Self::Feed(FeedError::TooOld { .. } | FeedError::Ahead { .. }) => 410,
            Self::Feed(FeedError::Forbidden) => 403,
            Self::Feed(FeedError::UnknownUser { .. }) => 404,
            Self::Feed(FeedError::AmbiguousUser { .. }) => 409,
            Self::Feed(FeedError::Store(_)) | Self::Internal => 500,
            Self::TooFast { .. } => 429,
            Self::Timeout => 503,
        }
    }

    /// A word for the cause that stays the same when messages are reworded.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::WrongPurpose { .. } | Self::Feed(FeedError::Forbidden) => "forbidden",
            Self::UnknownOrg { .. } => "unknown_org",
            Self::UnknownPath { .. } => "unknown_path",
            Self::Method { .. } => "method_not_allowed",
            Self::Parameter { .. } | Self::MissingParameter { .. } => "invalid_parameter",
            Self::MediaType { .. } => "unsupported_media_type",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::BodyCutShort | Self::EmptyBody | Self::Scim(_) => "invalid_body",
            Self::Field { .. } => "invalid_field",
            Self::Directory(error) => error.code(),
            Self::Feed(FeedError::TooOld { .. }) => "revision_too_old",
            Self::Feed(FeedError::UnknownUser { .. }) => "not_found",
            Self::Feed(FeedError::AmbiguousUser { .. }) => "ambiguous",
            Self::Feed(FeedError::Ahead { .. }) => "revision_ahead",
            Self::Feed(FeedError::Store(_)) | Self::Internal => "internal",
            Self::TooFast { .. } => "too_fast",
            Self::Timeout => "timeout",
        }
    }

    /// What was found and what was expected, and how to go on, if that is known.
    pub(crate) fn message_and_hint(&self) -> (String, Option<String>) {
        let text = self.to_string();
        match text.split_once(HINT_MARK) {
            Some((message, hint)) => (message.to_owned(), Some(hint.to_owned())),
            None => (text, None),
        }
    }

    /// What went wrong inside, for the log alone.
    pub(crate) fn private_cause(&self) -> Option<&dyn std::error::Error> {
        match self {
            Self::Directory(DirectoryError::Store(cause)) | Self::Feed(FeedError::Store(cause)) => {
                Some(cause)
            }
            _ => None,
        }
    }
}

/// The reader's words, and where in the body, unless the words name the field themselves.
fn field_text(path: &str, cause: &serde_json::Error) -> String {
    let text: String = cause.to_string().chars().take(FIELD_TEXT_CHARS_MAX).collect();
    match path.rsplit('.').next() {
        Some(field) if !field.is_empty() && !text.contains(&format!("`{field}`")) => {
            format!("field `{}`: {text}", Excerpt::from(path))
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests;
