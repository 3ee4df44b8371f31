//! Questions as people write them: `ada quote:create on project:42 in project:7 with mfa`.

use core::fmt;
use core::str::FromStr;

use cohort_core::decide::Query;
use cohort_core::id::{Instant, Revision};

/// A question without its moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    line: String,
    subject: String,
    permission: String,
    scope: Option<String>,
    parent: Option<String>,
    conditions: Vec<String>,
}

/// Why a line is no question.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AskError {
    /// The line ends before user and permission.
    #[error("expected a user and a permission, such as `ada quote:create`")]
    TooShort,
    /// A word that introduces nothing.
    #[error("unknown word `{found}`; expected `on`, `in` or `with`")]
    UnknownWord {
        /// The word.
        found: String,
    },
    /// The line ends where a value should stand.
    #[error("nothing follows `{word}`")]
    NothingFollows {
        /// The word before.
        word: String,
    },
    /// A place is given twice.
    #[error("`{word}` stands here twice")]
    Twice {
        /// The word that introduces it.
        word: String,
    },
    /// A quoted text without its end.
    #[error("a text in quotes has no end")]
    OpenQuote,
}

impl FromStr for Ask {
    type Err = AskError;

    /// Reads `USER PERMISSION [on SCOPE] [in PARENT] [with CONDITION]...`.
    ///
    /// Values with blanks stand in double quotes, with `\"` and `\\` inside; several conditions may follow one
    /// `with`, separated by commas.
    fn from_str(line: &str) -> Result<Self, AskError> {
        let mut words = words(line)?.into_iter();
        let (Some(subject), Some(permission)) = (words.next(), words.next()) else {
            return Err(AskError::TooShort);
        };
        let (mut scope, mut parent, mut conditions) = (None, None, Vec::new());
        while let Some(word) = words.next() {
            if !["on", "in", "with"].contains(&word.as_str()) {
                return Err(AskError::UnknownWord { found: word });
            }
            let Some(value) = words.next() else { return Err(AskError::NothingFollows { word }) };
            let place = match word.as_str() {
                "on" => &mut scope,
                "in" => &mut parent,
                _ => {
                    conditions.extend(listed(&value));
                    continue;
                }
            };
            if place.replace(value).is_some() {
                return Err(AskError::Twice { word });
            }
        }
        Ok(Self { line: line.trim().to_owned(), subject, permission, scope, parent, conditions })
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.line)
    }
}

impl Ask {
    /// Reads one question per line; empty lines, and what follows `#` at the start of a line, do not count.
    ///
    /// # Errors
    /// The number of the first wrong line, counted from 1, with what is wrong.
    pub fn lines(text: &str) -> Result<Vec<Self>, (usize, AskError)> {
        let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
        let asks = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        asks.map(|(number, line)| line.parse().map_err(|cause| (number, cause))).collect()
    }

    /// Gives `with` this question, put at the moment `at`.
    pub fn put<T>(&self, at: Instant, with: impl FnOnce(&Query<'_>) -> T) -> T {
        let conditions: Vec<&str> = self.conditions.iter().map(String::as_str).collect();
        with(&Query {
            subject: &self.subject,
            permission: &self.permission,
            scope: self.scope.as_deref(),
            parent: self.parent.as_deref(),
            at,
            conditions: &conditions,
            at_least: Revision::default(),
        })
    }
}

fn listed(value: &str) -> impl Iterator<Item = String> {
    value.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned)
}

/// The words of a line, quotes taken off. A comma draws the next word to its own: `mfa, vpn` is one.
fn words(line: &str) -> Result<Vec<String>, AskError> {
    let mut words: Vec<String> = Vec::new();
    let mut letters = line.chars().peekable();
    while let Some(first) = letters.next() {
        let mut word = String::new();
        match first {
            blank if blank.is_whitespace() => continue,
            '"' => loop {
                match letters.next().ok_or(AskError::OpenQuote)? {
                    '"' => break,
                    '\\' => word.push(letters.next().ok_or(AskError::OpenQuote)?),
                    letter => word.push(letter),
                }
            },
            letter => {
                word.push(letter);
                while let Some(letter) = letters.next_if(|letter| !letter.is_whitespace()) {
                    word.push(letter);
                }
            }
        }
        match words.last_mut() {
            Some(last) if last.ends_with(',') => last.push_str(&word),
            _ => words.push(word),
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests;
