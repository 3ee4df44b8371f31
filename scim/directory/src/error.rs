//! Why a folder was not opened, a caller not let in, a use case not carried out.

mod refusal;
mod storage;

use std::path::PathBuf;

use cohort_core::id::Revision;
use thiserror::Error;

pub use self::refusal::{Category, DirectoryError, MemberFault, Noun};
pub use self::storage::StoreError;

/// Why a data folder was not opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Another process serves the folder.
    #[error(
        "data folder `{}` is in use by another process\nhint: stop that server, or give this one a folder of its own", .folder.display()
    )]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// There is no such folder, and it was not to be created.
    #[error("data folder `{}` has no directory in it\nhint: create one by `cohort init`", .folder.display())]
    Missing {
        /// The folder.
        folder: PathBuf,
    },
    /// A file or the folder cannot be written.
    #[error("cannot write `{}`: {cause}\nhint: check its owner and mode, and the space left", .path.display())]
    NotWritable {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A file cannot be read.
    #[error("cannot read `{}`: {cause}", .path.display())]
    NotReadable {
        /// What was to be read.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The folder was written by a later version of the program.
    #[error(
        "data folder `{}` has schema version {found}; expected at most {known}\nhint: use the program version that wrote it, or a later one", .folder.display()
    )]
    Newer {
        /// The folder.
        folder: PathBuf,
        /// The version found.
        found: u32,
        /// The latest version that this program knows.
        known: u32,
    },
    /// What is in the folder is not what was written there.
    #[error("data folder `{}` is damaged: {damage}\nhint: restore it from a backup", .folder.display())]
    Damaged {
        /// The folder.
        folder: PathBuf,
        /// What does not fit.
        damage: Damage,
    },
    /// The system gave no randomness, without which no key can be made.
    #[error("the system gives no random numbers")]
    NoRandomness,
}

/// What does not fit in a damaged folder.
#[derive(Debug, Error)]
pub enum Damage {
    /// The signing key is not there, or not 64 hexadecimal digits.
    #[error("`signing.key` does not hold 64 hexadecimal digits")]
    SigningKey,
    /// A migration that was carried out once had another text.
    #[error("schema version {version} was made by other statements than this program knows")]
    Migration {
        /// Its number.
        version: u32,
    },
    /// The pages of the database contradict each other.
    #[error("the database contradicts itself")]
    Database,
    /// The database cannot be read.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Why a caller was not let in.
#[derive(Debug, Error)]
pub enum AuthError {
    /// The token is not one of ours, or is no longer.
    #[error("missing or unknown bearer token; expected a token of this organisation")]
    Unauthenticated,
    /// There is no such organisation for this caller, whether or not there is one for others.
    #[error("no organisation `{org}`")]
    UnknownOrg {
        /// The slug or uuid asked for.
        org: String,
    },
    /// The store failed.
    #[error("internal error; the request was not carried out")]
    Store(#[from] StoreError),
}

/// Why edges cannot be handed what they asked for.
#[derive(Debug, Error)]
pub enum FeedError {
    /// The changes since that revision are no longer kept, or are too many: a snapshot is smaller.
    #[error("revision {from} is too old for a delta\nhint: fetch a snapshot")]
    TooOld {
        /// The revision asked for.
        from: Revision,
    },
    /// The revision lies ahead of this directory: it was restored, or the edge followed another one.
    #[error("revision {from} lies ahead of {current}\nhint: fetch a snapshot")]
    Ahead {
        /// The revision asked for.
        from: Revision,
        /// The present revision.
        current: Revision,
    },
    /// Nobody is called so.
    #[error("no user `{user}`; expected a user's id or userName")]
    UnknownUser {
        /// The id or name asked for.
        user: String,
    },
    /// Several users are called so.
    #[error("several users are called `{user}`\nhint: ask by id")]
    AmbiguousUser {
        /// The name asked for.
        user: String,
    },
    /// The caller is no edge.
    #[error("this token is not for the feed; expected one made for `edge` or `admin`")]
    Forbidden,
    /// The store failed.
    #[error("internal error; the request was not carried out")]
    Store(#[from] StoreError),
}
