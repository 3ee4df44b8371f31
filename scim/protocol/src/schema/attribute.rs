//! One attribute and its characteristics.

use serde::Deserialize;

/// The type of an attribute's values (RFC 7643 section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AttributeType {
    /// Unicode text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A number with a fraction.
    Decimal,
    /// A number without fraction.
    Integer,
    /// An instant with its offset.
    DateTime,
    /// Bytes in base64.
    Binary,
    /// A URI.
    Reference,
    /// An object of sub-attributes.
    Complex,
}

impl AttributeType {
    /// The type with its article, for "expected ...".
    pub fn described(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Boolean => "true or false",
            Self::Decimal => "a number",
            Self::Integer => "a number without fraction",
            Self::DateTime => "a date and time such as \"2026-03-01T09:00:00Z\"",
            Self::Binary => "bytes in base64",
            Self::Reference => "a URI as a string",
            Self::Complex => "an object of sub-attributes",
        }
    }
}

/// Who may change an attribute, and when (RFC 7643 section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mutability {
    /// The server alone.
    ReadOnly,
    /// The client at any time.
    ReadWrite,
    /// The client once.
    Immutable,
    /// The client at any time, without ever reading it back.
    WriteOnly,
}

/// When an attribute is part of an answer (RFC 7643 section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Returned {
    /// In every answer.
    Always,
    /// In none.
    Never,
    /// Unless the request excludes it or asks for others.
    Default,
    /// Only if the request asks for it.
    Request,
}

/// Among which resources a value may occur once (RFC 7643 section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Uniqueness {
    /// Any number of resources may share it.
    None,
    /// Once per connection.
    Server,
    /// Once in the world.
    Global,
}

/// An attribute or sub-attribute as its schema defines it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attribute {
    /// The name in its canonical spelling.
    pub name: String,
    /// The type of each value.
    #[serde(rename = "type")]
    pub kind: AttributeType,
    /// Whether there is a list of values.
    pub multi_valued: bool,
    /// Whether a resource cannot be without it.
    pub required: bool,
    /// Whether texts that differ by case alone are different.
    #[serde(default)]
    pub case_exact: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// When it is returned.
    pub returned: Returned,
    /// Where its values are unique.
    pub uniqueness: Uniqueness,
    /// Values that clients are advised to use; others are accepted.
    #[serde(default)]
    pub canonical_values: Vec<String>,
    /// The parts of a complex attribute; empty for others.
    #[serde(default)]
    pub sub_attributes: Vec<Attribute>,
}

impl Attribute {
    /// The part called `name`, in any case; `None` if the attribute has none of that name.
    pub fn sub(&self, name: &str) -> Option<&Attribute> {
        self.sub_attributes.iter().find(|sub| sub.name.eq_ignore_ascii_case(name))
    }

    /// Whether values are objects of sub-attributes.
    pub fn is_complex(&self) -> bool {
        self.kind == AttributeType::Complex
    }

    /// Whether only the server writes it.
    pub fn is_read_only(&self) -> bool {
        self.mutability == Mutability::ReadOnly
    }
}
