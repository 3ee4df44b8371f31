//! The truth of a filter over one resource.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::filter::{Comparison, Filter, Operator};
use crate::schema::{Attribute, AttributePath, AttributeType, ResourceType, folded};
use crate::value::{is_unassigned, leaf};

/// Whether `resource` meets the filter.
///
/// `resource` is a document or a rendered resource: an object whose names are spelled as in the schemas. Attributes
/// that it lacks are unassigned: `eq` and its kin are false, `ne` is true. An attribute that no schema has counts
/// as unassigned too. Of several values one has to match; `ne` is true if none equals.
///
/// ```
/// use cohort_scim::{ResourceType, filter};
/// let user = serde_json::json!({"userName": "Ada", "emails": [{"value": "a@x.org", "type": "work"}]});
/// let holds = |text| filter::parse(text).map(|f| filter::matches(&f, user.as_object().unwrap(), ResourceType::User));
/// assert_eq!(holds("userName eq \"ADA\""), Ok(true));
/// assert_eq!(holds("emails[type eq \"home\" and value sw \"a\"]"), Ok(false));
/// ```
///
/// Cost: the conditions of the filter times the values they look at.
pub fn matches(filter: &Filter, resource: &Map<String, Value>, resource_type: ResourceType) -> bool {
    holds(filter, Scope::Resource(resource_type, resource))
}

/// Whether one element of `attribute` meets a condition on its sub-attributes.
pub(crate) fn matches_element(filter: &Filter, attribute: &'static Attribute, element: &Value) -> bool {
    holds(filter, Scope::Element(attribute, element))
}

/// The sub-attribute that a condition on elements of `attribute` names.
pub(super) fn sub_of<'a>(attribute: &'a Attribute, path: &AttributePath) -> Option<&'a Attribute> {
    if path.urn.is_some() || path.sub.is_some() {
        return None;
    }
    attribute.sub(&path.name)
}

/// What the paths of a condition are looked up in.
#[derive(Clone, Copy)]
enum Scope<'a> {
    Resource(ResourceType, &'a Map<String, Value>),
    Element(&'static Attribute, &'a Value),
}

/// The values of an attribute and the definition by which to compare them.
struct Found<'a> {
    attribute: &'static Attribute,
    values: Vec<&'a Value>,
}

/// Recurses as deep as the filter is nested, which parsing bounds.
fn holds(filter: &Filter, scope: Scope<'_>) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().all(|part| holds(part, scope)),
        Filter::Or(parts) => parts.iter().any(|part| holds(part, scope)),
        Filter::Not(inner) => !holds(inner, scope),
        Filter::Present(path) => scope.whole(path).is_some_and(|found| found.is_present()),
        Filter::Compare(comparison) => compares(comparison, scope),
        Filter::Element(path, condition) => scope.whole(path).is_some_and(|found| {
            found.values.iter().any(|element| holds(condition, Scope::Element(found.attribute, element)))
        }),
    }
}

fn compares(comparison: &Comparison, scope: Scope<'_>) -> bool {
    let Comparison { attribute, operator, value } = comparison;
    let negated = *operator == Operator::NotEqual;
    let Some(found) = scope.leaves(attribute) else { return negated };
    if value.is_null() {
        return found.is_present() == negated;
    }
    let positive = if negated { Operator::Equal } else { *operator };
    negated != found.values.iter().any(|actual| compare(found.attribute, actual, positive, value))
}

impl<'a> Scope<'a> {
    /// The values of the attribute itself: whole elements, whole objects.
    fn whole(self, path: &AttributePath) -> Option<Found<'a>> {
        match self {
            Self::Element(attribute, element) => {
                let sub = sub_of(attribute, path)?;
                Some(Found { attribute: sub, values: values(element.get(&sub.name)) })
            }
            Self::Resource(resource_type, resource) => {
                let resolved = resource_type.resolve(path)?;
                let holder = match resolved.extension {
                    Some(urn) => resource.get(urn).and_then(Value::as_object),
                    None => Some(resource),
                };
                let whole = values(holder.and_then(|holder| holder.get(&resolved.attribute.name)));
                let found = Found { attribute: resolved.attribute, values: whole };
                match resolved.sub {
                    Some(sub) => Some(found.parts(sub)),
                    None => Some(found),
                }
            }
        }
    }

    /// The values to compare: those of `value` where the path names a complex attribute that has it.
    fn leaves(self, path: &AttributePath) -> Option<Found<'a>> {
        let whole = self.whole(path)?;
        match whole.attribute.sub("value") {
            Some(value) => Some(whole.parts(value)),
            None => Some(whole),
        }
    }
}

impl<'a> Found<'a> {
    /// The values of one sub-attribute over all elements.
    fn parts(&self, sub: &'static Attribute) -> Self {
        let parts = self.values.iter().flat_map(|element| values(element.get(&sub.name))).collect();
        Self { attribute: sub, values: parts }
    }

    /// RFC 7644 section 3.4.2.2, `pr`: a value that is not empty, or an object with such a value.
    fn is_present(&self) -> bool {
        self.values.iter().any(|value| match value {
            Value::Object(members) => members.values().any(|member| !is_empty(member)),
            other => !is_empty(other),
        })
    }
}

fn is_empty(value: &Value) -> bool {
    is_unassigned(value) || value.as_str() == Some("")
}

fn values(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(single) => vec![single],
        None => Vec::new(),
    }
}

/// Compares by the type of the attribute; values of another type never match.
fn compare(attribute: &Attribute, actual: &Value, operator: Operator, wanted: &Value) -> bool {
    match attribute.kind {
        AttributeType::Boolean => {
            let wanted = wanted.as_bool().or_else(|| wanted.as_str().and_then(leaf::boolean));
            wanted.is_some() && actual.as_bool() == wanted
        }
        AttributeType::Integer | AttributeType::Decimal => {
            numeric_order(actual, wanted).is_some_and(|order| in_order(operator, order))
        }
        AttributeType::DateTime if !is_part(operator) => {
            let instant = |value: &Value| value.as_str()?.parse::<Timestamp>().ok();
            let order = instant(actual).zip(instant(wanted)).map(|(actual, wanted)| actual.cmp(&wanted));
            order.is_some_and(|order| in_order(operator, order))
        }
        AttributeType::Complex => false,
        _ => match (actual.as_str(), wanted.as_str()) {
            (Some(actual), Some(wanted)) if attribute.case_exact => compare_text(actual, operator, wanted),
            (Some(actual), Some(wanted)) => compare_text(&folded(actual), operator, &folded(wanted)),
            _ => false,
        },
    }
}

fn compare_text(actual: &str, operator: Operator, wanted: &str) -> bool {
    match operator {
        Operator::Contains => actual.contains(wanted),
        Operator::StartsWith => actual.starts_with(wanted),
        Operator::EndsWith => actual.ends_with(wanted),
        ordering => in_order(ordering, actual.cmp(wanted)),
    }
}

fn numeric_order(actual: &Value, wanted: &Value) -> Option<Ordering> {
    match (actual.as_i64(), wanted.as_i64()) {
        (Some(actual), Some(wanted)) => Some(actual.cmp(&wanted)),
        _ => actual.as_f64()?.partial_cmp(&wanted.as_f64()?),
    }
}

fn is_part(operator: Operator) -> bool {
    matches!(operator, Operator::Contains | Operator::StartsWith | Operator::EndsWith)
}

fn in_order(operator: Operator, order: Ordering) -> bool {
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::Contains | Operator::StartsWith | Operator::EndsWith => false,
    }
}
