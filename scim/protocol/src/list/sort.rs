//! The order of a list (RFC 7644 section 3.4.2.3).

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::error::ScimError;
use crate::limits::SORT_BYTES_MAX;
use crate::schema::{Attribute, AttributePath, AttributeType, ResourceType, folded};
use crate::value::is_primary;

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
    /// Smallest first, resources without a value last.
    Ascending,
    /// Greatest first, resources without a value before them.
    Descending,
}

/// By what a resource is sorted: bytes that compare as the values do, after all of them if there is no value.
///
/// Texts compare by code points, without case unless their attribute is case exact; of a long one the first
/// [`SORT_BYTES_MAX`] bytes count. Instants compare as time, `false` comes before `true`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortKey(Vec<u8>);

const PRESENT: u8 = 0;
const ABSENT: u8 = 1;

impl Sort {
    /// Reads `sortBy` and `sortOrder`.
    ///
    /// # Errors
    /// [`ScimError::BadParameter`] if `by` names an attribute that none of `kinds` has, one with sub-attributes
    /// but without `value`, or one that lists other resources, or if `order` is neither of the two words.
    pub fn parse(by: &str, order: Option<&str>, kinds: &[ResourceType]) -> Result<Self, ScimError> {
        let refused = |expected| ScimError::BadParameter { parameter: "sortBy", found: by.into(), expected };
        let attribute = AttributePath::parse(by).ok_or_else(|| refused("the path of an attribute"))?;
        let found: Vec<_> = kinds.iter().filter_map(|kind| kind.resolve(&attribute)).collect();
        if found.is_empty() {
            return Err(refused("an attribute that the schemas define"));
        }
        if found.iter().any(|found| found.leaf().is_complex()) {
            return Err(refused("one of its sub-attributes"));
        }
        if found.iter().any(|found| matches!(found.attribute.name.as_str(), "members" | "groups")) {
            return Err(refused("an attribute of the resource itself"));
        }
        Ok(Self { attribute, order: SortOrder::parse(order)? })
    }

    /// The path of the attribute that is compared, in canonical spelling; `None` if `kind` has none.
    pub fn path(&self, kind: ResourceType) -> Option<String> {
        kind.resolve(&self.attribute).map(|found| found.leaf_path())
    }

    /// By what `resource`, a document or a rendered resource, is sorted.
    ///
    /// Of several values the primary one counts, else the first.
    pub fn key(&self, resource: &Map<String, Value>, kind: ResourceType) -> SortKey {
        let value = || {
            let found = kind.resolve(&self.attribute)?;
            let holder = match found.extension {
                Some(urn) => resource.get(urn)?.as_object()?,
                None => resource,
            };
            let whole = chosen(holder.get(&found.attribute.name)?)?;
            let leaf = found.leaf();
            let value = if found.attribute.is_complex() { whole.get(&leaf.name)? } else { whole };
            ordered(leaf, value)
        };
        SortKey::of(value())
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.attribute.to_string().to_ascii_lowercase(), self.order.keyword())
    }
}

impl SortOrder {
    fn parse(text: Option<&str>) -> Result<Self, ScimError> {
        let Some(text) = text else { return Ok(Self::Ascending) };
        let both = [Self::Ascending, Self::Descending];
        let known = both.into_iter().find(|order| order.keyword().eq_ignore_ascii_case(text));
        let expected = "ascending or descending";
        known.ok_or_else(|| ScimError::BadParameter { parameter: "sortOrder", found: text.into(), expected })
    }

    /// The word for it.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Ascending => "ascending",
            Self::Descending => "descending",
        }
    }
}

impl SortKey {
    fn of(value: Option<Vec<u8>>) -> Self {
        match value {
            Some(bytes) => Self(std::iter::once(PRESENT).chain(bytes).collect()),
            None => Self(vec![ABSENT]),
        }
    }

    /// The key that [`SortKey::into_bytes`] gave.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The key as bytes that compare as the key does.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// The value that stands for several.
fn chosen(value: &Value) -> Option<&Value> {
    match value {
        Value::Array(items) => items.iter().find(|item| is_primary(item)).or_else(|| items.first()),
        single => Some(single),
    }
}

/// Bytes that compare as values of the attribute do.
fn ordered(attribute: &Attribute, value: &Value) -> Option<Vec<u8>> {
    match attribute.kind {
        AttributeType::Boolean => value.as_bool().map(|value| vec![u8::from(value)]),
        AttributeType::Integer | AttributeType::Decimal => value.as_f64().map(ordered_number),
        AttributeType::DateTime => {
            let nanos = value.as_str()?.parse::<Timestamp>().ok()?.as_nanosecond();
            Some((nanos ^ i128::MIN).to_be_bytes().to_vec())
        }
        AttributeType::Complex => None,
        _ if attribute.case_exact => value.as_str().map(|text| text_bytes(text.to_owned())),
        _ => value.as_str().map(|text| text_bytes(folded(text))),
    }
}

fn text_bytes(text: String) -> Vec<u8> {
    let mut bytes = text.into_bytes();
    bytes.truncate(SORT_BYTES_MAX);
    bytes
}

/// Negative numbers with all bits turned, others with the sign bit set: so their bytes ascend.
fn ordered_number(number: f64) -> Vec<u8> {
    let bits = number.to_bits();
    let turned = if number.is_sign_negative() { !bits } else { bits | 1 << 63 };
    turned.to_be_bytes().to_vec()
}
