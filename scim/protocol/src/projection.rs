//! `attributes` and `excludedAttributes` (RFC 7644 section 3.9).
//!
//! A projection is applied while an answer is rendered and nowhere else, so it can never reach what is stored.

use serde_json::{Map, Value};

use crate::error::ScimError;
use crate::limits::PROJECTION_NAMES_MAX;
use crate::schema::{Attribute, AttributePath, Resolved, ResourceType, Returned};

/// Which attributes of a resource an answer contains.
///
/// The default is what RFC 7643 section 7 says of each attribute under `returned`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Projection {
    choice: Choice,
}

#[derive(Debug, Clone, PartialEq, Default)]
enum Choice {
    #[default]
    Defaults,
    Only(Vec<Name>),
    Without(Vec<Name>),
}

/// An attribute, a sub-attribute, or all attributes of one schema.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Name {
    Attribute(Resolved),
    Core,
    Extension(&'static str),
}

/// How much of one attribute a list of names covers.
enum Cover<'a> {
    Nothing,
    Parts(Vec<&'a Attribute>),
    Whole,
}

impl Projection {
    /// Reads the two parameters, each a list of attribute paths or schema URNs joined by commas.
    ///
    /// An empty parameter counts as absent; names that no schema has select nothing.
    ///
    /// # Errors
    /// [`ScimError::AttributesTwice`] if both are given; [`ScimError::BadParameter`] for more than
    /// [`PROJECTION_NAMES_MAX`] names.
    pub fn parse(
        attributes: Option<&str>,
        excluded: Option<&str>,
        resource_type: ResourceType,
    ) -> Result<Self, ScimError> {
        let given =
            |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let choice = match (given(attributes), given(excluded)) {
            (None, None) => Choice::Defaults,
            (Some(names), None) => Choice::Only(Name::list(&names, "attributes", resource_type)?),
            (None, Some(names)) => Choice::Without(Name::list(&names, "excludedAttributes", resource_type)?),
            (Some(_), Some(_)) => return Err(ScimError::AttributesTwice),
        };
        Ok(Self { choice })
    }

    /// Whether any part of the attribute at the top of the resource is wanted: if not, it need not be loaded.
    ///
    /// ```
    /// use cohort_scim::{Projection, ResourceType};
    /// let projection = Projection::parse(None, Some("members"), ResourceType::Group)?;
    /// assert!(!projection.wants("members"));
    /// # Ok::<(), cohort_scim::ScimError>(())
    /// ```
    pub fn wants(&self, attribute: &str) -> bool {
        let named = |name: &Name| match name {
            Name::Core => true,
            Name::Extension(_) => false,
            Name::Attribute(found) => {
                found.extension.is_none() && found.attribute.name.eq_ignore_ascii_case(attribute)
            }
        };
        let whole =
            |name: &Name| named(name) && !matches!(name, Name::Attribute(found) if found.sub.is_some());
        match &self.choice {
            Choice::Defaults => true,
            Choice::Only(names) => names.iter().any(named),
            Choice::Without(names) => !names.iter().any(whole),
        }
    }

    /// What the answer shows of `value`; `None` if nothing.
    pub(crate) fn shown(
        &self,
        extension: Option<&str>,
        attribute: &Attribute,
        value: Value,
    ) -> Option<Value> {
        match attribute.returned {
            Returned::Always => return Some(value),
            Returned::Never => return None,
            Returned::Default | Returned::Request => {}
        }
        match &self.choice {
            Choice::Defaults => whole_by_default(attribute, value),
            Choice::Only(names) => match cover(names, extension, attribute) {
                Cover::Nothing => None,
                Cover::Parts(parts) => retained(value, |name| parts.iter().any(|part| part.name == name)),
                Cover::Whole => {
                    let named =
                        |part: &str| names.iter().any(|name| name.is_part(extension, attribute, part));
                    unasked_removed(attribute, value, named)
                }
            },
            Choice::Without(names) => match cover(names, extension, attribute) {
                Cover::Nothing => whole_by_default(attribute, value),
                Cover::Parts(parts) => {
                    let rest = retained(value, |name| !parts.iter().any(|part| part.name == name));
                    rest.and_then(|rest| whole_by_default(attribute, rest))
                }
                Cover::Whole => None,
            },
        }
    }
}

impl Name {
    fn list(
        text: &str,
        parameter: &'static str,
        resource_type: ResourceType,
    ) -> Result<Vec<Self>, ScimError> {
        if text.split(',').nth(PROJECTION_NAMES_MAX).is_some() {
            return Err(ScimError::BadParameter {
                parameter,
                found: text.into(),
                expected: "at most 100 names",
            });
        }
        Ok(text.split(',').filter_map(|name| Self::read(name.trim(), resource_type)).collect())
    }

    fn read(text: &str, resource_type: ResourceType) -> Option<Self> {
        if text.eq_ignore_ascii_case(resource_type.core_urn()) {
            return Some(Self::Core);
        }
        if let Some(schema) = resource_type.extension(text) {
            return Some(Self::Extension(&schema.id));
        }
        resource_type.resolve(&AttributePath::parse(text)?).map(Self::Attribute)
    }

    /// Whether it names the sub-attribute `part` of `attribute`.
    fn is_part(&self, extension: Option<&str>, attribute: &Attribute, part: &str) -> bool {
        let Self::Attribute(found) = self else { return false };
        let is_attribute = found.extension == extension && found.attribute.name == attribute.name;
        is_attribute && found.sub.is_some_and(|sub| sub.name == part)
    }
}

/// What an answer shows of an attribute that no name covers.
fn whole_by_default(attribute: &Attribute, value: Value) -> Option<Value> {
    if attribute.returned == Returned::Default { unasked_removed(attribute, value, |_| false) } else { None }
}

/// `value` without the sub-attributes that are part of an answer only when they are `named` themselves.
fn unasked_removed(attribute: &Attribute, value: Value, named: impl Fn(&str) -> bool) -> Option<Value> {
    let mut parts = attribute.sub_attributes.iter();
    if !parts.any(|part| part.returned == Returned::Request) {
        return Some(value);
    }
    let on_request = |name: &str| attribute.sub(name).is_some_and(|part| part.returned == Returned::Request);
    retained(value, |name| !on_request(name) || named(name))
}

fn cover<'a>(names: &[Name], extension: Option<&str>, attribute: &'a Attribute) -> Cover<'a> {
    let mut parts = Vec::new();
    for name in names {
        match name {
            Name::Core if extension.is_none() => return Cover::Whole,
            Name::Extension(urn) if extension == Some(*urn) => return Cover::Whole,
            Name::Attribute(found)
                if found.extension == extension && found.attribute.name == attribute.name =>
            {
                let Some(sub) = found.sub.and_then(|sub| attribute.sub(&sub.name)) else {
                    return Cover::Whole;
                };
                parts.push(sub);
            }
            _ => {}
        }
    }
    if parts.is_empty() { Cover::Nothing } else { Cover::Parts(parts) }
}

/// `value` with only those sub-attributes, of each element if it is a list; `None` if nothing is left.
fn retained(value: Value, keep: impl Fn(&str) -> bool) -> Option<Value> {
    retained_by(value, &keep)
}

fn retained_by(value: Value, keep: &impl Fn(&str) -> bool) -> Option<Value> {
    match value {
        Value::Object(members) => {
            let kept: Map<String, Value> = members.into_iter().filter(|(name, _)| keep(name)).collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Array(elements) => {
            let kept: Vec<Value> =
                elements.into_iter().filter_map(|element| retained_by(element, keep)).collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        other => Some(other),
    }
}

#[cfg(test)]
mod tests;
