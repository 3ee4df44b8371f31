//! What happens while a host follows a feed, as lines for people or as JSON for programs.

use core::fmt;

use cohort_core::id::Instant;
use serde::Serialize;

use crate::ask::Ask;
use crate::watch::{Told, Word};

/// Something that happened; one JSON object on one line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "event", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum Event {
    /// The server answers, for the first time or again.
    Connected,
    /// The server does not answer; decisions go on until the state runs out.
    Disconnected {
        /// Why.
        cause: String,
    },
    /// A snapshot was opened.
    Opened {
        /// Its revision.
        revision: u64,
        /// Its bytes, without the envelope.
        bytes: usize,
    },
    /// A delta was applied.
    Delta {
        /// The revision before.
        from: u64,
        /// The revision now.
        to: u64,
        /// Its bytes, without the envelope.
        bytes: usize,
    },
    /// Nothing changed at the server; the state may be used for longer.
    Heartbeat {
        /// The revision.
        revision: u64,
        /// Up to when, in milliseconds since 1970.
        valid_until: i64,
    },
    /// An answer was not taken; the state is as it was.
    Refused {
        /// The revision that is kept; none before the first snapshot.
        revision: Option<u64>,
        /// Why.
        cause: String,
    },
    /// A question was answered for the first time, or for another reason than before.
    Answer(Answered),
    /// The answer to a question turned.
    Flip {
        /// What it was.
        was: Word,
        /// What turned it.
        by: By,
        /// The answer now.
        #[serde(flatten)]
        answered: Answered,
    },
}

/// What made a question be asked again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// A fresh snapshot.
    Snapshot,
    /// A delta, heartbeats included.
    Delta,
    /// The host's clock.
    Clock,
}

/// A question with its answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answered {
    /// The question as it was written.
    pub ask: String,
    /// The answer in one word.
    pub outcome: Word,
    /// The answer with its reason.
    pub text: String,
    /// The revision that answered.
    pub revision: u64,
    /// The moment asked about, in milliseconds since 1970.
    pub at: i64,
    /// Up to when the answer holds without news, in milliseconds since 1970.
    pub valid_until: i64,
}

impl Answered {
    /// The question and its answer as of `told`.
    #[must_use]
    pub fn new(ask: &Ask, told: &Told) -> Self {
        Self {
            ask: ask.to_string(),
            outcome: told.outcome,
            text: told.text.clone(),
            revision: told.revision.number(),
            at: told.at.as_millis(),
            valid_until: told.valid_until.as_millis(),
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connected => out.write_str("connected"),
            Self::Disconnected { cause } => write!(out, "disconnected: {cause}"),
            Self::Opened { revision, bytes } => write!(out, "opened revision {revision}, {bytes} bytes"),
            Self::Delta { from, to, bytes } => write!(out, "revision {from} -> {to}, {bytes} bytes"),
            Self::Heartbeat { revision, valid_until } => {
                let until = Moment(Instant::from_millis(*valid_until));
                write!(out, "revision {revision} may be used until {until}")
            }
            Self::Refused { revision: Some(kept), cause } => {
                write!(out, "refused, keeping revision {kept}: {cause}")
            }
            Self::Refused { revision: None, cause } => write!(out, "refused: {cause}"),
            Self::Answer(Answered { ask, text, .. }) => write!(out, "{ask}\n  {text}"),
            Self::Flip { was, by, answered } => {
                let by = match by {
                    By::Snapshot => "a snapshot",
                    By::Delta => "a delta",
                    By::Clock => "the clock",
                };
                write!(out, "{}\n  {was} -> {}, by {by}", answered.ask, answered.text)
            }
        }
    }
}

/// A moment as people read it: RFC 3339 in UTC, or `never` when it lies beyond what that can write.
#[derive(Clone, Copy, Debug)]
pub struct Moment(pub Instant);

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0.as_millis()) {
            Ok(moment) => fmt::Display::fmt(&moment, out),
            Err(_) => out.write_str("never"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Answered, By, Event};
    use crate::watch::Word;

    #[test]
    fn an_event_is_one_json_object() {
        let answered = Answered {
            ask: "ada p".into(),
            outcome: Word::Deny,
            text: "deny: no path".into(),
            revision: 5,
            at: 1,
            valid_until: 2,
        };
        let flip = Event::Flip { was: Word::Allow, by: By::Clock, answered: answered.clone() };
        let cases = [
            (Event::Connected, r#"{"event":"connected"}"#),
            (
                Event::Refused { revision: Some(5), cause: "x".into() },
                r#"{"event":"refused","revision":5,"cause":"x"}"#,
            ),
            (Event::Opened { revision: 5, bytes: 9 }, r#"{"event":"opened","revision":5,"bytes":9}"#),
            (Event::Delta { from: 5, to: 6, bytes: 9 }, r#"{"event":"delta","from":5,"to":6,"bytes":9}"#),
            (
                Event::Answer(answered),
                r#"{"event":"answer","ask":"ada p","outcome":"deny","text":"deny: no path","revision":5,"at":1,"validUntil":2}"#,
            ),
            (
                flip,
                r#"{"event":"flip","was":"allow","by":"clock","ask":"ada p","outcome":"deny","text":"deny: no path","revision":5,"at":1,"validUntil":2}"#,
            ),
        ];
        for (event, json) in cases {
            assert_eq!(serde_json::to_string(&event).unwrap(), json);
        }
    }
}
