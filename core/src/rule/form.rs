//! The JSON form of a rule, as types for serde: isomorphic to the text, in the same order.
//!
//! ```json
//! {"v":1,"any":[{"all":[{"f":"location","op":"eq","v":"Paris, France"},{"f":"job","op":"like","v":["VP","CEO"]}]}]}
//! ```
//!
//! A node is `{"all":[..]}`, `{"any":[..]}`, `{"not":node}` or a condition; the outermost is `all`, `any` or `not`
//! with the version beside it. A form that was read becomes a rule by way of its text, so both ways in have the same
//! bounds, types and errors.

mod condition;
mod node;

use core::fmt;

use super::write::Written;
use super::{Comparison, Condition, Node, Rule, RuleError, RuleFault};
use crate::attribute::{Fold, Registry};

/// A rule as JSON says it; its fields and values are not checked yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleForm {
    root: Node,
}

/// Why a form is no rule: the mistake, and the condition at which it was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormError {
    /// Which condition in reading order, from 1.
    pub condition: usize,
    /// The cause.
    pub fault: RuleFault,
}

impl fmt::Display for FormError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.describe(out)?;
        write!(out, " in condition {}", self.condition)?;
        self.fault.hint().map_or(Ok(()), |hint| write!(out, "\nhint: {hint}"))
    }
}

impl core::error::Error for FormError {}

impl From<&Rule> for RuleForm {
    fn from(rule: &Rule) -> Self {
        Self { root: rule.root.clone() }
    }
}

impl RuleForm {
    /// The rule that the form says.
    ///
    /// # Errors
    /// [`FormError`] for the first field, value or bound that [`Rule::parse_with`] would refuse in text.
    pub fn rule(mut self, registry: &Registry, fold: Fold) -> Result<Rule, FormError> {
        let mut condition = 0;
        // A field's name goes into the text as it is, so it must be one.
        self.root
            .each_comparison(&mut |comparison, at| {
                condition = at;
                let name = comparison.field.to_lowercase();
                match registry.find(&name) {
                    Some((field, _)) => comparison.field = field.into_owned(),
                    None => return Err(RuleFault::UnknownField { found: name }),
                }
                Ok(())
            })
            .map_err(|fault| FormError { condition, fault })?;
        let written = Written::of(&self.root);
        Rule::parse_with(&written.text, registry, fold).map_err(|RuleError { at, fault }| {
            let condition = written.conditions.partition_point(|start| *start <= at).max(1);
            FormError { condition, fault }
        })
    }
}

impl Node {
    /// Calls `visit` with every comparison and the number of its condition, from 1, until the first error.
    fn each_comparison<E>(
        &mut self,
        visit: &mut impl FnMut(&mut Comparison, usize) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut number = 0;
        let mut waiting = alloc::vec![self];
        while let Some(node) = waiting.pop() {
            match node {
                Self::All(parts) | Self::Any(parts) => waiting.extend(parts.iter_mut().rev()),
                Self::Not(part) => waiting.push(part),
                Self::Condition(condition) => {
                    number += 1;
                    if let Condition::Compare(comparison) = condition {
                        visit(comparison, number)?;
                    }
                }
            }
        }
        Ok(())
    }
}
