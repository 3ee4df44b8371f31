//! PATCH paths (RFC 7644 section 3.5.2): `attribute`, `attribute.sub`, `attribute[condition]`,
//! `attribute[condition].sub`, each with a schema URN before it or not.

use crate::error::ScimError;
use crate::filter::{Filter, Parser};
use crate::limits::{PATH_BYTES_MAX, PATH_NODES_MAX};
use crate::schema::AttributePath;

/// The target of a PATCH operation as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The attribute, with the sub-attribute whether it stood before or after the condition.
    pub attribute: AttributePath,
    /// Which elements of the attribute, if the path selects some.
    pub condition: Option<Filter>,
}

/// Reads a path, with blanks around it or not; whether its attributes exist is not asked.
///
/// ```
/// let path = cohort_scim::path::parse("emails[type eq \"work\"].value")?;
/// assert_eq!(path.attribute.sub.as_deref(), Some("value"));
/// assert!(path.condition.is_some());
/// # Ok::<(), cohort_scim::ScimError>(())
/// ```
///
/// # Errors
/// [`ScimError::PathSyntax`] with the byte offset.
pub fn parse(text: &str) -> Result<Path, ScimError> {
    let read = || {
        let mut parser = Parser::new(text.trim(), PATH_BYTES_MAX, PATH_NODES_MAX)?;
        let mut attribute = parser.attribute("an attribute")?;
        if attribute.sub.is_some() {
            parser.end("the end after a sub-attribute")?;
            return Ok(Path { attribute, condition: None });
        }
        let condition = parser.bracket()?;
        if condition.is_some() {
            attribute.sub = parser.sub_attribute()?;
        }
        parser.end("the end")?;
        Ok(Path { attribute, condition })
    };
    read().map_err(ScimError::PathSyntax)
}

#[cfg(test)]
mod tests;
