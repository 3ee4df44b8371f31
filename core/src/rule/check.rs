//! Whether a comparison fits the field's type, and a tree the bounds of a rule.

use super::parse::Placed;
use super::{Condition, Node, Operator, Rule, RuleError, RuleFault, Value, date};
use crate::attribute::FieldType;
use crate::limits::{RULE_CONDITIONS_MAX, RULE_DEPTH_MAX, RULE_LIST_MAX};

/// Whether values of type `kind` compare by `operator`, which stands `at`, with all of `values`.
pub(super) fn comparison(
    kind: FieldType,
    (at, operator): (usize, Operator),
    values: &[Placed],
) -> Result<(), RuleError> {
    let fits = match kind {
        FieldType::Any => true,
        FieldType::Text | FieldType::Choice(_) => !operator.is_order(),
        FieldType::Number | FieldType::Date => !operator.is_part(),
        FieldType::Boolean | FieldType::Reference => !operator.is_part() && !operator.is_order(),
    };
    if !fits {
        return Err(RuleError { at, fault: RuleFault::WrongOperator { operator, kind } });
    }
    values.iter().try_for_each(|placed| match value(kind, operator, &placed.value) {
        Ok(()) => Ok(()),
        Err(fault) => Err(RuleError { at: placed.at, fault }),
    })
}

fn value(kind: FieldType, operator: Operator, value: &Value) -> Result<(), RuleFault> {
    let Value::Text(text) = value else {
        return match kind {
            FieldType::Any | FieldType::Date if !operator.is_part() => Ok(()),
            FieldType::Any => Err(RuleFault::NowAsText { operator }),
            _ => Err(RuleFault::WrongType { found: "NOW".into(), kind }),
        };
    };
    let found = || text.original.clone();
    let fits = match kind {
        FieldType::Choice(choices) if !choices.contains(&text.folded.as_str()) => {
            return Err(RuleFault::UnknownChoice { found: found(), choices });
        }
        FieldType::Number => date::number(&text.original).is_some(),
        FieldType::Date => date::instant(&text.original).is_some(),
        FieldType::Boolean => matches!(text.folded.as_str(), "true" | "false"),
        FieldType::Any | FieldType::Text | FieldType::Choice(_) | FieldType::Reference => true,
    };
    if !fits {
        return Err(RuleFault::WrongType { found: found(), kind });
    }
    let ordered = date::number(&text.original).is_some() || date::instant(&text.original).is_some();
    if operator.is_order() && !ordered { Err(RuleFault::NoOrder { found: found() }) } else { Ok(()) }
}

/// A tree kept by a directory is a rule if it still has what [`Rule::parse`] sees to.
impl TryFrom<Node> for Rule {
    type Error = BoundError;

    fn try_from(root: Node) -> Result<Self, BoundError> {
        let mut conditions = 0;
        // Each part with the parentheses and `NOT`s around it, and whether a `NOT` is among them.
        let mut waiting = alloc::vec![(&root, 0, false)];
        while let Some((node, depth, below_not)) = waiting.pop() {
            let (parts, below_not): (&[Node], bool) = match node {
                Node::Condition(condition) => {
                    conditions += 1;
                    condition_fits(condition, below_not)?;
                    (&[], below_not)
                }
                Node::Not(part) => (core::slice::from_ref(part), true),
                Node::All(parts) | Node::Any(parts) if parts.len() > 1 => (parts, below_not),
                Node::All(_) | Node::Any(_) => return Err(BoundError),
            };
            if depth > RULE_DEPTH_MAX || conditions > RULE_CONDITIONS_MAX {
                return Err(BoundError);
            }
            waiting.extend(parts.iter().map(|part| (part, depth + node.marks_around(part), below_not)));
        }
        Ok(Self { root })
    }
}

fn condition_fits(condition: &Condition, below_not: bool) -> Result<(), BoundError> {
    let values = match condition {
        Condition::Compare(comparison) => comparison.values.len(),
        Condition::ReportsTo { .. } => 1,
        Condition::MemberOf(_) if below_not => return Err(BoundError),
        Condition::MemberOf(groups) => groups.len(),
    };
    if values > RULE_LIST_MAX { Err(BoundError) } else { Ok(()) }
}

/// A stored rule that no text can have led to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BoundError;

impl core::fmt::Display for BoundError {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(out, "rule beyond its bounds; expected at most {RULE_DEPTH_MAX} parentheses and NOTs, ")?;
        write!(
            out,
            "{RULE_CONDITIONS_MAX} conditions, {RULE_LIST_MAX} values in a list, no MEMBER OF below NOT"
        )
    }
}

impl core::error::Error for BoundError {}
