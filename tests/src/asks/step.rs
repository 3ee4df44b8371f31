//! The lines of a file `asks`, read and written.

use std::fmt;

use cohort_core::decide::Query;
use cohort_core::id::{Instant, Revision};

use super::failure::AsksFailure;
use super::word;

/// One line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// The moment of the questions that follow, in milliseconds since 1970.
    At(i64),
    /// A file to open.
    Open {
        /// Its name.
        file: String,
        /// The code with which it is refused.
        refused: Option<String>,
    },
    /// A file to apply.
    Apply {
        /// Its name.
        file: String,
        /// The code with which it is refused.
        refused: Option<String>,
    },
    /// Whether a user may do something.
    Ask(Question, Answer),
    /// Whether a user has a role, whose id stands for the permission.
    Role(Question, Answer),
    /// Who may do something: ids. The question names no user.
    Who(Question, Vec<String>),
}

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Question {
    /// A user's id or name.
    pub user: String,
    /// A permission's name, or a role's id.
    pub permission: String,
    /// Where; the organisation when none.
    pub scope: Option<String>,
    /// What an unknown scope lies in; the organisation when none.
    pub parent: Option<String>,
    /// What is vouched for.
    pub conditions: Vec<String>,
    /// The oldest revision that may answer; 0 for any.
    pub at_least: u64,
    /// The file to open for this question alone.
    pub of: Option<String>,
}

impl Question {
    /// Puts it as the core takes it, about the moment `at`, in milliseconds.
    pub fn put<T>(&self, at: i64, ask: impl FnOnce(&Query<'_>) -> T) -> T {
        let conditions: Vec<&str> = self.conditions.iter().map(String::as_str).collect();
        ask(&Query {
            subject: &self.user,
            permission: &self.permission,
            scope: self.scope.as_deref(),
            parent: self.parent.as_deref(),
            at: Instant::from_millis(at),
            conditions: &conditions,
            at_least: Revision::new(self.at_least),
        })
    }
}

/// What must be answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// `allow`, `deny` or `indeterminate`.
    pub outcome: String,
    /// The rest of the decision, where it is told.
    pub exact: Option<Exact>,
    /// What an explanation says behind the outcome, where it is told.
    pub detail: Option<String>,
}

/// What a decision says besides its outcome.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exact {
    /// The stable name of the reason; empty for an allow.
    pub reason: String,
    /// The revision that answered.
    pub revision: u64,
    /// Up to when the answer holds, in milliseconds since 1970.
    pub valid_until: i64,
}

impl Answer {
    /// What an explanation says in full, where it is told.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        Some(format!("{}: {}", self.outcome, self.detail.as_ref()?))
    }
}

/// The steps of a file.
///
/// # Errors
/// [`AsksFailure::Line`] with the first line that is none.
pub fn read(text: &str) -> Result<Vec<Step>, AsksFailure> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(read_line).collect()
}

/// The step of one line.
///
/// # Errors
/// [`AsksFailure::Line`] when it is none.
pub fn read_line(line: &str) -> Result<Step, AsksFailure> {
    let wrong = |expected| AsksFailure::Line { line: line.to_owned(), expected };
    let (step, answer) = line.split_once(" = ").map_or((line, None), |(step, answer)| (step, Some(answer)));
    let words: Option<Vec<String>> = step.split(' ').map(word::read).collect();
    let words = words.ok_or_else(|| wrong("words in which `%` stands before two digits"))?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let refused = || answer.map(ToOwned::to_owned);
    match words.as_slice() {
        ["at", time] => moment(time).map(Step::At).ok_or_else(|| wrong("a moment")),
        ["open", file] => Ok(Step::Open { file: (*file).to_owned(), refused: refused() }),
        ["apply", file] => Ok(Step::Apply { file: (*file).to_owned(), refused: refused() }),
        [kind @ ("ask" | "role"), user, permission, clauses @ ..] => {
            let question = question(user, permission, clauses)
                .ok_or_else(|| wrong("`on`, `in`, `with`, `least`, `of`"))?;
            let answer = answer.and_then(read_answer).ok_or_else(|| wrong("an answer behind ` = `"))?;
            Ok(if *kind == "ask" { Step::Ask(question, answer) } else { Step::Role(question, answer) })
        }
        ["who", permission, clauses @ ..] => {
            let question =
                question("", permission, clauses).ok_or_else(|| wrong("`on`, `in`, `with`, `of`"))?;
            let users = answer.ok_or_else(|| wrong("users behind ` = `"))?;
            Ok(Step::Who(question, users.split_whitespace().map(ToOwned::to_owned).collect()))
        }
        _ => Err(wrong("`at`, `open`, `apply`, `ask`, `role` or `who`")),
    }
}

