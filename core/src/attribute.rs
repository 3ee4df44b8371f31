//! What a directory knows about a user, as far as rules may ask for it.
//!
//! Text is kept twice: as it came, and folded (NFKC and case-folded by the directory). The core only compares
//! bytes, so it carries no Unicode tables.

pub mod registry;

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

pub use registry::{Field, FieldType, MANAGER, Registry, field, field_names};

/// A text with the form in which `=`, `IN` and `LIKE` compare it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Text {
    /// The text as the directory received it.
    pub original: String,
    /// The same, NFKC and case-folded.
    pub folded: String,
}

impl Text {
    /// A text whose comparison form is given by `fold`.
    #[must_use]
    pub fn folded_by(original: &str, fold: Fold) -> Self {
        Self { original: original.to_string(), folded: fold(original) }
    }
}

/// How a text becomes its comparison form; the directory supplies NFKC with case folding.
pub type Fold = fn(&str) -> String;

/// The attributes of one user: a field's name and its values, none of them empty.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Profile {
    // INVARIANT: no empty list; an absent field is null to a rule.
    fields: BTreeMap<String, Vec<Text>>,
}

impl Profile {
    /// A profile without attributes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the values of `field`; empty texts are left out, and no value at all clears the field.
    pub fn set(&mut self, field: &str, values: Vec<Text>) {
        let values: Vec<Text> = values.into_iter().filter(|value| !value.original.is_empty()).collect();
        if values.is_empty() {
            self.fields.remove(field);
        } else {
            self.fields.insert(field.to_string(), values);
        }
    }

    /// The values of `field`; empty when it is null.
    #[must_use]
    pub fn values(&self, field: &str) -> &[Text] {
        self.fields.get(field).map_or(&[], Vec::as_slice)
    }

    /// The fields whose values differ between `self` and `other`, in order.
    pub fn changed_fields<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a str> {
        let names: alloc::collections::BTreeSet<&str> =
            self.fields.keys().chain(other.fields.keys()).map(String::as_str).collect();
        names.into_iter().filter(|name| self.values(name) != other.values(name))
    }
}
