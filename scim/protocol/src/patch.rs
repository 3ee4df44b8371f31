//! PATCH (RFC 7644 section 3.5.2).

use serde_json::Value;

use crate::dialect::Dialect;
use crate::error::ScimError;
use crate::member::MemberEdit;
use crate::value::Document;

/// Changes of a document, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentEdits {
    _later: (),
}

/// A document after its edits.
#[derive(Debug, Clone, PartialEq)]
pub struct Patched {
    /// The new document.
    pub document: Document,
    /// Whether it differs from the old one.
    pub changed: bool,
}

/// A PATCH of a group: its own attributes and its members apart, because members are rows.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupEdits {
    /// The changes of the group's own attributes.
    pub document: DocumentEdits,
    /// The changes of its members, in order.
    pub members: Vec<MemberEdit>,
}

/// Compiles a PATCH body for a user.
///
/// # Errors
/// Those of the body's shape, its paths and its values.
pub fn user(body: &Value, dialect: &Dialect) -> Result<DocumentEdits, ScimError> {
    todo!()
}

/// Compiles a PATCH body for a group, without knowing its members.
///
/// # Errors
/// As [`user`]; [`ScimError::MemberCondition`].
pub fn group(body: &Value, dialect: &Dialect) -> Result<GroupEdits, ScimError> {
    todo!()
}

impl DocumentEdits {
    /// Whether there is nothing to change.
    pub fn is_empty(&self) -> bool {
        todo!()
    }

    /// The document after all edits; `document` itself is not touched, so an error leaves no trace.
    ///
    /// # Errors
    /// [`ScimError::NoTarget`], [`ScimError::TooManyValues`].
    pub fn apply(&self, document: &Document) -> Result<Patched, ScimError> {
        todo!()
    }
}
