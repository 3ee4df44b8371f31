//! The server's feed over HTTP: snapshots and deltas, taken only with a trusted signature.
//!
//! One connection is kept alive. A delta is a long poll: the server answers when there is news, or after
//! [`WAIT_SECONDS`] with a heartbeat that lets the state be used for longer.

mod back_off;
mod error;

use core::fmt;
use core::str::FromStr;
use core::time::Duration;

use cohort_core::id::Revision;
use cohort_core::view::Header;
use cohort_core::view::format;
use cohort_verify::{TrustedKey, verify};
use reqwest::{Client, Response, StatusCode, Url, redirect};

pub use back_off::BackOff;
pub use error::{FeedError, KeyTextError, TokenError};

/// Bytes of the largest answer that is taken.
pub const BODY_BYTES_MAX: usize = 256 << 20;

/// Seconds for which the server may hold a request for a delta back.
pub const WAIT_SECONDS: u64 = 20;

/// Seconds for any answer to arrive whole, waiting not counted: a server that is gone without a word is noticed
/// this much later.
const ANSWER_SECONDS: u64 = 15;

/// What opens the feed to this host. It is never printed.
#[derive(Clone)]
pub struct Token(String);

impl FromStr for Token {
    type Err = TokenError;

    /// Takes a token as a file holds it: blanks around it do not count.
    fn from_str(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TokenError::Empty);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::Characters);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(..)")
    }
}

/// Reads a public key of 64 hexadecimal digits.
///
/// # Errors
/// [`KeyTextError`] when it is something else, or no key.
pub fn trusted_key(text: &str) -> Result<TrustedKey, KeyTextError> {
    let digits: Option<Vec<u8>> = text.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect();
    let digits = digits.filter(|digits| digits.len() == 64).ok_or(KeyTextError::NotHex)?;
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(digits.as_chunks().0) {
        *byte = high << 4 | low;
    }
    TrustedKey::from_bytes(&bytes).map_err(KeyTextError::NotKey)
}

/// A snapshot or a delta that one of the trusted keys signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Payload {
    bytes: Vec<u8>,
    header: Header,
}

impl Payload {
    /// What the module opens or applies.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Which revisions it is about, and when it was made.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// Whether it is a delta without news, from a revision to itself.
    #[must_use]
    pub fn is_heartbeat(&self) -> bool {
        self.header.from == self.header.revision
    }
}

/// One organisation's feed.
#[derive(Clone, Debug)]
pub struct Feed {
    client: Client,
    base: String,
    token: Token,
    keys: Vec<TrustedKey>,
}

impl Feed {
    /// The feed of `org` (slug or uuid) at `server`, such as `http://127.0.0.1:8080`.
    ///
    /// Nothing is sent yet. Redirects are not followed and proxies not used: the token is for this server.
    ///
    /// # Errors
    /// [`FeedError::Server`] or [`FeedError::Org`] when these cannot be part of an address.
    pub fn new(server: &str, org: &str, token: Token, keys: Vec<TrustedKey>) -> Result<Self, FeedError> {
        let not_address = || FeedError::Server { found: server.to_owned() };
        let url = Url::parse(server).map_err(|_| not_address())?;
        if url.scheme() != "http" || !url.has_host() || url.query().is_some() {
            return Err(not_address());
        }
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if org.is_empty() || !org.bytes().all(is_name) {
            return Err(FeedError::Org { found: org.to_owned() });
        }
        let client = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(ANSWER_SECONDS))
            .tcp_nodelay(true)
            .build()
            .map_err(FeedError::Unreachable)?;
        let base = format!("{}/orgs/{org}/edge/v1", url.as_str().trim_end_matches('/'));
        Ok(Self { client, base, token, keys })
    }

    /// Fetches the whole state.
    ///
    /// # Errors
    /// [`FeedError`] saying who failed and why.
    pub async fn snapshot(&self) -> Result<Payload, FeedError> {
        self.fetch(&format!("{}/snapshot", self.base), Duration::from_secs(ANSWER_SECONDS)).await
    }

    /// Fetches what changed after `from`, waiting for news when nothing did.
    ///
    /// # Errors
    /// [`FeedError::Gone`] when the server has no delta from there: take a snapshot. Else as for
    /// [`Feed::snapshot`].
    pub async fn delta(&self, from: Revision) -> Result<Payload, FeedError> {
        let url = format!("{}/delta?from={from}&wait={WAIT_SECONDS}", self.base);
        self.fetch(&url, Duration::from_secs(WAIT_SECONDS + ANSWER_SECONDS)).await
    }

    async fn fetch(&self, url: &str, within: Duration) -> Result<Payload, FeedError> {
        let request = self.client.get(url).bearer_auth(&self.token.0).timeout(within);
        let response = request.send().await.map_err(FeedError::Unreachable)?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::GONE => return Err(FeedError::Gone),
            status => return Err(FeedError::Status { status: status.as_u16() }),
        }
        self.verified(body(response).await?)
    }

    fn verified(&self, mut envelope: Vec<u8>) -> Result<Payload, FeedError> {
        let payload_bytes = verify(&envelope, &self.keys).map_err(FeedError::Envelope)?.len();
        let bytes = envelope.split_off(envelope.len() - payload_bytes);
        let header = format::header(&bytes).map_err(FeedError::Payload)?;
        Ok(Payload { bytes, header })
    }
}

async fn body(mut response: Response) -> Result<Vec<u8>, FeedError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(FeedError::Unreachable)? {
        if bytes.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(FeedError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
