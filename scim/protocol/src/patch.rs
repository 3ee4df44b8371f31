//! PATCH (RFC 7644 section 3.5.2), compiled before anything is touched.
//!
//! A body is compiled to edits: every path resolved, every value brought to the form in which it is stored. What
//! can be known to be wrong without looking at the resource is an error here. Applying edits to a document gives
//! a new document or an error, never half of both. Edits of a group's members come out apart, each understandable
//! without the list of members.
//!
//! Shapes that providers send beside the RFC are read where the [`Dialect`] says so: no path, dotted and URN
//! keys, `"True"`, bare ids, `remove` with a value, value paths over elements that are not there.

mod compile;
mod edit;
mod elements;
mod members;
mod operation;

use serde_json::Value;

use self::compile::Compiler;
use self::edit::Edit;
use crate::dialect::Dialect;
use crate::error::ScimError;
use crate::member::MemberEdit;
use crate::schema::ResourceType;
use crate::value;
use crate::value::Document;

/// The schema of a PATCH body.
pub const PATCH_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Changes of a document, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentEdits {
    edits: Vec<Edit>,
}

/// A document after its edits.
#[derive(Debug, Clone, PartialEq)]
pub struct Patched {
    /// The new document.
    pub document: Document,
    /// Whether it differs from the old one; if not, neither version nor `lastModified` should move.
    pub changed: bool,
}

/// A PATCH of a group: its own attributes and its members apart, because members are rows.
///
/// No edit of one reads what an edit of the other writes, so both may be carried out in any order.
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
/// Those of the body's shape ([`ScimError::WrongShape`], [`ScimError::MissingPart`],
/// [`ScimError::UnknownOperation`], [`ScimError::TooManyOperations`]), of its paths ([`ScimError::PathSyntax`],
/// [`ScimError::UnknownPath`], [`ScimError::RemoveWithoutPath`]), of its values as in
/// [`crate::value::accepted`], and of mutability.
pub fn user(body: &Value, dialect: &Dialect) -> Result<DocumentEdits, ScimError> {
    let compiled = Compiler::run(body, ResourceType::User, dialect)?;
    Ok(DocumentEdits { edits: compiled.edits })
}

/// Compiles a PATCH body for a group, without knowing its members.
///
/// ```
/// use cohort_scim::{Dialect, MemberEdit, body, member, patch};
/// let body = body::read(br#"{"Operations": [{"op": "remove", "path": "members[value eq \"7\"]"}]}"#)?;
/// let edits = patch::group(&body, &Dialect::OKTA)?;
/// assert_eq!(edits.members, [MemberEdit::Remove(vec![member::by_value("7")?])]);
/// # Ok::<(), cohort_scim::ScimError>(())
/// ```
///
/// # Errors
/// As [`user`]; [`ScimError::MemberCondition`] for members selected by anything but their value.
pub fn group(body: &Value, dialect: &Dialect) -> Result<GroupEdits, ScimError> {
    let compiled = Compiler::run(body, ResourceType::Group, dialect)?;
    Ok(GroupEdits { document: DocumentEdits { edits: compiled.edits }, members: compiled.members })
}

impl DocumentEdits {
    /// Whether there is nothing to do, as when a PATCH speaks of members alone.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The document after all edits; `document` itself is not touched, so an error leaves no trace.
    ///
    /// Cost: for each edit the texts of the document, at most
    /// [`DOCUMENT_BYTES_MAX`](crate::limits::DOCUMENT_BYTES_MAX).
    ///
    /// # Errors
    /// [`ScimError::NoTarget`] if a path selects no element and none can be made of it;
    /// [`ScimError::TooManyValues`], [`ScimError::ResourceTooLarge`] if something grows beyond its limit.
    pub fn apply(&self, document: &Document) -> Result<Patched, ScimError> {
        let mut next = document.clone();
        for edit in &self.edits {
            edit.apply(&mut next)?;
            value::check_size(&next)?;
        }
        let changed = next != *document;
        Ok(Patched { document: next, changed })
    }
}

#[cfg(test)]
mod tests;
