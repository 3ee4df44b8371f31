//! Questions with their last answers: asked again when there is news and when an answer runs out.

use core::fmt;

use cohort_core::decide::{Query, Uncertainty};
use cohort_core::id::{Instant, Revision};
use serde::Serialize;

use crate::ask::Ask;
use crate::module::{self, ModuleError, State};

/// Milliseconds after which a question that lay before the state was made is asked again.
const BEFORE_CREATED_MILLIS: i64 = 1_000;

/// Yes, no, or not known, in one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// Yes.
    Allow,
    /// No.
    Deny,
    /// The state cannot say: to be treated as no.
    Indeterminate,
}

impl fmt::Display for Word {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Indeterminate => "indeterminate",
        })
    }
}

/// An answer and how long it may be kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// The answer in one word.
    pub outcome: Word,
    /// The answer with its reason, in one line.
    pub text: String,
    /// The revision that answered.
    pub revision: Revision,
    /// The moment that was asked about.
    pub at: Instant,
    /// The answer holds up to this moment, as long as no news arrives.
    pub valid_until: Instant,
    /// From when asking again may give something else; none when only news can.
    again: Option<Instant>,
}

impl Told {
    /// Asks the module. A module that fails is an `indeterminate` answer: a host must not allow on a guess.
    pub fn by(state: &mut State, query: &Query<'_>) -> Self {
        Self::asked(state, query).unwrap_or_else(|error| Self::failed(&error, query.at))
    }

    fn asked(state: &mut State, query: &Query<'_>) -> Result<Self, ModuleError> {
        let answer = state.decide(query)?;
        let outcome = match answer.outcome {
            module::Outcome::Allow => Word::Allow,
            module::Outcome::Deny(_) => Word::Deny,
            module::Outcome::Indeterminate(_) => Word::Indeterminate,
        };
        let again = match answer.outcome {
            module::Outcome::Indeterminate(Uncertainty::BeforeCreated) => {
                Some(query.at.plus_millis(BEFORE_CREATED_MILLIS))
            }
            // A stale state says when it ran out: that moment has passed and will not come again.
            _ => Some(answer.valid_until).filter(|until| query.at < *until),
        };
        let text = state.explain(query)?;
        Ok(Self {
            outcome,
            text,
            revision: answer.revision,
            at: query.at,
            valid_until: answer.valid_until,
            again,
        })
    }

    fn failed(error: &ModuleError, at: Instant) -> Self {
        let text = format!("indeterminate: {error}");
        let revision = Revision::default();
        Self { outcome: Word::Indeterminate, text, revision, at, valid_until: at, again: None }
    }

    /// Whether the clock alone may have changed the answer; also true after the clock was set back.
    fn is_due(&self, now: Instant) -> bool {
        now < self.at || self.again.is_some_and(|again| again <= now)
    }
}

/// A question whose answer is new, or no longer what it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct News {
    /// Which question, counted from 0.
    pub ask: usize,
    /// What it was before, if that was another outcome.
    pub was: Option<Word>,
}

/// Questions with their last answers.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    watched: Vec<(Ask, Option<Told>)>,
}

impl Watch {
    /// Watches these questions, none of which has an answer yet.
    #[must_use]
    pub fn new(asks: Vec<Ask>) -> Self {
        Self { watched: asks.into_iter().map(|ask| (ask, None)).collect() }
    }

    /// The questions in their order, with their last answers.
    pub fn answers(&self) -> impl Iterator<Item = (&Ask, Option<&Told>)> {
        self.watched.iter().map(|(ask, told)| (ask, told.as_ref()))
    }

    /// A question and its last answer.
    #[must_use]
    pub fn answer(&self, ask: usize) -> Option<(&Ask, &Told)> {
        let (ask, told) = self.watched.get(ask)?;
        told.as_ref().map(|told| (ask, told))
    }

    /// Asks every question again, as of `at`, and gives those whose answer changed.
    pub fn ask_all(&mut self, at: Instant, answer: impl FnMut(&Query<'_>) -> Told) -> Vec<News> {
        self.ask_those(at, answer, |_| true)
    }

    /// Asks the questions again whose answers ran out by `at`, and gives those whose answer changed.
    pub fn ask_due(&mut self, at: Instant, answer: impl FnMut(&Query<'_>) -> Told) -> Vec<News> {
        self.ask_those(at, answer, |told| told.is_due(at))
    }

    /// The nearest moment at which an answer runs out; none when only news can change any.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.answers().filter_map(|(_, told)| told?.again).min()
    }

    fn ask_those(
        &mut self,
        at: Instant,
        mut answer: impl FnMut(&Query<'_>) -> Told,
        which: impl Fn(&Told) -> bool,
    ) -> Vec<News> {
        let mut news = Vec::new();
        for (number, (ask, last)) in self.watched.iter_mut().enumerate() {
            if last.as_ref().is_some_and(|last| !which(last)) {
                continue;
            }
            let told = ask.put(at, &mut answer);
            let before = last.replace(told);
            let changed = match (&before, &*last) {
                (Some(before), Some(now)) => before.outcome != now.outcome || before.text != now.text,
                _ => true,
            };
            if changed {
                let outcome = last.as_ref().map(|now| now.outcome);
                let was = before.map(|before| before.outcome).filter(|was| Some(*was) != outcome);
                news.push(News { ask: number, was });
            }
        }
        news
    }
}

#[cfg(test)]
mod tests;
