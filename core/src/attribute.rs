//! What a directory knows about a user, as far as rules may ask for it, and the registry of fields.
//!
//! Text is kept twice: as it came, and folded (NFKC and case-folded by the directory). The core only compares
//! bytes, so it carries no Unicode tables.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

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

/// One field that rules may ask for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// The name in the profile, such as `job`.
    pub name: &'static str,
    /// Other names in rule text, such as `job title`.
    pub aliases: &'static [&'static str],
    /// The only values it takes, folded; empty when any text is taken.
    pub choices: &'static [&'static str],
}

/// The field that names the user's manager by id or user name.
pub const MANAGER: &str = "manager";

const fn text_field(name: &'static str) -> Field {
    Field { name, aliases: &[], choices: &[] }
}

/// The fields that rules know by name; custom attributes are asked for as `attr.name`.
const FIELDS: &[Field] = &[
    text_field("name"),
    Field { name: "job", aliases: &["job title", "title"], choices: &[] },
    text_field("department"),
    text_field("division"),
    text_field("organization"),
    Field { name: "costcenter", aliases: &["cost center"], choices: &[] },
    Field { name: "employeenumber", aliases: &["employee number"], choices: &[] },
    text_field("location"),
    text_field("country"),
    text_field(MANAGER),
    Field { name: "status", aliases: &[], choices: &["active", "inactive"] },
    Field { name: "gender", aliases: &[], choices: &["male", "female", "other"] },
];

/// The field of this lower-case name or alias.
#[must_use]
pub fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name || field.aliases.contains(&name))
}

/// The names of all fields, in the order in which they are shown.
pub fn field_names() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|field| field.name)
}
