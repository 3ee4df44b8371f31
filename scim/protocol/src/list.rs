//! Queries over many resources and their answer (RFC 7644 section 3.4.2).

use serde_json::Value;

use crate::dialect::Dialect;
use crate::error::ScimError;
use crate::filter::Filter;
use crate::projection::Projection;
use crate::schema::{AttributePath, ResourceType};

/// The query parameters of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    /// Which resources; `None` for all.
    pub filter: Option<Filter>,
    /// Number of the first resource, from 1.
    pub start_index: u64,
    /// How many resources at most; 0 asks for the total alone. Never above `PAGE_SIZE_MAX`.
    pub count: usize,
    /// By which attribute to sort.
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
    /// # Errors
    /// [`ScimError::BadParameter`]; those of the filter and the projection.
    pub fn parse<'a>(
        parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
        resource_type: ResourceType,
        dialect: &Dialect,
    ) -> Result<Self, ScimError> {
        todo!()
    }
}

/// The body of a list answer: `total` matches, of which these stand at `start_index` and after.
pub fn response(total: u64, start_index: u64, resources: Vec<Value>) -> Value {
    todo!()
}
