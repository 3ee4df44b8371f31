//! The fields that rules may ask for: their names, their types, and who may see them.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};

/// The field that names the user's manager by id or user name.
pub const MANAGER: &str = "manager";

/// What stands before the name of a custom attribute.
pub const CUSTOM_PREFIX: &str = "attr.";

/// What the values of a field are, and so how a rule may compare them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldType {
    /// Whatever a directory sends: every operator is taken, values decide.
    Any,
    /// Text: equality and parts, no order.
    Text,
    /// One of these texts, written here folded.
    Choice(&'static [&'static str]),
    /// A decimal number.
    Number,
    /// A date or an instant, RFC 3339; a bare date is its 00:00 UTC.
    Date,
    /// `true` or `false`.
    Boolean,
    /// Another user, by id or user name.
    Reference,
}

impl FieldType {
    /// The type in words: what a value of it is called.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Text => "text",
            Self::Choice(_) => "a choice",
            Self::Number => "a number",
            Self::Date => "a date",
            Self::Boolean => "TRUE or FALSE",
            Self::Reference => "a reference to a user",
        }
    }
}

/// One field that rules may ask for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    /// The name in the profile, such as `job`.
    pub name: &'static str,
    /// Other names in rule text, such as `job title`.
    pub aliases: &'static [&'static str],
    /// What its values are.
    pub kind: FieldType,
    /// Whether a user may have several values.
    pub multi: bool,
    /// Whether only administrators may preview rules that read it.
    pub sensitive: bool,
}

const fn field_of(name: &'static str, aliases: &'static [&'static str], kind: FieldType) -> Field {
    Field { name, aliases, kind, multi: false, sensitive: false }
}

/// The fields that rules know by name; custom attributes are asked for as `attr.name`.
const FIELDS: &[Field] = &[
    field_of("name", &[], FieldType::Text),
    field_of("job", &["job title", "jobtitle", "title"], FieldType::Text),
    field_of("department", &[], FieldType::Text),
    field_of("division", &[], FieldType::Text),
    field_of("organization", &[], FieldType::Text),
    field_of("costcenter", &["cost center"], FieldType::Text),
    field_of("employeenumber", &["employee number"], FieldType::Text),
    field_of("location", &[], FieldType::Text),
    field_of("country", &[], FieldType::Text),
    field_of(MANAGER, &[], FieldType::Reference),
    field_of("status", &[], FieldType::Choice(&["active", "inactive"])),
    Field { sensitive: true, ..field_of("gender", &[], FieldType::Choice(&["male", "female", "other"])) },
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

/// The fields of one organisation: those that every organisation has, and its custom attributes.
///
/// An attribute that nobody declared may be asked for too; it is of [`FieldType::Any`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Registry {
    custom: BTreeMap<String, FieldType>,
}

impl Registry {
    /// The registry without declared attributes.
    #[must_use]
    pub const fn new() -> Self {
        Self { custom: BTreeMap::new() }
    }

    /// Declares the type of the custom attribute `name`, written without `attr.` and in lower case.
    pub fn declare(&mut self, name: &str, kind: FieldType) {
        self.custom.insert(name.to_string(), kind);
    }

    /// The name in a profile and the type of the field that a rule calls `name`, in lower case.
    ///
    /// None when no profile has it, or `name` is `attr.` without one word after it.
    #[must_use]
    pub fn find<'a>(&self, name: &'a str) -> Option<(Cow<'a, str>, FieldType)> {
        if let Some(custom) = name.strip_prefix(CUSTOM_PREFIX) {
            let one_word = !custom.is_empty() && custom.chars().all(is_word);
            let kind = self.custom.get(custom).copied().unwrap_or(FieldType::Any);
            return one_word.then_some((Cow::Borrowed(name), kind));
        }
        field(name).map(|field| (Cow::Borrowed(field.name), field.kind))
    }
}

/// Whether `letter` may stand in a word of rule text that needs no quotes.
#[must_use]
pub fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '.'
}
