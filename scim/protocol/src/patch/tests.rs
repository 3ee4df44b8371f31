//! What providers send, as tables: operations, and the document or the member edits that follow.

use serde_json::{Value, json};

use super::{group, user};
use crate::dialect::Dialect;
use crate::error::ScimError;
use crate::limits::{PATCH_OPERATIONS_MAX, PATCH_VALUES_MAX, TEXT_BYTES_MAX, VALUES_MAX};
use crate::member::{MemberEdit, MemberKind, MemberRef};
use crate::value::Document;

mod groups;
mod refusals;
mod users;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn body(operations: &Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}

fn document(value: &Value) -> Document {
    value.as_object().cloned().expect("an object")
}

/// The user from which most cases start.
fn ada() -> Value {
    json!({
        "userName": "ada",
        "active": true,
        "name": {"givenName": "Ada", "familyName": "Lovelace"},
        "emails": [
            {"value": "ada@work.example", "type": "work", "primary": true},
            {"value": "ada@home.example", "type": "home"},
        ],
        ENTERPRISE: {"department": "Engines", "manager": {"value": "7"}},
    })
}

/// Patches `before` and compares; `after` equal to `before` means that nothing may count as changed.
#[track_caller]
fn patched(dialect: &Dialect, before: &Value, operations: &Value, after: &Value) {
    let edits = user(&body(operations), dialect).unwrap_or_else(|error| panic!("{operations}: {error}"));
    let patched = edits.apply(&document(before)).unwrap_or_else(|error| panic!("{operations}: {error}"));
    assert_eq!(Value::Object(patched.document.clone()), *after, "{operations}");
    assert_eq!(patched.changed, before != after, "{operations}");
    // Sent once more, the same request finds its work done, unless it removes by a path that is gone.
    if let Ok(again) = edits.apply(&patched.document) {
        assert!(!again.changed, "second time: {operations}");
    }
}

fn refused(dialect: &Dialect, operations: &Value) -> ScimError {
    let outcome = user(&body(operations), dialect).and_then(|edits| edits.apply(&document(&ada())));
    outcome.expect_err(&operations.to_string())
}
