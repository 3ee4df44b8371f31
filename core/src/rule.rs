//! Rules: whose profile makes them a member of a group.
//!
//! A rule is a tree of conditions on profile fields, read from text by [`Rule::parse`]. It is evaluated in Kleene's
//! three-valued logic: a comparison with an absent field is neither true nor false, and only [`Truth::True`]
//! makes a member.
//!
//! ```text
//! rule  = and { "OR" and } ;   and = unary { "AND" unary } ;   unary = "NOT" unary | "(" rule ")" | cond ;
//! cond  = field ( "=" | "!=" | "==" ) value | field ["NOT"] "IN" list | field ["NOT"] "LIKE" ( value | list )
//!       | field ["NOT"] ( "STARTS" | "ENDS" ) "WITH" value | field "IS" ["NOT"] "NULL" ;
//! list  = "(" value { "," value } ")" ;   value = string | bareword ;   field = name { name } | "attr." name ;
//! ```

mod parse;
mod subject;
mod token;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::attribute::Text;
pub use parse::{Expected, RuleError, RuleFault};
pub use subject::{Manager, Nobody, Subject, Surroundings};

/// A condition, or several combined.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Rule {
    /// All of these hold.
    All(Vec<Rule>),
    /// At least one of these holds.
    Any(Vec<Rule>),
    /// This does not hold.
    Not(Box<Rule>),
    /// One condition.
    Condition(Condition),
}

/// What a rule asks of one user.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Condition {
    /// A profile field compares so.
    Compare(Comparison),
    /// A user is the manager.
    ReportsTo {
        /// The id or user name of the manager.
        manager: Text,
        /// Whether managers of managers count: `DEEP`.
        deep: bool,
    },
}

/// One comparison of a profile field.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Comparison {
    /// The field's name in the profile.
    pub field: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what; none for [`Operator::IsNull`], several for lists.
    pub values: Vec<Text>,
    /// Whether the comparison must fail: `!=`, `NOT IN`, `NOT LIKE`, `IS NOT NULL`.
    pub negated: bool,
}

/// How a field is compared; all but [`Operator::EqualExact`] without case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Operator {
    /// Is one of the values: `=`, `IN`.
    Equal,
    /// Is the value to the letter: `==`.
    EqualExact,
    /// Contains one of the values: `LIKE`.
    Contains,
    /// Begins with the value.
    StartsWith,
    /// Ends with the value.
    EndsWith,
    /// Has no value.
    IsNull,
}

/// What a rule says about a profile.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Truth {
    /// It does not hold.
    False,
    /// It cannot be said, because a field is absent.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    const fn of(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }

    const fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::Unknown => Self::Unknown,
            Self::False => Self::True,
        }
    }
}

impl Rule {
    /// What the rule says about `subject`.
    ///
    /// Cost: the conditions, times the values of their fields or the managers above the user.
    #[must_use]
    pub fn evaluate(&self, subject: &Subject<'_>) -> Truth {
        match self {
            Self::All(rules) => rules.iter().map(|rule| rule.evaluate(subject)).min().unwrap_or(Truth::True),
            Self::Any(rules) => rules.iter().map(|rule| rule.evaluate(subject)).max().unwrap_or(Truth::False),
            Self::Not(rule) => rule.evaluate(subject).not(),
            Self::Condition(Condition::Compare(comparison)) => comparison.evaluate(subject),
            Self::Condition(Condition::ReportsTo { manager, deep }) => subject.reports_to(manager, *deep),
        }
    }

    /// The conditions, in the order in which they are written.
    #[must_use]
    pub fn conditions(&self) -> Vec<&Condition> {
        match self {
            Self::All(rules) | Self::Any(rules) => rules.iter().flat_map(Self::conditions).collect(),
            Self::Not(rule) => rule.conditions(),
            Self::Condition(condition) => alloc::vec![condition],
        }
    }

    /// The names of the fields that the rule compares, with repetitions.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        let conditions = self.conditions().into_iter();
        conditions
            .filter_map(|condition| match condition {
                Condition::Compare(comparison) => Some(comparison.field.as_str()),
                Condition::ReportsTo { .. } => None,
            })
            .collect()
    }

    /// The managers named by `REPORTS TO`, with repetitions.
    #[must_use]
    pub fn managers(&self) -> Vec<&Text> {
        let conditions = self.conditions().into_iter();
        conditions
            .filter_map(|condition| match condition {
                Condition::ReportsTo { manager, .. } => Some(manager),
                Condition::Compare(_) => None,
            })
            .collect()
    }
}

impl Comparison {
    /// A field with several values compares as true when any of them does; negated, when none does.
    fn evaluate(&self, subject: &Subject<'_>) -> Truth {
        let found = subject.profile.values(&self.field);
        let holds = match self.operator {
            Operator::IsNull => found.is_empty(),
            _ if found.is_empty() => return Truth::Unknown,
            operator => {
                found.iter().any(|value| self.values.iter().any(|wanted| operator.compare(value, wanted)))
            }
        };
        Truth::of(holds != self.negated)
    }
}

impl Operator {
    fn compare(self, value: &Text, wanted: &Text) -> bool {
        match self {
            Self::Equal => value.folded == wanted.folded,
            Self::EqualExact => value.original == wanted.original,
            Self::Contains => value.folded.contains(&wanted.folded),
            Self::StartsWith => value.folded.starts_with(&wanted.folded),
            Self::EndsWith => value.folded.ends_with(&wanted.folded),
            Self::IsNull => false,
        }
    }
}

#[cfg(test)]
mod tests;
