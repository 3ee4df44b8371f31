//! Operations on the members of a group, compiled without the list of members.

use serde_json::Value;

use crate::dialect::Dialect;
use crate::error::ScimError;
use crate::filter::{Comparison, Filter, Operator};
use crate::member::{MemberEdit, MemberRef, by_value, references};
use crate::patch::operation::Action;
use crate::path::Path;

/// The edit that an operation on `members` means; `None` if it changes nothing.
///
/// `text` is the path as written.
pub(super) fn compile(
    action: Action,
    path: &Path,
    value: Option<&Value>,
    text: &str,
    dialect: &Dialect,
) -> Result<Option<MemberEdit>, ScimError> {
    if let Some(condition) = &path.condition {
        return compile_selected(action, path, condition, text).map(Some);
    }
    if path.attribute.sub.is_some() {
        return Err(ScimError::Immutable { attribute: "members.value".to_owned() });
    }
    let missing = ScimError::MissingPart { what: "`value`", expected: "an array of members" };
    match (action, value) {
        (Action::Remove, None | Some(Value::Null)) => Ok(Some(MemberEdit::RemoveAll)),
        (Action::Remove, Some(_)) if !dialect.remove_values.tolerates() => {
            Err(ScimError::RemoveWithValue { path: text.into() })
        }
        (Action::Remove, Some(value)) => Ok(unless_empty(references(value, dialect)?, MemberEdit::Remove)),
        (_, None) => Err(missing),
        (Action::Add, Some(value)) => Ok(unless_empty(references(value, dialect)?, MemberEdit::Add)),
        (Action::Replace, Some(value)) => {
            let all = unless_empty(references(value, dialect)?, MemberEdit::ReplaceAll);
            Ok(Some(all.unwrap_or(MemberEdit::RemoveAll)))
        }
    }
}

fn unless_empty(
    references: Vec<MemberRef>,
    edit: impl FnOnce(Vec<MemberRef>) -> MemberEdit,
) -> Option<MemberEdit> {
    (!references.is_empty()).then(|| edit(references))
}

/// `members[value eq "7"]`: the parts of a member are immutable, so it can only be removed as a whole.
fn compile_selected(
    action: Action,
    path: &Path,
    condition: &Filter,
    text: &str,
) -> Result<MemberEdit, ScimError> {
    let whole = path.attribute.sub.as_deref().is_none_or(|sub| sub.eq_ignore_ascii_case("value"));
    if action != Action::Remove || !whole {
        return Err(ScimError::Immutable { attribute: "members".to_owned() });
    }
    let alternatives = match condition {
        Filter::Or(alternatives) => alternatives.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut removed: Vec<MemberRef> = Vec::new();
    for alternative in alternatives {
        let named =
            named_value(alternative).ok_or_else(|| ScimError::MemberCondition { path: text.into() })?;
        let reference = by_value(named)?;
        if !removed.contains(&reference) {
            removed.push(reference);
        }
    }
    Ok(MemberEdit::Remove(removed))
}

fn named_value(condition: &Filter) -> Option<&str> {
    let Filter::Compare(Comparison { attribute, operator: Operator::Equal, value }) = condition else {
        return None;
    };
    let is_value = attribute.urn.is_none() && attribute.sub.is_none();
    value.as_str().filter(|_| is_value && attribute.name.eq_ignore_ascii_case("value"))
}
