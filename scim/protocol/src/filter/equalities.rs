//! What an index can answer of a filter.

use serde_json::Value;

use crate::filter::matching::sub_of;
use crate::filter::{Comparison, Filter, Operator};
use crate::schema::{Attribute, ResourceType};

/// The equalities that every match of the filter has to meet, as (canonical path, value).
///
/// `userName eq "ada"` gives `("userName", "ada")`; `members[value eq "7"] and displayName eq "x"` gives
/// `("members.value", "7")` and `("displayName", "x")`. An index on one of the paths narrows the candidates;
/// [`crate::filter::matches()`] then decides. Empty if nothing is required, as below `or` and `not`.
///
/// ```
/// use cohort_scim::{ResourceType, filter};
/// let filter = filter::parse("emails[type eq \"work\"].value eq \"ada@x.org\" and active eq true")?;
/// let paths: Vec<String> =
///     filter::required_equalities(&filter, ResourceType::User).into_iter().map(|(path, _)| path).collect();
/// assert_eq!(paths, ["emails.type", "emails.value", "active"]);
/// # Ok::<(), cohort_scim::ScimError>(())
/// ```
pub fn required_equalities(filter: &Filter, resource_type: ResourceType) -> Vec<(String, &Value)> {
    match filter {
        Filter::And(parts) => {
            parts.iter().flat_map(|part| required_equalities(part, resource_type)).collect()
        }
        Filter::Compare(Comparison { attribute, operator: Operator::Equal, value }) if !value.is_null() => {
            resource_type.resolve(attribute).map(|found| (found.leaf_path(), value)).into_iter().collect()
        }
        Filter::Element(path, condition) => {
            let Some(found) = resource_type.resolve(path) else { return Vec::new() };
            let equalities = element_equalities(condition, found.attribute).into_iter();
            equalities.map(|(sub, value)| (format!("{}.{}", found.path(), sub.name), value)).collect()
        }
        Filter::Compare(_) | Filter::Or(_) | Filter::Not(_) | Filter::Present(_) => Vec::new(),
    }
}

/// The equalities that an element has to meet, by sub-attribute.
pub(crate) fn element_equalities<'a>(
    condition: &'a Filter,
    attribute: &'static Attribute,
) -> Vec<(&'static Attribute, &'a Value)> {
    match condition {
        Filter::And(parts) => parts.iter().flat_map(|part| element_equalities(part, attribute)).collect(),
        Filter::Compare(Comparison { attribute: path, operator: Operator::Equal, value })
            if !value.is_null() =>
        {
            sub_of(attribute, path).map(|sub| (sub, value)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
