//! One attribute's JSON value against its definition.
//!
//! What passes here may be stored: sub-attributes have their canonical names, nothing is `null` or empty,
//! nothing is readOnly, every leaf has its type. `null`, `[]` and an object without content all mean
//! "unassigned" (RFC 7643 section 2.5) and come out as `None`.

use serde_json::{Map, Value};

use crate::dialect::Dialect;
use crate::error::{JsonKind, ScimError};
use crate::limits::{DOCUMENT_BYTES_MAX, TEXT_BYTES_MAX, VALUES_MAX};
use crate::schema::Attribute;

pub(crate) mod leaf;

/// The attributes of a resource as they are stored: canonical names, no `null`, nothing empty, nothing readOnly.
///
/// Attributes of an extension stand in an object named by its URN. Neither `schemas`, `id`, `meta` nor the
/// members of a group are in it.
pub type Document = Map<String, Value>;

/// `value` as it may be stored under `attribute`, `None` if it means "unassigned".
///
/// `path` is what errors call the attribute.
///
/// # Errors
/// Those of wrong types and forms; [`ScimError::TooManyValues`], [`ScimError::ValueTooLong`]; by dialect
/// [`ScimError::UnknownAttribute`] for sub-attributes and [`ScimError::SeveralPrimary`].
pub fn accepted(
    attribute: &Attribute,
    path: &str,
    value: &Value,
    dialect: &Dialect,
) -> Result<Option<Value>, ScimError> {
    let reader = Reader { attribute, path, dialect };
    if attribute.multi_valued { reader.list(value) } else { reader.single(value) }
}

/// One value of `attribute`, be it multi-valued or not; `None` if it means "unassigned".
///
/// # Errors
/// As [`accepted`].
pub(crate) fn accepted_element(
    attribute: &Attribute,
    path: &str,
    value: &Value,
    dialect: &Dialect,
) -> Result<Option<Value>, ScimError> {
    Reader { attribute, path, dialect }.element(value)
}

/// Whether `value` counts as unassigned: `null`, `[]` or `{}`.
pub(crate) fn is_unassigned(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Whether an element of a multi-valued attribute is marked as the preferred one.
pub(crate) fn is_primary(element: &Value) -> bool {
    element.get("primary") == Some(&Value::Bool(true))
}

/// Appends `element`, or merges it into the one with the same `type` and `value` (RFC 7643 section 2.4 advises
/// against two of these), and gives its index.
pub(crate) fn merge_element(elements: &mut Vec<Value>, element: Value) -> usize {
    let twin = elements.iter_mut().enumerate().find(|(_, present)| same_value(present, &element));
    let Some((index, present)) = twin else {
        elements.push(element);
        return elements.len() - 1;
    };
    if let (Value::Object(present), Value::Object(element)) = (present, element) {
        present.extend(element);
    }
    index
}

fn same_value(a: &Value, b: &Value) -> bool {
    a == b || (a.get("value").is_some() && a.get("value") == b.get("value") && a.get("type") == b.get("type"))
}

/// Leaves the element at `index` as the only primary one.
pub(crate) fn make_primary(elements: &mut [Value], index: usize) {
    for (other, element) in elements.iter_mut().enumerate() {
        if let Some(members) = element.as_object_mut().filter(|_| other != index) {
            members.shift_remove("primary");
        }
    }
}

/// Checks that the texts of a document are together short enough to be kept.
///
/// # Errors
/// [`ScimError::ResourceTooLarge`].
pub(crate) fn check_size(document: &Document) -> Result<(), ScimError> {
    let bytes: usize = document.values().map(text_bytes).sum();
    if bytes > DOCUMENT_BYTES_MAX {
        return Err(ScimError::ResourceTooLarge { bytes_max: DOCUMENT_BYTES_MAX });
    }
    Ok(())
}

/// Recurses as deep as schemas nest: extension, attribute, element, sub-attribute.
fn text_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(text_bytes).sum(),
        Value::Object(members) => members.values().map(text_bytes).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

struct Reader<'a> {
    attribute: &'a Attribute,
    path: &'a str,
    dialect: &'a Dialect,
}

