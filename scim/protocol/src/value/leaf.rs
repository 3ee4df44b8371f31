//! Values without sub-attributes: their types, and the neighbouring types that providers send instead.

use jiff::Timestamp;
use serde_json::Value;

use crate::schema::AttributeType;

/// `value` in the JSON type of `kind`; with `loose`, also from a neighbouring one. `None` if it has another type.
pub(super) fn read(kind: AttributeType, value: &Value, loose: bool) -> Option<Value> {
    match (kind, value) {
        (AttributeType::Boolean, Value::Bool(_)) => Some(value.clone()),
        (AttributeType::Boolean, Value::String(text)) if loose => boolean(text).map(Value::Bool),
        (AttributeType::Integer, Value::Number(number)) if !number.is_f64() => Some(value.clone()),
        (AttributeType::Decimal, Value::Number(_)) => Some(value.clone()),
        (AttributeType::Integer | AttributeType::Decimal, Value::String(text)) if loose => {
            let number: Value = serde_json::from_str(text).ok()?;
            read(kind, number.is_number().then_some(&number)?, false)
        }
        (AttributeType::String, Value::Number(number)) if loose => Some(Value::String(number.to_string())),
        (
            AttributeType::String
            | AttributeType::Reference
            | AttributeType::Binary
            | AttributeType::DateTime,
            Value::String(_),
        ) => Some(value.clone()),
        _ => None,
    }
}

/// Whether a text has the form that its type asks for.
pub(super) fn has_form(kind: AttributeType, text: &str) -> bool {
    match kind {
        AttributeType::DateTime => text.parse::<Timestamp>().is_ok(),
        AttributeType::Binary => is_base64(text),
        _ => true,
    }
}

/// `True` and `False` as Entra ID writes them, in any case.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// RFC 4648 section 4 or 5, with its padding, over several lines or not.
fn is_base64(text: &str) -> bool {
    let digits: usize = text.bytes().filter(|b| !b.is_ascii_whitespace()).count();
    let body = text.trim_end_matches(['=', '\n', '\r', ' ']);
    let in_alphabet = |b: u8| {
        b.is_ascii_alphanumeric() || b.is_ascii_whitespace() || matches!(b, b'+' | b'/' | b'-' | b'_')
    };
    digits.is_multiple_of(4) && body.bytes().all(in_alphabet)
}
