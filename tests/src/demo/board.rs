//! The latest answer of the host to each question.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::question;
use crate::failure::Failure;
use crate::program::Host;
use crate::world::{Ask, Outcome};

/// How long an answer may take to become the expected one.
const WAIT: Duration = Duration::from_secs(10);

/// What the host last said.
#[derive(Default)]
pub(super) struct Board {
    answers: BTreeMap<String, Answer>,
    /// The revision that the host has.
    revision: u64,
    /// Whether the host lost the server.
    disconnected: bool,
}

/// One answer, and when it arrived.
#[derive(Clone)]
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    pub(super) detail: String,
    pub(super) arrived: Instant,
}

impl Board {
    /// The answer to `ask` that is as expected, or the last one when none is in time.
    pub(super) async fn answer(&mut self, host: &mut Host, ask: &Ask) -> Result<Option<Answer>, Failure> {
        let question = question(ask);
        let end = Instant::now() + WAIT;
        loop {
            let known = self.answers.get(&question);
            if known.is_some_and(|answer| ask.is_met_by(answer.outcome, &answer.detail)) {
                return Ok(known.cloned());
            }
            match tokio::time::timeout_at(end.into(), host.next()).await {
                Ok(event) => self.note(&event?),
                Err(_) => return Ok(known.cloned()),
            }
        }
    }

    /// Waits until the host has answered as many questions as it was given.
    pub(super) async fn collect(&mut self, host: &mut Host, questions: usize) -> Result<(), Failure> {
        while self.answers.len() < questions {
            self.note(&host.next().await?);
        }
        Ok(())
    }

    /// Waits until the host has reached `revision`.
    pub(super) async fn reach(&mut self, host: &mut Host, revision: u64) -> Result<(), Failure> {
        while self.revision < revision {
            self.note(&host.next().await?);
        }
        Ok(())
    }

    /// Waits until the host has noticed that the server is gone.
    pub(super) async fn disconnect(&mut self, host: &mut Host) -> Result<(), Failure> {
        while !self.disconnected {
            self.note(&host.next().await?);
        }
        Ok(())
    }

    /// Waits until the host has found the server again.
    pub(super) async fn reconnect(&mut self, host: &mut Host) -> Result<(), Failure> {
        while self.disconnected {
            self.note(&host.next().await?);
        }
        Ok(())
    }

    /// Keeps what an event says.
    fn note(&mut self, event: &Value) {
        let text = |field: &str| event.get(field).and_then(Value::as_str);
        let number = |field: &str| event.get(field).and_then(Value::as_u64);
        match text("event") {
            Some("opened") => self.revision = number("revision").unwrap_or_default(),
            Some("delta") => self.revision = number("to").unwrap_or_default(),
            Some("disconnected") => self.disconnected = true,
            Some("connected") => self.disconnected = false,
            _ => {}
        }
        let (Some(question), Some(outcome), Some(words)) = (text("ask"), text("outcome"), text("text"))
        else {
            return;
        };
        let outcome = match outcome {
            "allow" => Outcome::Allow,
            "deny" => Outcome::Deny,
            _ => Outcome::Indeterminate,
        };
        let detail = words.split_once(": ").map_or("", |(_, detail)| detail).to_string();
        self.answers.insert(question.to_string(), Answer { outcome, detail, arrived: Instant::now() });
    }
}
