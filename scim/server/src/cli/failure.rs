//! Why a command did not do what it was told.

use std::io;
use std::net::SocketAddr;

use cohort_directory::{AuthError, DirectoryError, OpenError};
use thiserror::Error;

/// The exit status of a command that failed; also that of the argument parser.
pub(crate) const STATUS_ERROR: u8 = 2;

/// Why a command failed; its text is one line, and a hint where there is a way out.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// The data folder was not opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The directory refused.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// There is no such organisation.
    #[error("no organisation `{org}` in this folder\nhint: `cohort init --org {org}` makes one")]
    UnknownOrg {
        /// The slug or uuid.
        org: String,
    },
    /// Options that only a scim token has.
    #[error("`--dialect` says how an identity provider speaks; expected it with `--for scim` only")]
    DialectWithoutScim,
    /// A time that is none.
    #[error("`--at {found}`: expected a time such as 2026-03-01T09:00:00Z, or a date")]
    Time {
        /// The text.
        found: String,
    },
    /// A URL that cannot start links.
    #[error(
        "`--public-url {found}`: expected an http or https URL without query, such as https://id.example.com"
    )]
    PublicUrl {
        /// The text.
        found: String,
    },
    /// The port is taken.
    #[error(
        "cannot listen on {address}: another program does\nhint: stop it, or give another port by --listen; port 0 finds a free one"
    )]
    AddressInUse {
        /// Where.
        address: SocketAddr,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        cause: io::Error,
    },
    /// The system gave no threads, signals or standard output.
    #[error("cannot {what}: {cause}")]
    System {
        /// What was tried.
        what: &'static str,
        /// What the system said.
        cause: io::Error,
    },
}

impl From<AuthError> for Failure {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::UnknownOrg { org } => Self::UnknownOrg { org },
            // Nobody shows a token on the command line: whoever reads the folder may.
            AuthError::Unauthenticated => Self::Directory(DirectoryError::Forbidden),
            AuthError::Store(cause) => Self::Directory(DirectoryError::Store(cause)),
        }
    }
}
