//! Rules: whose profile makes them a member of a group.
//!
//! A rule is a tree of conditions on profile fields, managers and groups, read from text by [`Rule::parse`] or, with
//! the feature `serde`, from JSON by `form`. It is evaluated in Kleene's three-valued logic: a comparison with an
//! absent field is neither true nor false, and only [`Truth::True`] makes a member. What it says is worked out for all
//! of time at once, so membership that depends on `NOW` or on timed edges becomes spans. The language is described in
//! `docs/rules.md`.
//!
//! ```text
//! rule  = and { "OR" and } ;   and = unary { "AND" unary } ;   unary = "NOT" unary | "(" rule ")" | cond ;
//! cond  = field cmp value | field ["NOT"] "IN" list | field ["NOT"] "LIKE" ( value | list )
//!       | field ["NOT"] ( "STARTS" | "ENDS" ) "WITH" value | field "IS" ["NOT"] "NULL"
//!       | ( "ANY" | "ALL" ) "(" field ")" ( cmp value | "LIKE" value | "IN" list )
//!       | "REPORTS" "TO" value ["DEEP"] | "MEMBER" "OF" list ;
//! cmp   = "=" | "!=" | "==" | "<" | "<=" | ">" | ">=" ;   list = "(" value { "," value } ")" ;
//! value = string | number | date | bareword | "NOW" [ ( "+" | "-" ) duration ] ;   duration = 7d, 12h, 30m ;
//! field = name { name } | "attr." name ;
//! ```

mod check;
mod condition;
mod date;
mod error;
#[cfg(feature = "serde")]
pub mod form;
mod parse;
pub mod preview;
mod subject;
mod token;
mod verdict;
mod write;

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::attribute::Text;
use crate::id::Instant;
pub use condition::{Comparison, Condition, Operator, Quantifier, Value};
pub use error::{Expected, RuleError, RuleFault};
pub use subject::{Manager, Nobody, Subject, Surroundings};
pub use verdict::{Truth, Verdict};

/// A condition, or several combined, within the bounds of [`crate::limits`].
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Node", into = "Node"))]
pub struct Rule {
    // INVARIANT: no deeper and no larger than the limits; no `MEMBER OF` below a `NOT`, so that a rule is monotone
    // in membership; no `All` or `Any` of fewer than two.
    root: Node,
}

/// A part of a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Node {
    /// All of these hold.
    All(Vec<Node>),
    /// At least one of these holds.
    Any(Vec<Node>),
    /// This does not hold.
    Not(Box<Node>),
    /// One condition.
    Condition(Condition),
}

impl Rule {
    /// The whole tree.
    #[must_use]
    pub const fn root(&self) -> &Node {
        &self.root
    }

    /// What the rule says about `subject` at every moment.
    ///
    /// Cost: the conditions, times the values of their fields, the managers above or the spans in the groups named.
    #[must_use]
    pub fn verdict(&self, subject: &Subject<'_>) -> Verdict {
        self.root.verdict(subject)
    }

    /// What the rule says about `subject` at `at`; see [`Rule::verdict`].
    #[must_use]
    pub fn evaluate(&self, subject: &Subject<'_>, at: Instant) -> Truth {
        self.verdict(subject).at(at)
    }

    /// The conditions, in the order in which they are written.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let mut waiting = alloc::vec![&self.root];
        core::iter::from_fn(move || {
            while let Some(node) = waiting.pop() {
                match node {
                    Node::All(parts) | Node::Any(parts) => waiting.extend(parts.iter().rev()),
                    Node::Not(part) => waiting.push(part),
                    Node::Condition(condition) => return Some(condition),
                }
            }
            None
        })
    }

    /// The names of the fields that the rule compares, with repetitions.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.conditions().filter_map(|condition| match condition {
            Condition::Compare(comparison) => Some(comparison.field.as_str()),
            Condition::ReportsTo { .. } | Condition::MemberOf(_) => None,
        })
    }

    /// The managers named by `REPORTS TO`, with repetitions.
    pub fn managers(&self) -> impl Iterator<Item = &Text> {
        self.conditions().filter_map(|condition| match condition {
            Condition::ReportsTo { manager, .. } => Some(manager),
            Condition::Compare(_) | Condition::MemberOf(_) => None,
        })
    }

    /// The groups named by `MEMBER OF`, with repetitions.
    pub fn groups(&self) -> impl Iterator<Item = &Text> {
        let named = self.conditions().filter_map(|condition| match condition {
            Condition::MemberOf(groups) => Some(groups),
            Condition::Compare(_) | Condition::ReportsTo { .. } => None,
        });
        named.flatten()
    }
}

impl From<Rule> for Node {
    fn from(rule: Rule) -> Self {
        rule.root
    }
}

impl Node {
    fn verdict(&self, subject: &Subject<'_>) -> Verdict {
        match self {
            Self::All(parts) => Verdict::all(parts.iter().map(|part| part.verdict(subject))),
            Self::Any(parts) => Verdict::any(parts.iter().map(|part| part.verdict(subject))),
            Self::Not(part) => part.verdict(subject).not(),
            Self::Condition(condition) => condition.verdict(subject),
        }
    }
}

#[cfg(test)]
mod tests;
