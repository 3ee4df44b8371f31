//! Filters (RFC 7644 section 3.4.2.2).

use serde_json::Value;

use crate::dialect::Dialect;
use crate::error::ScimError;
use crate::schema::{AttributePath, ResourceType};
use crate::value::Document;

/// A condition on a resource, or on one element of a multi-valued attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All of them hold.
    And(Vec<Filter>),
    /// One of them holds.
    Or(Vec<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// The attribute has a value that is not empty.
    Present(AttributePath),
    /// The attribute compares with a value.
    Compare(Comparison),
    /// One element of the attribute meets the condition as a whole.
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
    /// `ne`
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

/// Reads a filter; whether its attributes exist is not asked.
///
/// # Errors
/// [`ScimError::FilterSyntax`] with the byte offset.
pub fn parse(text: &str) -> Result<Filter, ScimError> {
    todo!()
}

/// Reads a filter over resources of one type and checks that it can be evaluated.
///
/// # Errors
/// As [`parse`]; [`ScimError::FilterAttribute`], [`ScimError::FilterComparison`].
pub fn parse_for(text: &str, resource_type: ResourceType, dialect: &Dialect) -> Result<Filter, ScimError> {
    todo!()
}

/// Whether `resource` (an object with canonical names) meets the filter.
pub fn matches(filter: &Filter, resource: &Document, resource_type: ResourceType) -> bool {
    todo!()
}

/// The equalities that every match of the filter has to meet, as (canonical path, value).
///
/// `userName eq "ada"` gives `("userName", "ada")`; `members[value eq "7"] and displayName eq "x"` gives
/// `("members.value", "7")` and `("displayName", "x")`. An index on one of the paths narrows the candidates;
/// [`matches`] then decides. Empty if any resource could match.
pub fn required_equalities(filter: &Filter, resource_type: ResourceType) -> Vec<(String, &Value)> {
    todo!()
}
