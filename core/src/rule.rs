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
mod token;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::attribute::{Profile, Text};
pub use parse::{Expected, RuleError, RuleFault};

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
    /// One comparison.
    Condition(Condition),
}

/// One comparison of a profile field.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Condition {
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
    /// What the rule says about `profile`.
    ///
    /// Cost: the conditions, times the values of their fields.
    #[must_use]
    pub fn evaluate(&self, profile: &Profile) -> Truth {
        match self {
            Self::All(rules) => rules.iter().map(|rule| rule.evaluate(profile)).min().unwrap_or(Truth::True),
            Self::Any(rules) => rules.iter().map(|rule| rule.evaluate(profile)).max().unwrap_or(Truth::False),
            Self::Not(rule) => rule.evaluate(profile).not(),
            Self::Condition(condition) => condition.evaluate(profile),
        }
    }

    /// The names of the fields that the rule reads, with repetitions.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::All(rules) | Self::Any(rules) => rules.iter().flat_map(Self::fields).collect(),
            Self::Not(rule) => rule.fields(),
            Self::Condition(condition) => alloc::vec![condition.field.as_str()],
        }
    }
}

impl Condition {
    /// A field with several values compares as true when any of them does; negated, when none does.
    fn evaluate(&self, profile: &Profile) -> Truth {
        let found = profile.values(&self.field);
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
