//! JSON text to a JSON value, refusing what two readers could read in two ways.
//!
//! Whoever gives a body to this crate should read it here: a plain JSON reader keeps the last of two equal keys
//! and so hides what another reader on the way may have seen.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::dialect::Dialect;
use crate::error::{JsonKind, ScimError};
use crate::limits::{BODY_BYTES_MAX, JSON_DEPTH_MAX, JSON_VALUES_MAX};

/// The JSON value that `bytes` hold.
///
/// ```
/// let twice = cohort_scim::body::read(br#"{"userName": "ada", "username": "eve"}"#);
/// let text = "duplicate member `username`; expected each name once, whatever its case";
/// assert_eq!(twice.unwrap_err().detail(), text);
/// ```
///
/// # Errors
/// [`ScimError::BodyTooLarge`], [`ScimError::MalformedJson`]; [`ScimError::DuplicateKey`] if an object names
/// one member twice, whatever the case; [`ScimError::NestedTooDeep`], [`ScimError::TooManyJsonValues`].
pub fn read(bytes: &[u8]) -> Result<Value, ScimError> {
    if bytes.len() > BODY_BYTES_MAX {
        return Err(ScimError::BodyTooLarge { bytes_max: BODY_BYTES_MAX });
    }
    let refusal = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let values_left = Cell::new(JSON_VALUES_MAX);
    let top = Level { depth_left: JSON_DEPTH_MAX, values_left: &values_left, refusal: &refusal };
    let value = top.deserialize(&mut reader);
    let value = value.and_then(|value| reader.end().map(|()| value));
    value.map_err(|fault| {
        let malformed = ScimError::MalformedJson { line: fault.line(), column: fault.column() };
        refusal.take().unwrap_or(malformed)
    })
}

/// The member of a message called `name`, in any case.
pub(crate) fn member<'a>(message: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    message
        .get(name)
        .or_else(|| message.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// Takes the member of a message called `name`, in any case, out of it.
pub(crate) fn take(message: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let key = message.keys().find(|key| key.eq_ignore_ascii_case(name))?.clone();
    message.swap_remove(&key)
}

/// `value` as an object; `what` names it in the error.
pub(crate) fn object<'a>(value: &'a Value, what: &'static str) -> Result<&'a Map<String, Value>, ScimError> {
    value.as_object().ok_or_else(|| ScimError::WrongShape {
        what,
        found: JsonKind::of(value),
        expected: "an object",
    })
}

/// Checks the `schemas` of a message or resource: `required` once, each of `optional` at most once.
///
/// Nothing is asked of a dialect with loose schemas: the endpoint says what the body is.
///
/// # Errors
/// [`ScimError::MissingPart`], [`ScimError::MissingSchema`], [`ScimError::UnexpectedSchema`].
pub(crate) fn check_schemas(
    message: &Map<String, Value>,
    required: &'static str,
    optional: &[&str],
    dialect: &Dialect,
) -> Result<(), ScimError> {
    if dialect.loose_schemas.tolerates() {
        return Ok(());
    }
    let missing = ScimError::MissingPart { what: "`schemas`", expected: "an array of URNs" };
    let named = member(message, "schemas").and_then(Value::as_array).ok_or(missing)?;
    let allowed: Vec<&str> = std::iter::once(required).chain(optional.iter().copied()).collect();
    let mut seen: Vec<&str> = Vec::new();
    for item in named {
        let urn = item.as_str().unwrap_or_default();
        match allowed.iter().find(|known| known.eq_ignore_ascii_case(urn)) {
            Some(known) if !seen.contains(known) => seen.push(known),
            _ => {
                let (found, expected) = (urn.into(), allowed.join(", "));
                return Err(ScimError::UnexpectedSchema { found, expected });
            }
        }
    }
    if seen.contains(&required) { Ok(()) } else { Err(ScimError::MissingSchema { expected: required }) }
}

/// Reads one value with at most `depth_left` levels of objects and arrays.
///
/// The JSON library reports its own errors as texts; a refusal of ours waits in `refusal` until reading stops.
#[derive(Clone, Copy)]
struct Level<'a> {
    depth_left: usize,
    values_left: &'a Cell<usize>,
    refusal: &'a RefCell<Option<ScimError>>,
}

impl Level<'_> {
    fn refuse<E: Error>(self, refusal: ScimError) -> E {
        self.refusal.replace(Some(refusal));
        E::custom("refused")
    }

    fn deeper<E: Error>(self) -> Result<Self, E> {
        match self.depth_left.checked_sub(1) {
            Some(depth_left) => Ok(Self { depth_left, ..self }),
            None => Err(self.refuse(ScimError::NestedTooDeep { depth_max: JSON_DEPTH_MAX })),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.values_left.get().checked_sub(1) {
            Some(left) => self.values_left.set(left),
            None => return Err(self.refuse(ScimError::TooManyJsonValues { count_max: JSON_VALUES_MAX })),
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let below = self.deeper()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(below)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let below = self.deeper()?;
        let mut object = Map::new();
        let mut seen = HashSet::new();
        while let Some(key) = members.next_key::<String>()? {
            if !seen.insert(key.to_ascii_lowercase()) {
                return Err(self.refuse(ScimError::DuplicateKey { key: key.into() }));
            }
            let value = members.next_value_seed(below)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests;
