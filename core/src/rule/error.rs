//! What is wrong with rule text, in data and in words.

use alloc::string::String;
use core::fmt;

use super::Operator;
use crate::attribute::{FieldType, field_names};
use crate::limits::{RULE_BYTES_MAX, RULE_CONDITIONS_MAX, RULE_DEPTH_MAX, RULE_LIST_MAX};

/// What is wrong with rule text, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleError {
    /// Bytes from the start of the text.
    pub at: usize,
    /// The cause.
    pub fault: RuleFault,
}

/// What could have stood where something else was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expected {
    /// A field, `NOT` or an opening parenthesis.
    Condition,
    /// A comparison.
    Operator,
    /// A comparison that `ANY` and `ALL` take.
    Quantified,
    /// A quoted text or a bare word.
    Value,
    /// An opening parenthesis before a list.
    List,
    /// A comma or a closing parenthesis.
    ListEnd,
    /// A field in parentheses.
    Field,
    /// `AND`, `OR`, a closing parenthesis or the end.
    Continuation,
    /// `NULL` or `NOT NULL`.
    Null,
    /// `WITH`.
    With,
    /// `TO`.
    To,
    /// `OF`.
    Of,
    /// A number after a minus.
    Number,
    /// A duration after `NOW +` or `NOW -`.
    Duration,
}

/// Why rule text was refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RuleFault {
    /// More than [`RULE_BYTES_MAX`] bytes.
    TooLong,
    /// More than [`RULE_DEPTH_MAX`] parentheses and `NOT`s around each other.
    TooDeep,
    /// More than [`RULE_CONDITIONS_MAX`] conditions.
    TooManyConditions,
    /// More than [`RULE_LIST_MAX`] values in a list.
    TooManyValues,
    /// A character that begins nothing.
    Character {
        /// The character found.
        found: char,
    },
    /// A quote that is never closed.
    UnclosedQuote,
    /// A backslash before something else than a quote or a backslash.
    Escape,
    /// A word in the wrong place.
    Unexpected {
        /// The word found; empty at the end of the text.
        found: String,
        /// What could have stood there.
        expected: Expected,
    },
    /// A closing parenthesis without an opening one, or the reverse.
    Unbalanced,
    /// A field that no profile has.
    UnknownField {
        /// The field found.
        found: String,
    },
    /// A value that the field never takes.
    UnknownChoice {
        /// The value found.
        found: String,
        /// The values that it takes.
        choices: &'static [&'static str],
    },
    /// A value that the field's type does not have.
    WrongType {
        /// The value found.
        found: String,
        /// What the field's values are.
        kind: FieldType,
    },
    /// A comparison that the field's type does not have.
    WrongOperator {
        /// The comparison found.
        operator: Operator,
        /// What the field's values are.
        kind: FieldType,
    },
    /// An order against a value that has none.
    NoOrder {
        /// The value found.
        found: String,
    },
    /// What looks like a date but is none.
    NotDate {
        /// The text found.
        found: String,
    },
    /// `NOW` where texts are compared.
    NowAsText {
        /// The comparison found.
        operator: Operator,
    },
    /// A comparison with `NULL` by `=` or `!=`.
    NullComparison,
    /// A bare value after `OR`, as in `job LIKE "A" OR "B"`.
    BareValue,
    /// `MEMBER OF` below a `NOT`: leaving a group could then make somebody a member.
    MemberBelowNot,
}

impl fmt::Display for RuleError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.describe(out)?;
        write!(out, " at byte {}", self.at)?;
        self.fault.hint().map_or(Ok(()), |hint| write!(out, "\nhint: {hint}"))
    }
}

impl core::error::Error for RuleError {}

