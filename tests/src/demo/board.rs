//! The latest answer of the host to each question.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::question;
use crate::failure::Failure;
use crate::program::Host;
use crate::world::{Ask, Outcome};

/// How long an answer may take to become the expected one.
const WAIT: Duration = Duration::from_secs(5);

/// What the host last said.
#[derive(Default)]
pub(super) struct Board {
    answers: BTreeMap<String, Answer>,
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

    /// Keeps what an `answer` or a `flip` says.
    fn note(&mut self, event: &Value) {
        let text = |field: &str| event.get(field).and_then(Value::as_str);
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