impl Reader<'_> {
    fn loose(&self) -> bool {
        self.dialect.loose_types.tolerates()
    }

    fn list(&self, value: &Value) -> Result<Option<Value>, ScimError> {
        let items = match value {
            Value::Null => return Ok(None),
            Value::Array(items) => items.as_slice(),
            single if self.loose() => std::slice::from_ref(single),
            other => return Err(self.wrong_type(other, "an array")),
        };
        if items.len() > VALUES_MAX {
            return Err(ScimError::TooManyValues { attribute: self.path.to_owned(), count_max: VALUES_MAX });
        }
        let mut elements = Vec::new();
        let mut primary = None;
        for item in items {
            let Some(element) = self.element(item)? else { continue };
            let marked = is_primary(&element);
            let index = merge_element(&mut elements, element);
            if marked && *primary.get_or_insert(index) != index && !self.loose() {
                return Err(ScimError::SeveralPrimary { attribute: self.path.to_owned() });
            }
        }
        if let Some(first) = primary {
            make_primary(&mut elements, first);
        }
        Ok((!elements.is_empty()).then_some(Value::Array(elements)))
    }

    /// A single-valued attribute; some providers wrap its value in an array.
    fn single(&self, value: &Value) -> Result<Option<Value>, ScimError> {
        match value {
            Value::Array(items) if self.loose() => match items.as_slice() {
                [] => Ok(None),
                [only] => self.element(only),
                _ => Err(ScimError::TooManyValues { attribute: self.path.to_owned(), count_max: 1 }),
            },
            other => self.element(other),
        }
    }

    fn element(&self, value: &Value) -> Result<Option<Value>, ScimError> {
        match value {
            Value::Null => Ok(None),
            Value::Object(members) if self.attribute.is_complex() => self.complex(members),
            bare if self.attribute.is_complex() => self.complex_from_bare(bare),
            simple => self.simple(simple).map(Some),
        }
    }

    fn complex(&self, members: &Map<String, Value>) -> Result<Option<Value>, ScimError> {
        let mut known = Map::new();
        for (name, value) in members {
            let Some(sub) = self.attribute.sub(name) else {
                if self.dialect.unknown_attributes.tolerates() {
                    continue;
                }
                let attribute = format!("{}.{name}", self.path).into();
                return Err(ScimError::UnknownAttribute { attribute });
            };
            if sub.is_read_only() {
                continue;
            }
            if let Some(value) = accepted(sub, &format!("{}.{}", self.path, sub.name), value, self.dialect)? {
                known.insert(sub.name.clone(), value);
            }
        }
        Ok((!known.is_empty()).then_some(Value::Object(known)))
    }

    /// `"42"` where `{"value": "42"}` belongs; an empty text unassigns.
    fn complex_from_bare(&self, bare: &Value) -> Result<Option<Value>, ScimError> {
        let value = self.attribute.sub("value").filter(|_| self.loose());
        let (Some(value), false) = (value, bare.is_array()) else {
            return Err(self.wrong_type(bare, self.attribute.kind.described()));
        };
        if bare.as_str() == Some("") {
            return Ok(None);
        }
        let inner = accepted(value, &format!("{}.value", self.path), bare, self.dialect)?;
        Ok(inner.map(|inner| Value::Object(Map::from_iter([("value".to_owned(), inner)]))))
    }

    fn simple(&self, value: &Value) -> Result<Value, ScimError> {
        let read = leaf::read(self.attribute.kind, value, self.loose())
            .ok_or_else(|| self.wrong_type(value, self.attribute.kind.described()))?;
        let Some(text) = read.as_str() else { return Ok(read) };
        if text.len() > TEXT_BYTES_MAX {
            let (attribute, bytes) = (self.path.to_owned(), text.len());
            return Err(ScimError::ValueTooLong { attribute, bytes, bytes_max: TEXT_BYTES_MAX });
        }
        if !leaf::has_form(self.attribute.kind, text) {
            let (attribute, expected) = (self.path.to_owned(), self.attribute.kind.described());
            return Err(ScimError::WrongForm { attribute, found: text.into(), expected });
        }
        if self.attribute.required && text.trim().is_empty() {
            return Err(ScimError::MissingValue { attribute: self.path.to_owned() });
        }
        Ok(read)
    }

    fn wrong_type(&self, value: &Value, expected: &'static str) -> ScimError {
        ScimError::WrongType { attribute: self.path.to_owned(), found: JsonKind::of(value), expected }
    }
}

#[cfg(test)]
mod tests;