impl RuleFault {
    /// What was found and what was expected, without the place.
    pub(super) fn describe(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(out, "rule of more than {RULE_BYTES_MAX} bytes"),
            Self::TooDeep => write!(out, "more than {RULE_DEPTH_MAX} parentheses inside each other"),
            Self::TooManyConditions => write!(out, "more than {RULE_CONDITIONS_MAX} conditions"),
            Self::TooManyValues => write!(out, "more than {RULE_LIST_MAX} values in a list"),
            Self::Character { found } => write!(out, "unexpected character `{}`", found.escape_default()),
            Self::UnclosedQuote => out.write_str("quote without its end"),
            Self::Escape => out.write_str("unknown escape; expected `\\\"` or `\\\\`"),
            Self::Unexpected { found, expected } if found.is_empty() => {
                write!(out, "the rule ends too early; expected {}", expected.words())
            }
            Self::Unexpected { found, expected } => {
                write!(out, "unexpected `{found}`; expected {}", expected.words())
            }
            Self::Unbalanced => out.write_str("parenthesis without its partner"),
            Self::UnknownField { found } => {
                write!(out, "unknown field `{found}`; expected attr.NAME or one of")?;
                field_names().try_for_each(|name| write!(out, " {name}"))
            }
            Self::UnknownChoice { found, choices } => {
                write!(out, "the field never is `{found}`; expected one of")?;
                choices.iter().try_for_each(|choice| write!(out, " {choice}"))
            }
            Self::NullComparison => out.write_str("nothing equals NULL"),
            Self::BareValue => out.write_str("a value without a field"),
            Self::MemberBelowNot => out.write_str("MEMBER OF below NOT"),
            misfit => misfit.describe_misfit(out),
        }
    }

    /// The same for a comparison that does not fit its field or its value.
    fn describe_misfit(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongType { found, kind } => write!(out, "found `{found}`; expected {}", kind.words()),
            Self::WrongOperator { operator, kind } => {
                write!(out, "{} does not compare {}", operator.words(), kind.words())
            }
            Self::NoOrder { found } => {
                write!(out, "`{found}` has no order; expected a number, a date or NOW")
            }
            Self::NotDate { found } => {
                write!(out, "`{found}` is no date; expected such as 2026-03-01 or 2026-03-01T09:00:00Z")
            }
            Self::NowAsText { operator } => {
                write!(out, "NOW is an instant; {} compares text", operator.words())
            }
            _ => Ok(()),
        }
    }

    /// How to write what was probably meant, when we know.
    pub(super) const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NullComparison => Some("write IS NULL or IS NOT NULL"),
            Self::BareValue => Some("write FIELD LIKE (\"A\", \"B\")"),
            Self::MemberBelowNot => Some("keep people out by excluding them from the group"),
            Self::NowAsText { .. } => Some("write \"NOW\" in quotes for the word"),
            Self::WrongOperator { kind: FieldType::Reference, .. } => Some("write REPORTS TO"),
            Self::WrongOperator { kind: FieldType::Text | FieldType::Choice(_), .. } => {
                Some("order compares numbers and dates; write = or LIKE")
            }
            Self::WrongOperator { .. } => Some("LIKE, STARTS and ENDS compare text; write = or an order"),
            Self::Unexpected { expected: Expected::Continuation | Expected::ListEnd, .. } => {
                Some("put values with blanks, hyphens or commas in quotes")
            }
            _ => None,
        }
    }
}

impl Expected {
    const fn words(self) -> &'static str {
        match self {
            Self::Condition => "a field, NOT or (",
            Self::Operator => "one of = != == < <= > >= IN LIKE STARTS ENDS IS NOT",
            Self::Quantified => "one of = != == < <= > >= IN LIKE",
            Self::Value => "a value, quoted or a bare word",
            Self::List => "( before a list",
            Self::ListEnd => ", or )",
            Self::Field => "a field in parentheses",
            Self::Continuation => "AND, OR, ) or the end",
            Self::Null => "NULL or NOT NULL",
            Self::With => "WITH",
            Self::To => "TO",
            Self::Of => "OF",
            Self::Number => "a number",
            Self::Duration => "a duration such as 7d, 12h or 30m",
        }
    }
}
