//! Queries over many resources and their answer (RFC 7644 section 3.4.2).

use serde_json::{Map, Value, json};

use crate::dialect::Dialect;
use crate::error::ScimError;
use crate::filter;
use crate::filter::Filter;
use crate::limits::{PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};
use crate::projection::Projection;
use crate::schema::{AttributePath, ResourceType};

/// The schema of a list answer.
pub const LIST_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// The query parameters of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    /// Which resources; `None` for all.
    pub filter: Option<Filter>,
    /// Number of the first resource, from 1.
    pub start_index: u64,
    /// How many resources at most; 0 asks for the total alone. Never above [`PAGE_SIZE_MAX`].
    pub count: usize,
    /// By which attribute the client would like them sorted. The server announces that it does not sort, and
    /// RFC 7644 section 3.4.2.3 then lets it pass this over.
    pub sort: Option<Sort>,
    /// Which attributes of each.
    pub projection: Projection,
}

/// An order of resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The attribute.
    pub attribute: AttributePath,
    /// The direction.
    pub order: SortOrder,
}

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortOrder {
    /// Smallest first.
    Ascending,
    /// Greatest first.
    Descending,
}

impl ListQuery {
    /// Reads decoded query parameters; unknown ones are passed over, the first of two equal ones counts.
    ///
    /// A `startIndex` below 1 means 1, a `count` below 0 means 0 (RFC 7644 section 3.4.2.4).
    ///
    /// ```
    /// use cohort_scim::{Dialect, ListQuery, ResourceType};
    /// let query = ListQuery::parse([("startIndex", "0"), ("count", "5")], ResourceType::User, &Dialect::OKTA)?;
    /// assert_eq!((query.start_index, query.count), (1, 5));
    /// # Ok::<(), cohort_scim::ScimError>(())
    /// ```
    ///
    /// # Errors
    /// [`ScimError::BadParameter`]; those of [`filter::parse_for`] and [`Projection::parse`].
    pub fn parse<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
        resource_type: ResourceType,
        dialect: &Dialect,
    ) -> Result<Self, ScimError> {
        let parameters: Vec<(&str, &str)> = parameters.into_iter().collect();
        let get = |name| parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let filter = get("filter").map(|text| filter::parse_for(text, resource_type, dialect)).transpose()?;
        let start = get("startIndex").map(|text| whole_number("startIndex", text)).transpose()?.unwrap_or(1);
        let count = get("count").map(|text| whole_number("count", text)).transpose()?;
        let count = count.map_or(PAGE_SIZE_DEFAULT, |count| usize::try_from(count).unwrap_or(usize::MAX));
        Ok(Self {
            filter,
            start_index: start.max(1),
            count: count.min(PAGE_SIZE_MAX),
            sort: get("sortBy").and_then(|by| Sort::read(by, get("sortOrder"))),
            projection: Projection::parse(get("attributes"), get("excludedAttributes"), resource_type)?,
        })
    }
}

impl Sort {
    fn read(by: &str, order: Option<&str>) -> Option<Self> {
        let descending = order.is_some_and(|order| order.eq_ignore_ascii_case("descending"));
        let order = if descending { SortOrder::Descending } else { SortOrder::Ascending };
        AttributePath::parse(by).map(|attribute| Self { attribute, order })
    }
}

/// A number from 0 up; negative ones mean 0, those beyond 64 bits the greatest.
fn whole_number(parameter: &'static str, text: &str) -> Result<u64, ScimError> {
    let digits = text.trim().trim_start_matches(['-', '+']);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ScimError::BadParameter { parameter, found: text.into(), expected: "a whole number" });
    }
    if text.trim().starts_with('-') {
        return Ok(0);
    }
    Ok(digits.parse().unwrap_or(u64::MAX))
}

/// The body of a list answer: `total` matches, of which these stand at `start_index` and after.
pub fn response(total: u64, start_index: u64, resources: Vec<Map<String, Value>>) -> Value {
    let mut body = Map::new();
    body.insert("schemas".to_owned(), json!([LIST_SCHEMA]));
    body.insert("totalResults".to_owned(), json!(total));
    body.insert("startIndex".to_owned(), json!(start_index));
    body.insert("itemsPerPage".to_owned(), json!(resources.len()));
    body.insert("Resources".to_owned(), resources.into_iter().map(Value::Object).collect());
    Value::Object(body)
}

#[cfg(test)]
mod tests;
