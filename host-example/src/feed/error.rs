//! Why the feed gave nothing.

use core::error::Error;

use cohort_core::view::WireError;
use cohort_verify::{KeyError, VerifyError};

/// Why no snapshot or delta was taken.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The server's address cannot be used.
    #[error(
        "`{found}` is not an address of a server; expected one such as `http://127.0.0.1:8080`\nhint: \
         this host speaks plain HTTP; put a TLS client such as a sidecar between it and a remote server"
    )]
    Server {
        /// The text found.
        found: String,
    },
    /// The organisation's name cannot be part of an address.
    #[error("`{found}` is not an organisation; expected its slug or uuid")]
    Org {
        /// The text found.
        found: String,
    },
    /// No answer, or only a part of one.
    #[error("no answer from the server: {}", root(.0))]
    Unreachable(#[source] reqwest::Error),
    /// An answer that is neither news nor [`FeedError::Gone`].
    #[error("the server answered with status {status}; expected 200{}", hint(*.status))]
    Status {
        /// The status found.
        status: u16,
    },
    /// The server has no delta from the revision that was asked for.
    #[error("the server has no delta from this revision")]
    Gone,
    /// More bytes than a host takes.
    #[error("an answer of more than {} bytes", super::BODY_BYTES_MAX)]
    TooLarge,
    /// Nobody that is trusted signed the answer.
    #[error("answer without a trusted signature: {0}")]
    Envelope(#[source] VerifyError),
    /// The signed bytes are neither a snapshot nor a delta.
    #[error("malformed answer: {0}")]
    Payload(#[source] WireError),
}

impl FeedError {
    /// Whether an answer arrived that must not be used, as opposed to none.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::TooLarge | Self::Envelope(_) | Self::Payload(_))
    }
}

/// The innermost cause: the outer ones repeat the address.
fn root(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

const fn hint(status: u16) -> &'static str {
    match status {
        401 | 403 => "\nhint: `cohort token --for edge` gives a fresh token",
        404 => "\nhint: is the organisation's name right?",
        _ => "",
    }
}

/// Why a text is not a token.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TokenError {
    /// Nothing but blanks.
    #[error("no token; expected one line\nhint: `cohort token --for edge` prints one")]
    Empty,
    /// Something that no token has.
    #[error("not a token; expected one line without blanks")]
    Characters,
}

/// Why a text is not a public key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeyTextError {
    /// Other than 64 hexadecimal digits.
    #[error("not a key; expected 64 hexadecimal digits\nhint: `cohort key` prints the server's")]
    NotHex,
    /// No point of the curve.
    #[error("{0}")]
    NotKey(KeyError),
}
