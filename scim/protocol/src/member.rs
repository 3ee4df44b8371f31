//! References to the members of a group and the edits of them.
//!
//! Members are rows of a table, not part of a document: a reference names one of them without knowing the
//! others, so that the cost of a change follows the change and not the group.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::body;
use crate::dialect::Dialect;
use crate::error::{JsonKind, ScimError};
use crate::limits::{MEMBER_VALUE_BYTES_MAX, MEMBERS_MAX};

/// What a member of a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberKind {
    /// A person.
    User,
    /// Another group.
    Group,
}

impl MemberKind {
    /// The word for it in `members.type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    fn named(word: &str) -> Option<Self> {
        [Self::User, Self::Group].into_iter().find(|kind| kind.name().eq_ignore_ascii_case(word))
    }
}

/// A member of a group as a client names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MemberRef {
    /// The `id` of the member, or by dialect its `externalId`; not empty.
    pub value: String,
    /// What the client says the member is; most say nothing.
    pub kind: Option<MemberKind>,
}

/// One change of a group's members, to be made without knowing the others.
///
/// Lists hold each value once, in the order sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberEdit {
    /// These become members; those that are already stay.
    Add(Vec<MemberRef>),
    /// These are no longer members; those that never were are passed over.
    Remove(Vec<MemberRef>),
    /// Nobody is a member.
    RemoveAll,
    /// These and only these are members; never empty.
    ReplaceAll(Vec<MemberRef>),
}

/// The members that `value` lists, each once; empty for `null` and `[]`.
///
/// `display` and `$ref` are what the server itself makes of a member, so they are not read.
///
/// # Errors
/// [`ScimError::WrongType`], [`ScimError::MissingValue`], [`ScimError::ValueTooLong`],
/// [`ScimError::TooManyValues`]; by dialect [`ScimError::WrongForm`] for an unknown type.
pub fn references(value: &Value, dialect: &Dialect) -> Result<Vec<MemberRef>, ScimError> {
    let loose = dialect.loose_types.tolerates();
    let items = match value {
        Value::Null => return Ok(Vec::new()),
        Value::Array(items) => items.as_slice(),
        single if loose => std::slice::from_ref(single),
        other => return Err(wrong_type("members", other, "an array")),
    };
    if items.len() > MEMBERS_MAX {
        return Err(ScimError::TooManyValues { attribute: "members".to_owned(), count_max: MEMBERS_MAX });
    }
    let mut seen = HashSet::new();
    let mut references = Vec::new();
    for item in items {
        let reference = match item {
            Value::Object(members) => listed(members, loose)?,
            Value::String(id) if loose => by_value(id)?,
            other => return Err(wrong_type("members", other, "objects with a value")),
        };
        if seen.insert(reference.value.clone()) {
            references.push(reference);
        }
    }
    Ok(references)
}

/// The member with this value, of unknown kind.
///
/// # Errors
/// [`ScimError::MissingValue`], [`ScimError::ValueTooLong`].
pub fn by_value(value: &str) -> Result<MemberRef, ScimError> {
    let attribute = || "members.value".to_owned();
    if value.is_empty() {
        return Err(ScimError::MissingValue { attribute: attribute() });
    }
    if value.len() > MEMBER_VALUE_BYTES_MAX {
        let (attribute, bytes) = (attribute(), value.len());
        return Err(ScimError::ValueTooLong { attribute, bytes, bytes_max: MEMBER_VALUE_BYTES_MAX });
    }
    Ok(MemberRef { value: value.to_owned(), kind: None })
}

fn listed(members: &Map<String, Value>, loose: bool) -> Result<MemberRef, ScimError> {
    let value = match body::member(members, "value") {
        Some(Value::String(value)) => value,
        None | Some(Value::Null) => {
            return Err(ScimError::MissingValue { attribute: "members.value".to_owned() });
        }
        Some(other) => return Err(wrong_type("members.value", other, "a string")),
    };
    let kind = match body::member(members, "type") {
        None | Some(Value::Null) => None,
        Some(Value::String(word)) => match MemberKind::named(word) {
            None if !loose => {
                let (attribute, found) = ("members.type".to_owned(), word.as_str().into());
                return Err(ScimError::WrongForm { attribute, found, expected: "User or Group" });
            }
            kind => kind,
        },
        Some(other) => return Err(wrong_type("members.type", other, "a string")),
    };
    Ok(MemberRef { kind, ..by_value(value)? })
}

fn wrong_type(attribute: &str, found: &Value, expected: &'static str) -> ScimError {
    ScimError::WrongType { attribute: attribute.to_owned(), found: JsonKind::of(found), expected }
}
