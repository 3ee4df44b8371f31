//! What the server is told at its start, and the bounds that nobody can set.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use cohort_directory::Settings;

/// Time for one request from its head to the head of its answer: a long poll, and room for a slow line.
pub(crate) const REQUEST_TIME_MAX: Duration = Duration::from_secs(60);

/// Time for the head of a request to arrive: a client that drips bytes holds a connection no longer.
pub(crate) const HEAD_TIME_MAX: Duration = Duration::from_secs(15);

/// Seconds that a long poll may wait: below the idle limits of common proxies (60 s).
pub(crate) const LONG_POLL_SECONDS_MAX: u64 = 30;

/// How often a quiet event stream sends a comment, so that proxies and clients see that it lives.
pub(crate) const EVENT_COMMENT_EVERY: Duration = Duration::from_secs(15);

/// How often whoever stays on is looked at again: a token may have come to its end, or another process took it back.
pub(crate) const TOKEN_CHECK_EVERY: Duration = Duration::from_secs(15);

/// Time that requests under way get when the server stops.
pub(crate) const DRAIN_TIME_MAX: Duration = Duration::from_secs(10);

/// Open connections at once; more wait in the listener's queue. Each watching edge holds one.
pub(crate) const CONNECTIONS_MAX: usize = 4096;

/// Threads for calls into the directory, which block on the store.
pub(crate) const BLOCKING_THREADS_MAX: usize = 64;

/// Bytes of a body that is read for its meaning where it came in; a larger one would hold up other requests there.
pub(crate) const SMALL_BODY_BYTES_MAX: usize = 16 * 1024;

/// Requests per second of one SCIM connection unless the setting says otherwise: more than two cores answer, so
/// that only a client gone wrong in a large installation meets it. Providers ask for 25.
pub(crate) const SCIM_RATE_DEFAULT: u32 = 10_000;

/// Time over which the requests of a connection are averaged: what it saved in that time it may send at once.
pub(crate) const RATE_WINDOW: Duration = Duration::from_secs(10);

/// Parameters of one query string.
pub(crate) const QUERY_PARAMETERS_MAX: usize = 64;

/// Requests of one answer when the request does not say how many it wants.
pub(crate) const LOG_PAGE_DEFAULT: u64 = 100;

/// Audit records of one answer when the request does not say how many it wants.
pub(crate) const AUDIT_PAGE_DEFAULT: u64 = 100;

/// Audit records of one answer at most.
pub(crate) const AUDIT_PAGE_MAX: u64 = 1_000;

/// What `cohort serve` is told.
#[derive(Debug, Clone)]
pub(crate) struct ServeConfig {
    /// The data folder.
    pub(crate) folder: PathBuf,
    /// Where to listen; port 0 lets the system choose.
    pub(crate) listen: SocketAddr,
    /// How the directory serves the folder.
    pub(crate) settings: Settings,
    /// The start of every URL in answers, without slash at its end; by default `http://` and the request's host.
    pub(crate) public_url: Option<String>,
    /// Requests per second of one SCIM connection.
    pub(crate) scim_rate: NonZeroU32,
}

/// `text` without slashes at its end, if it is an http or https URL without query, fragment or blanks.
pub(crate) fn public_url(text: &str) -> Option<&str> {
    let url = text.trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let is_part = |letter: char| letter.is_ascii_graphic() && !"?#\"\\<>".contains(letter);
    (!host.is_empty() && !host.starts_with('/') && host.chars().all(is_part)).then_some(url)
}

#[cfg(test)]
mod tests;
