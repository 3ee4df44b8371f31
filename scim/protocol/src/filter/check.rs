//! Whether a filter can be evaluated: known attributes, fitting operators and values.

use jiff::Timestamp;
use serde_json::Value;

use crate::dialect::{Dialect, Stance};
use crate::error::{JsonKind, ScimError};
use crate::filter::matching::sub_of;
use crate::filter::{Comparison, Filter, Operator};
use crate::schema::{Attribute, AttributePath, AttributeType, ResourceType};
use crate::value::leaf;

/// Where the attribute paths of a condition start.
#[derive(Clone, Copy)]
enum Scope {
    Resource,
    Element(&'static Attribute),
}

struct Checker {
    resource_type: ResourceType,
    unknown: Stance,
}

/// Checks a filter over resources.
pub(super) fn check(
    filter: &Filter,
    resource_type: ResourceType,
    dialect: &Dialect,
) -> Result<(), ScimError> {
    Checker { resource_type, unknown: dialect.unknown_filters }.filter(filter, Scope::Resource)
}

/// Checks a filter over the elements of `attribute`; unknown sub-attributes are always refused.
pub(crate) fn check_element(
    filter: &Filter,
    attribute: &'static Attribute,
    resource_type: ResourceType,
) -> Result<(), ScimError> {
    Checker { resource_type, unknown: Stance::Refuse }.filter(filter, Scope::Element(attribute))
}

impl Checker {
    fn filter(&self, filter: &Filter, scope: Scope) -> Result<(), ScimError> {
        match filter {
            Filter::And(parts) | Filter::Or(parts) => {
                parts.iter().try_for_each(|part| self.filter(part, scope))
            }
            Filter::Not(inner) => self.filter(inner, scope),
            Filter::Present(path) => self.attribute(path, scope).map(|_| ()),
            Filter::Compare(comparison) => match self.attribute(&comparison.attribute, scope)? {
                Some(leaf) => comparable(comparison, leaf),
                None => Ok(()),
            },
            Filter::Element(path, condition) => {
                let resolved = self.resource_type.resolve(path).filter(|found| found.sub.is_none());
                match resolved {
                    Some(found) => self.filter(condition, Scope::Element(found.attribute)),
                    None => self.unknown(path).map(|_| ()),
                }
            }
        }
    }

    /// The attribute whose values count; `None` if there is none and the dialect does not mind.
    fn attribute(&self, path: &AttributePath, scope: Scope) -> Result<Option<&'static Attribute>, ScimError> {
        let found = match scope {
            Scope::Resource => self.resource_type.resolve(path).map(|resolved| resolved.leaf()),
            Scope::Element(attribute) => sub_of(attribute, path),
        };
        found.map_or_else(|| self.unknown(path), |leaf| Ok(Some(leaf)))
    }

    fn unknown(&self, path: &AttributePath) -> Result<Option<&'static Attribute>, ScimError> {
        if self.unknown.tolerates() {
            return Ok(None);
        }
        let attribute = path.to_string().into();
        Err(ScimError::FilterAttribute { attribute, resource_type: self.resource_type.name() })
    }
}

fn comparable(comparison: &Comparison, leaf: &Attribute) -> Result<(), ScimError> {
    let Comparison { attribute, operator, value } = comparison;
    let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
    let part = matches!(operator, Operator::Contains | Operator::StartsWith | Operator::EndsWith);
    let expected = match (leaf.kind, value) {
        (AttributeType::Complex, _) => Some("one of its sub-attributes"),
        (_, Value::Null) => (!equality).then_some("null with eq or ne only"),
        (AttributeType::Boolean, _) if !equality => Some("eq, ne or pr"),
        (AttributeType::Binary, _) if !equality => Some("eq, ne or pr"),
        (AttributeType::Integer | AttributeType::Decimal, _) if part => Some("eq, ne, gt, ge, lt, le or pr"),
        (AttributeType::Boolean, Value::String(text)) if leaf::boolean(text).is_some() => None,
        (AttributeType::Boolean, Value::Bool(_)) => None,
        (AttributeType::Integer | AttributeType::Decimal, Value::Number(_)) => None,
        (AttributeType::DateTime, Value::String(text)) if part || text.parse::<Timestamp>().is_ok() => None,
        (AttributeType::String | AttributeType::Reference | AttributeType::Binary, Value::String(_)) => None,
        _ => Some(leaf.kind.described()),
    };
    let Some(expected) = expected else { return Ok(()) };
    Err(ScimError::FilterComparison {
        attribute: attribute.to_string(),
        operator: operator.keyword(),
        found: JsonKind::of(value),
        expected,
    })
}
