//! `attributes` and `excludedAttributes` (RFC 7644 section 3.9).

use crate::error::ScimError;
use crate::schema::ResourceType;

/// Which attributes of a resource an answer contains.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    _later: (),
}

impl Projection {
    /// Reads the two parameters, each a list of attribute paths joined by commas.
    ///
    /// # Errors
    /// [`ScimError::AttributesTwice`] if both are given.
    pub fn parse(
        attributes: Option<&str>,
        excluded: Option<&str>,
        resource_type: ResourceType,
    ) -> Result<Self, ScimError> {
        todo!()
    }

    /// Whether any part of the attribute at the top of the resource is wanted: if not, it need not be loaded.
    pub fn wants(&self, attribute: &str) -> bool {
        todo!()
    }
}

impl Default for Projection {
    /// What is returned when the request says nothing.
    fn default() -> Self {
        todo!()
    }
}
