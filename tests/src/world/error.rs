//! Why a world cannot be read.

use std::fmt;

/// A line whose form is not that of a statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorldError {
    /// The number of the line, from 1.
    pub line: usize,
    /// What stands there; `None` at the end of the line.
    pub found: Option<String>,
    /// What belongs there.
    pub expected: Expected,
}

/// What belongs in the place of an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// The first word of a statement.
    Statement,
    /// A certain keyword or sign.
    Keyword(&'static str),
    /// One of the words that may follow here.
    OneOf(&'static [&'static str]),
    /// The name of a user, a group or a role.
    Name,
    /// A value, a permission or a title.
    Value,
    /// A scope.
    Scope,
    /// An instant.
    Time,
    /// An end after the start.
    LaterEnd,
    /// A number of members.
    Number,
    /// The text of a rule.
    Rule,
    /// The quote that closes a text.
    ClosingQuote,
    /// Nothing more.
    EndOfLine,
}

impl fmt::Display for WorldError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}: found ", self.line)?;
        match &self.found {
            Some(found) => write!(out, "`{found}`")?,
            None => out.write_str("the end of the line")?,
        }
        write!(out, "; expected {}", self.expected)
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Statement => "a statement such as `user`, `group`, `grant` or `ask`",
            Self::Keyword(keyword) => return write!(out, "`{keyword}`"),
            Self::OneOf(words) => return write!(out, "one of {}", words.join(", ")),
            Self::Name => "a name; in quotes unless of letters, digits, `_`, `.`, `@` and `-`",
            Self::Value => "a value",
            Self::Scope => "a scope such as `org`, `project:42` or `invoice:*`",
            Self::Time => "a time such as `2026-03-01` or `2026-03-01T09:00:00Z`",
            Self::LaterEnd => "an end after the start",
            Self::Number => "a number of members",
            Self::Rule => "a rule such as `department = \"sales\"`",
            Self::ClosingQuote => "a closing `\"`",
            Self::EndOfLine => "the end of the line",
        })
    }
}

impl std::error::Error for WorldError {}
