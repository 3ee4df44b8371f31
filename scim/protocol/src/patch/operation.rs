//! The operations of a PATCH body as written.

use serde_json::Value;

use crate::body;
use crate::dialect::Dialect;
use crate::error::{JsonKind, ScimError};
use crate::limits::PATCH_OPERATIONS_MAX;
use crate::patch::PATCH_SCHEMA;

/// What an operation does to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Add,
    Remove,
    Replace,
}

/// One operation: what to do, where, with what. A `value` of `null` is not the same as none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation<'a> {
    pub(super) action: Action,
    pub(super) path: Option<&'a str>,
    pub(super) value: Option<&'a Value>,
}

/// The operations of `body` in order.
pub(super) fn operations<'a>(body: &'a Value, dialect: &Dialect) -> Result<Vec<Operation<'a>>, ScimError> {
    let message = body::object(body, "PATCH body")?;
    body::check_schemas(message, PATCH_SCHEMA, &[], dialect)?;
    let expected = "an array of operations, at least one";
    let missing = ScimError::MissingPart { what: "`Operations`", expected };
    let listed = match body::member(message, "Operations") {
        None => return Err(missing),
        Some(Value::Array(listed)) if listed.is_empty() => return Err(missing),
        Some(Value::Array(listed)) => listed,
        Some(other) => {
            let (what, found) = ("`Operations`", JsonKind::of(other));
            return Err(ScimError::WrongShape { what, found, expected });
        }
    };
    if listed.len() > PATCH_OPERATIONS_MAX {
        let (count, count_max) = (listed.len(), PATCH_OPERATIONS_MAX);
        return Err(ScimError::TooManyOperations { count, count_max });
    }
    listed.iter().map(operation).collect()
}

fn operation(listed: &Value) -> Result<Operation<'_>, ScimError> {
    let members = body::object(listed, "operation")?;
    let text = |what, name, expected| match body::member(members, name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(other) => Err(ScimError::WrongShape { what, found: JsonKind::of(other), expected }),
    };
    let expected = "add, remove or replace";
    let word = text("`op`", "op", expected)?.ok_or(ScimError::MissingPart { what: "`op`", expected })?;
    let action = match word {
        _ if word.eq_ignore_ascii_case("add") => Action::Add,
        _ if word.eq_ignore_ascii_case("remove") => Action::Remove,
        _ if word.eq_ignore_ascii_case("replace") => Action::Replace,
        _ => return Err(ScimError::UnknownOperation { found: word.into() }),
    };
    let path = text("`path`", "path", "an attribute path as a string")?.filter(|path| !path.is_empty());
    Ok(Operation { action, path, value: body::member(members, "value") })
}
