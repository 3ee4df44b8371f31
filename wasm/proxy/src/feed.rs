//! The verified state, and what to fetch next: a snapshot first, then deltas for which the server is waited.
//!
//! Nothing here waits or sends: the gateway does, and hands over what came back. Whatever is refused leaves the state of
//! before, which answers until its own bound.

mod back_off;

use std::fmt;

use cohort_core::id::{Instant, Revision};
use cohort_core::view::{ApplyError, OpenError, Snapshot, WireError, format};
use cohort_verify::{TrustedKey, VerifyError, verify};

use back_off::BackOff;

/// Seconds that the server may hold a request for a delta until there is news.
pub const WAIT_SECONDS: u64 = 25;
/// Seconds in which an answer must come, besides those in which the server waits.
pub const ANSWER_SECONDS: u64 = 15;
/// Milliseconds between two heartbeats at least, in case a server answers without waiting.
const HEARTBEAT_PACE_MILLIS: i64 = 1_000;
/// Bytes of an answer: a million people, and room.
pub const BODY_BYTES_MAX: usize = 128 << 20;

/// What to fetch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Want {
    /// The whole state.
    Snapshot,
    /// What changed since.
    Delta(Revision),
}

/// What came of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Taken {
    /// A state was opened.
    Opened(Revision),
    /// There was news.
    Moved(Revision),
    /// There was none, and the state may be used for longer.
    Fresh,
    /// Nothing came that could be used; the state of before answers.
    Refused(Refusal),
}

/// Why an answer was not used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// No answer came, or none in time.
    Unreachable,
    /// Another status than 200.
    Status(u32),
    /// More bytes than are read.
    TooLarge(usize),
    /// Nobody who is trusted signed it.
    Envelope(VerifyError),
    /// It is malformed.
    Header(WireError),
    /// The snapshot cannot be opened.
    Open(OpenError),
    /// The delta cannot be applied.
    Apply(ApplyError),
    /// A snapshot of another organisation than the first one was.
    OtherOrg,
    /// A snapshot made before the state that is open.
    Older,
}

impl Refusal {
    /// Whether the bytes were at fault, and not the way to the server.
    #[must_use]
    pub const fn is_of_bytes(&self) -> bool {
        !matches!(self, Self::Unreachable | Self::Status(_))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable => out.write_str("the server gave no answer"),
            Self::Status(status @ (401 | 403)) => {
                write!(
                    out,
                    "the server answered {status}\nhint: is `server.token` an edge token that still holds?"
                )
            }
            Self::Status(404) => {
                out.write_str("the server answered 404\nhint: is `server.org` an organisation there?")
            }
            Self::Status(status) => write!(out, "the server answered {status}"),
            Self::TooLarge(bytes) => {
                write!(out, "an answer of {bytes} bytes; expected at most {BODY_BYTES_MAX}")
            }
            Self::Envelope(cause) => write!(out, "{cause}"),
            Self::Header(cause) => write!(out, "{cause}"),
            Self::Open(cause) => write!(out, "{cause}"),
            Self::Apply(cause) => write!(out, "{cause}"),
            Self::OtherOrg => out.write_str("a snapshot of another organisation"),
            Self::Older => out.write_str("a snapshot made before the state that is open"),
        }
    }
}

/// The state and its news.
#[derive(Debug)]
pub struct Feed {
    keys: Vec<TrustedKey>,
    state: Option<Snapshot>,
    want: Want,
    due: Instant,
    back_off: BackOff,
}

impl Feed {
    /// Nothing is there yet; the first request is due at once.
    #[must_use]
    pub const fn new(keys: Vec<TrustedKey>) -> Self {
        let due = Instant::from_millis(i64::MIN);
        Self { keys, state: None, want: Want::Snapshot, due, back_off: BackOff::new() }
    }

    /// The state that answers; none before the first snapshot.
    #[must_use]
    pub const fn state(&self) -> Option<&Snapshot> {
        self.state.as_ref()
    }

    /// What to fetch, if it is time.
    #[must_use]
    pub fn due(&self, now: Instant) -> Option<Want> {
        (now >= self.due).then_some(self.want)
    }

    /// Takes what came back for `want`: its status, none without an answer, and its body.
    ///
    /// `seed` sets the pauses of different gateways apart.
    pub fn take(&mut self, want: Want, status: Option<u32>, body: &[u8], now: Instant, seed: u64) -> Taken {
        match self.taken(want, status, body) {
            Ok(taken) => {
                self.back_off.reset();
                let revision = self.state.as_ref().map(|state| state.header().revision).unwrap_or_default();
                self.want = Want::Delta(revision);
                let pace = if taken == Taken::Fresh { HEARTBEAT_PACE_MILLIS } else { 0 };
                self.due = now.plus_millis(pace);
                taken
            }
            Err(refusal) => {
                // A refused delta does not fit better the next time, nor does one that the server has no more.
                if refusal.is_of_bytes() || refusal == Refusal::Status(410) || self.state.is_none() {
                    self.want = Want::Snapshot;
                }
                self.due = now.plus_millis(self.back_off.next_millis(seed));
                Taken::Refused(refusal)
            }
        }
    }

    fn taken(&mut self, want: Want, status: Option<u32>, body: &[u8]) -> Result<Taken, Refusal> {
        match status {
            Some(200) => {}
            Some(status) => return Err(Refusal::Status(status)),
            None => return Err(Refusal::Unreachable),
        }
        if body.len() > BODY_BYTES_MAX {
            return Err(Refusal::TooLarge(body.len()));
        }
        let payload = verify(body, &self.keys).map_err(Refusal::Envelope)?;
        match (want, &mut self.state) {
            (Want::Delta(_), Some(state)) => {
                let before = state.header().revision;
                state.apply(payload).map_err(Refusal::Apply)?;
                let after = state.header().revision;
                Ok(if after == before { Taken::Fresh } else { Taken::Moved(after) })
            }
            _ => self.opened(payload),
        }
    }

    /// Opens a snapshot, which must not take the state back, nor to another organisation.
    fn opened(&mut self, payload: &[u8]) -> Result<Taken, Refusal> {
        let header = format::header(payload).map_err(Refusal::Header)?;
        if let Some(state) = &self.state {
            if header.org != state.header().org {
                return Err(Refusal::OtherOrg);
            }
            if header.created < state.header().created {
                return Err(Refusal::Older);
            }
        }
        let state = Snapshot::open(payload).map_err(Refusal::Open)?;
        let revision = state.header().revision;
        self.state = Some(state);
        Ok(Taken::Opened(revision))
    }
}

#[cfg(test)]
mod tests;
