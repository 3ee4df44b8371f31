//! Queries over many resources and their answer (RFC 7644 section 3.4.2, RFC 9865).
//!
//! A query comes as the parameters of a GET or as the body of a POST to `.search`; [`search_parameters`] turns the
//! second into the first, so that there is one reading of both.

mod search;
mod sort;

use serde_json::{Map, Value, json};

use crate::dialect::Dialect;
use crate::error::ScimError;
use crate::filter;
use crate::filter::Filter;
use crate::limits::{CURSOR_BYTES_MAX, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX};
use crate::projection::Projection;
use crate::schema::ResourceType;

pub use self::search::{SEARCH_SCHEMA, search_parameters};
pub use self::sort::{Sort, SortKey, SortOrder};

/// The schema of a list answer.
pub const LIST_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// A query over the resources of one type, or of several at once (RFC 7644 section 3.4.2.1).
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    /// The types asked for, and which attributes of each the answer has; at least one.
    pub parts: Vec<Part>,
    /// Which resources; `None` for all.
    pub filter: Option<Filter>,
    /// In which order; `None` leaves it to the server, which keeps it stable.
    pub sort: Option<Sort>,
    /// How many resources at most; 0 asks for the total alone. Never above [`PAGE_SIZE_MAX`].
    pub count: usize,
    /// Where the page begins.
    pub start: Start,
}

/// One type of resources in a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The type.
    pub kind: ResourceType,
    /// Which attributes of each resource.
    pub projection: Projection,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// At the resource of this number, from 1 (RFC 7644 section 3.4.2.4).
    Index(u64),
    /// Where the page ended that gave this cursor; an empty one asks for the first page (RFC 9865 section 2).
    Cursor(String),
}

/// Where a page stands among all matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paging {
    /// It begins at this index and these are all matches.
    Index {
        /// Number of the first resource, from 1.
        start: u64,
        /// All matches.
        total: u64,
    },
    /// It was asked for by cursor.
    Cursor {
        /// The cursor of the page after it; `None` on the last page.
        next: Option<String>,
        /// All matches, where counting them costs no look at each.
        total: Option<u64>,
    },
}

impl ListQuery {
    /// Reads decoded query parameters; unknown ones are passed over, the first of two equal ones counts.
    ///
    /// A `startIndex` below 1 means 1, a `count` below 0 means 0 (RFC 7644 section 3.4.2.4). A `cursor`, even an
    /// empty one, makes `startIndex` meaningless, and asks for a positive `count` (RFC 9865 section 2).
    ///
    /// ```
    /// use cohort_scim::{Dialect, ListQuery, ResourceType, list::Start};
    /// let parameters = [("startIndex", "0"), ("count", "5")];
    /// let query = ListQuery::parse(parameters, &[ResourceType::User], &Dialect::OKTA)?;
    /// assert_eq!((query.start, query.count), (Start::Index(1), 5));
    /// # Ok::<(), cohort_scim::ScimError>(())
    /// ```
    ///
    /// # Errors
    /// [`ScimError::BadParameter`], [`ScimError::InvalidCount`], [`ScimError::InvalidCursor`] for one longer than
    /// any of ours; those of [`filter::parse_for`], [`Sort::parse`] and [`Projection::parse`].
    pub fn parse<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
        kinds: &[ResourceType],
        dialect: &Dialect,
    ) -> Result<Self, ScimError> {
        let parameters: Vec<(&str, &str)> = parameters.into_iter().collect();
        let get = |name| parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let part = |kind: &ResourceType| {
            let projection = Projection::parse(get("attributes"), get("excludedAttributes"), *kind)?;
            Ok(Part { kind: *kind, projection })
        };
        let (start, count) = match get("cursor") {
            Some(cursor) => (Start::cursor(cursor)?, positive_count(get("count"))?),
            None => (Start::index(get("startIndex"))?, whole_count(get("count"))?),
        };
        Ok(Self {
            parts: kinds.iter().map(part).collect::<Result<_, ScimError>>()?,
            filter: get("filter").map(|text| filter::parse_for(text, kinds, dialect)).transpose()?,
            sort: get("sortBy").map(|by| Sort::parse(by, get("sortOrder"), kinds)).transpose()?,
            count: count.min(PAGE_SIZE_MAX),
            start,
        })
    }

    /// What a cursor of this query may be used for again: the same types, filter and order.
    ///
    /// The text is the same for two queries that differ in nothing else than blanks, needless parentheses, `count`,
    /// the attributes asked for and the page.
    pub fn identity(&self) -> String {
        let kinds: Vec<&str> = self.parts.iter().map(|part| part.kind.name()).collect();
        let filter = self.filter.as_ref().map(ToString::to_string).unwrap_or_default();
        let sort = self.sort.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{}\n{sort}\n{filter}", kinds.join(","))
    }
}

impl Start {
    fn cursor(text: &str) -> Result<Self, ScimError> {
        if text.len() > CURSOR_BYTES_MAX {
            return Err(ScimError::InvalidCursor);
        }
        Ok(Self::Cursor(text.to_owned()))
    }

    fn index(text: Option<&str>) -> Result<Self, ScimError> {
        let start = text.map(|text| whole_number("startIndex", text)).transpose()?;
        Ok(Self::Index(start.unwrap_or(1).max(1)))
    }
}

fn whole_count(text: Option<&str>) -> Result<usize, ScimError> {
    let count = text.map(|text| whole_number("count", text)).transpose()?;
    Ok(count.map_or(PAGE_SIZE_DEFAULT, |count| usize::try_from(count).unwrap_or(usize::MAX)))
}

fn positive_count(text: Option<&str>) -> Result<usize, ScimError> {
    match whole_count(text) {
        Ok(count) if count > 0 => Ok(count),
        _ => Err(ScimError::InvalidCount { found: text.unwrap_or_default().into() }),
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

/// The body of a list answer.
pub fn response(paging: &Paging, resources: Vec<Map<String, Value>>) -> Value {
    let mut body = Map::new();
    body.insert("schemas".to_owned(), json!([LIST_SCHEMA]));
    let total = match paging {
        Paging::Index { total, .. } => Some(*total),
        Paging::Cursor { total, .. } => *total,
    };
    body.extend(total.map(|total| ("totalResults".to_owned(), json!(total))));
    match paging {
        Paging::Index { start, .. } => _ = body.insert("startIndex".to_owned(), json!(start)),
        Paging::Cursor { next, .. } => {
            body.extend(next.as_ref().map(|next| ("nextCursor".to_owned(), json!(next))));
        }
    }
    body.insert("itemsPerPage".to_owned(), json!(resources.len()));
    body.insert("Resources".to_owned(), resources.into_iter().map(Value::Object).collect());
    Value::Object(body)
}

#[cfg(test)]
mod tests;
