//! Filters (RFC 7644 section 3.4.2.2): their text, their tree, their truth.
//!
//! The tree is public so that a store can answer common filters from an index: [`required()`] names
//! what to look up, [`matches()`] decides on each candidate. Text is bounded in bytes, depth and conditions,
//! so that a filter costs at most a known amount per resource.

mod check;
mod matching;
mod parser;
mod required;
mod text;

use serde_json::Value;

use crate::dialect::Dialect;
use crate::error::ScimError;
use crate::limits::{FILTER_BYTES_MAX, FILTER_NODES_MAX};
use crate::schema::{AttributePath, ResourceType};

pub(crate) use self::check::check_element;
pub use self::matching::matches;
pub(crate) use self::matching::matches_element;
pub(crate) use self::parser::Parser;
pub(crate) use self::required::element_equalities;
pub use self::required::{Required, required};

/// A condition on a resource, or on one element of a multi-valued attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All of them hold.
    And(Vec<Filter>),
    /// One of them holds.
    Or(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// The attribute has a value that is not empty (`pr`).
    Present(AttributePath),
    /// The attribute compares with a value.
    Compare(Comparison),
    /// One element of the attribute meets the condition as a whole; its paths are sub-attributes.
    ///
    /// Entra ID's `emails[type eq "work"].value eq "x"` is read as `emails[type eq "work" and value eq "x"]`.
    Element(AttributePath, Box<Filter>),
}

/// `attribute operator value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The attribute.
    pub attribute: AttributePath,
    /// The operator.
    pub operator: Operator,
    /// A JSON string, number, boolean or null.
    pub value: Value,
}

/// The comparing operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `eq`
    Equal,
    /// `ne`: true exactly when `eq` is not, so also when there is no value.
    NotEqual,
    /// `co`
    Contains,
    /// `sw`
    StartsWith,
    /// `ew`
    EndsWith,
    /// `gt`
    Greater,
    /// `ge`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `le`
    LessOrEqual,
}

impl Operator {
    const ALL: [Self; 9] = [
        Self::Equal,
        Self::NotEqual,
        Self::Contains,
        Self::StartsWith,
        Self::EndsWith,
        Self::Greater,
        Self::GreaterOrEqual,
        Self::Less,
        Self::LessOrEqual,
    ];

    /// The word for it in a filter.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Equal => "eq",
            Self::NotEqual => "ne",
            Self::Contains => "co",
            Self::StartsWith => "sw",
            Self::EndsWith => "ew",
            Self::Greater => "gt",
            Self::GreaterOrEqual => "ge",
            Self::Less => "lt",
            Self::LessOrEqual => "le",
        }
    }

    fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.keyword().eq_ignore_ascii_case(word))
    }
}

/// Reads a filter; whether its attributes exist is not asked.
///
/// ```
/// use cohort_scim::filter;
/// let error = filter::parse("userName equals \"ada\"").unwrap_err();
/// let detail = "filter: unknown operator `equals` at byte 9; \
///               expected one of eq, ne, co, sw, ew, pr, gt, ge, lt, le";
/// assert_eq!(error.detail(), detail);
/// ```
///
/// # Errors
/// [`ScimError::FilterSyntax`] with the byte offset.
pub fn parse(text: &str) -> Result<Filter, ScimError> {
    let parsed = Parser::new(text, FILTER_BYTES_MAX, FILTER_NODES_MAX).and_then(Parser::whole_filter);
    parsed.map_err(ScimError::FilterSyntax)
}

/// Reads a filter over resources of these types and checks that it can be evaluated.
///
/// Over several types, an attribute that only some of them have counts as unassigned in the others.
///
/// # Errors
/// As [`parse`]; [`ScimError::FilterAttribute`] if each type lacks an attribute, unless the dialect takes it for
/// absent; [`ScimError::FilterComparison`] where operator, attribute and value do not go together.
pub fn parse_for(text: &str, kinds: &[ResourceType], dialect: &Dialect) -> Result<Filter, ScimError> {
    let filter = parse(text)?;
    let mut unknown = None;
    let mut checked = false;
    for kind in kinds {
        match check::check(&filter, *kind, dialect) {
            Ok(()) => checked = true,
            Err(error @ ScimError::FilterAttribute { .. }) => unknown = unknown.or(Some(error)),
            Err(error) => return Err(error),
        }
    }
    match unknown {
        Some(error) if !checked => Err(error),
        _ => Ok(filter),
    }
}

#[cfg(test)]
mod tests;