fn moment(text: &str) -> Option<i64> {
    let in_words = || text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond);
    text.parse().ok().or_else(in_words)
}

fn question(user: &str, permission: &str, mut clauses: &[&str]) -> Option<Question> {
    let mut question =
        Question { user: user.to_owned(), permission: permission.to_owned(), ..Question::default() };
    while let [clause, value, rest @ ..] = clauses {
        let text = Some((*value).to_owned());
        match *clause {
            "on" => question.scope = text,
            "in" => question.parent = text,
            "of" => question.of = text,
            "least" => question.at_least = value.parse().ok()?,
            "with" => question.conditions.push((*value).to_owned()),
            _ => return None,
        }
        clauses = rest;
    }
    clauses.is_empty().then_some(question)
}

fn read_answer(text: &str) -> Option<Answer> {
    let (decision, detail) =
        text.split_once(": ").map_or((text, None), |(decision, detail)| (decision, Some(detail)));
    let words: Vec<&str> = decision.split(' ').collect();
    let (outcome, exact) = match *words.as_slice() {
        [outcome] => (outcome, None),
        [outcome, reason, revision, until] => {
            let reason = if reason == "-" { "" } else { reason }.to_owned();
            let exact = Exact { reason, revision: revision.parse().ok()?, valid_until: until.parse().ok()? };
            (outcome, Some(exact))
        }
        _ => return None,
    };
    Some(Answer { outcome: outcome.to_owned(), exact, detail: detail.map(ToOwned::to_owned) })
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(millis) => write!(out, "at {millis}"),
            Self::Open { file, refused: None } => write!(out, "open {}", word::written(file)),
            Self::Open { file, refused: Some(code) } => write!(out, "open {} = {code}", word::written(file)),
            Self::Apply { file, refused: None } => write!(out, "apply {}", word::written(file)),
            Self::Apply { file, refused: Some(code) } => {
                write!(out, "apply {} = {code}", word::written(file))
            }
            Self::Ask(question, answer) => {
                write!(out, "ask {} {question} = {answer}", word::written(&question.user))
            }
            Self::Role(question, answer) => {
                write!(out, "role {} {question} = {answer}", word::written(&question.user))
            }
            Self::Who(question, users) => write!(out, "who {question} = {}", users.join(" ")),
        }
    }
}

/// All but the user.
impl fmt::Display for Question {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&word::written(&self.permission))?;
        let told = [("on", &self.scope), ("in", &self.parent)];
        for (clause, value) in told.into_iter().filter_map(|(clause, value)| Some((clause, value.as_ref()?)))
        {
            write!(out, " {clause} {}", word::written(value))?;
        }
        for condition in &self.conditions {
            write!(out, " with {}", word::written(condition))?;
        }
        if self.at_least > 0 {
            write!(out, " least {}", self.at_least)?;
        }
        self.of.iter().try_for_each(|file| write!(out, " of {}", word::written(file)))
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.outcome)?;
        if let Some(Exact { reason, revision, valid_until }) = &self.exact {
            let reason = if reason.is_empty() { "-" } else { reason };
            write!(out, " {reason} {revision} {valid_until}")?;
        }
        self.detail.iter().try_for_each(|detail| write!(out, ": {detail}"))
    }
}

#[cfg(test)]
mod tests;
