//! What an index can answer of a filter.

use serde_json::Value;

use crate::filter::matching::sub_of;
use crate::filter::{Comparison, Filter, Operator};
use crate::schema::{Attribute, ResourceType};

/// A comparison that every match of a filter meets.
#[derive(Debug, Clone, PartialEq)]
pub struct Required<'a> {
    /// The attribute whose values are compared, in canonical spelling, such as `emails.value`.
    pub path: String,
    /// The operator; never `ne`.
    pub operator: Operator,
    /// With what; never null.
    pub value: &'a Value,
}

/// The comparisons that every match of the filter has to meet.
///
/// `members[value eq "7"] and displayName sw "x"` gives `members.value eq "7"` and `displayName sw "x"`. An index on
/// one of the paths narrows the candidates; [`crate::filter::matches()`] then decides. Empty if nothing is
/// required, as below `or` and `not`.
///
/// ```
/// use cohort_scim::{ResourceType, filter};
/// let filter = filter::parse("emails[type eq \"work\"].value eq \"ada@x.org\" and active eq true")?;
/// let paths: Vec<String> =
///     filter::required(&filter, ResourceType::User).into_iter().map(|one| one.path).collect();
/// assert_eq!(paths, ["emails.type", "emails.value", "active"]);
/// # Ok::<(), cohort_scim::ScimError>(())
/// ```
pub fn required(filter: &Filter, kind: ResourceType) -> Vec<Required<'_>> {
    match filter {
        Filter::And(parts) => parts.iter().flat_map(|part| required(part, kind)).collect(),
        Filter::Compare(Comparison { attribute, operator, value }) if narrows(*operator, value) => {
            let found = kind.resolve(attribute);
            found
                .map(|found| Required { path: found.leaf_path(), operator: *operator, value })
                .into_iter()
                .collect()
        }
        Filter::Element(path, condition) => {
            let Some(found) = kind.resolve(path) else { return Vec::new() };
            let of_element = in_element(condition, found.attribute).into_iter();
            of_element
                .map(|(sub, operator, value)| {
                    let path = format!("{}.{}", found.path(), sub.name);
                    Required { path, operator, value }
                })
                .collect()
        }
        Filter::Compare(_) | Filter::Or(_) | Filter::Not(_) | Filter::Present(_) => Vec::new(),
    }
}

/// The equalities that an element has to meet, by sub-attribute.
pub(crate) fn element_equalities<'a>(
    condition: &'a Filter,
    attribute: &'static Attribute,
) -> Vec<(&'static Attribute, &'a Value)> {
    let all = in_element(condition, attribute).into_iter();
    all.filter(|(_, operator, _)| *operator == Operator::Equal).map(|(sub, _, value)| (sub, value)).collect()
}

fn in_element<'a>(
    condition: &'a Filter,
    attribute: &'static Attribute,
) -> Vec<(&'static Attribute, Operator, &'a Value)> {
    match condition {
        Filter::And(parts) => parts.iter().flat_map(|part| in_element(part, attribute)).collect(),
        Filter::Compare(Comparison { attribute: path, operator, value }) if narrows(*operator, value) => {
            sub_of(attribute, path).map(|sub| (sub, *operator, value)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Whether the comparison can only hold for resources that have such a value.
fn narrows(operator: Operator, value: &Value) -> bool {
    operator != Operator::NotEqual && !value.is_null()
}
