//! Changes of the elements of a multi-valued attribute.

use serde_json::{Map, Value};

use crate::error::{Excerpt, ScimError};
use crate::filter::{Filter, matches_element};
use crate::limits::VALUES_MAX;
use crate::patch::edit::{Change, Parts, merge};
use crate::schema::Attribute;
use crate::value::{is_primary, make_primary, merge_element};

/// Which elements of a list an edit is about.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Selection {
    /// What an element has to meet; `None` selects all.
    pub(super) condition: Option<Filter>,
    /// What follows if none does.
    pub(super) unmatched: Unmatched,
}

/// What follows if a path selects no element.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Unmatched {
    /// An element is made with these sub-attributes, those that the path's condition asks for.
    Create(Map<String, Value>),
    /// Nothing.
    Ignore,
    /// The path, written so, has no target.
    Refuse(Excerpt),
}

/// Makes a change of elements in `list`.
pub(super) fn change(
    list: &mut Vec<Value>,
    attribute: &'static Attribute,
    change: &Change,
) -> Result<(), ScimError> {
    match change {
        Change::Append(added) => append(list, added),
        Change::Discard(gone) => list.retain(|element| !gone.iter().any(|gone| is_named_by(element, gone))),
        Change::ReplaceElements(selection, value) => {
            let indexes = selected(list, attribute, selection)?;
            replace(list, &indexes, selection, value);
        }
        Change::MergeElements(selection, parts) => {
            let indexes = selected(list, attribute, selection)?;
            merge_parts(list, &indexes, parts);
        }
        Change::RemoveElements(selection) => {
            let indexes = selected(list, attribute, selection)?;
            for index in indexes.into_iter().rev() {
                list.remove(index);
            }
        }
        Change::Set(_) | Change::Unset | Change::Merge(_) => debug_assert!(false, "not a change of elements"),
    }
    if list.len() > VALUES_MAX {
        return Err(ScimError::TooManyValues { attribute: attribute.name.clone(), count_max: VALUES_MAX });
    }
    Ok(())
}

fn append(list: &mut Vec<Value>, added: &[Value]) {
    for element in added {
        let index = merge_element(list, element.clone());
        if is_primary(element) {
            make_primary(list, index);
        }
    }
}

/// The indexes of the selected elements, ascending; makes one if none is and the selection says so.
fn selected(
    list: &mut Vec<Value>,
    attribute: &'static Attribute,
    selection: &Selection,
) -> Result<Vec<usize>, ScimError> {
    let meets = |element: &Value| {
        selection.condition.as_ref().is_none_or(|condition| matches_element(condition, attribute, element))
    };
    let indexes: Vec<usize> =
        list.iter().enumerate().filter(|(_, element)| meets(element)).map(|(index, _)| index).collect();
    if !indexes.is_empty() {
        return Ok(indexes);
    }
    match &selection.unmatched {
        Unmatched::Ignore => Ok(indexes),
        Unmatched::Refuse(path) => Err(ScimError::NoTarget { path: path.clone() }),
        Unmatched::Create(template) => {
            list.push(Value::Object(template.clone()));
            Ok(vec![list.len() - 1])
        }
    }
}

/// The new value keeps what the path asked for, or the next request would not find the element again.
fn replace(list: &mut [Value], indexes: &[usize], selection: &Selection, value: &Map<String, Value>) {
    let mut whole = match &selection.unmatched {
        Unmatched::Create(template) => template.clone(),
        Unmatched::Ignore | Unmatched::Refuse(_) => Map::new(),
    };
    whole.extend(value.clone());
    for element in indexes {
        if let Some(element) = list.get_mut(*element) {
            *element = Value::Object(whole.clone());
        }
    }
    keep_one_primary(list, indexes);
}

fn merge_parts(list: &mut Vec<Value>, indexes: &[usize], parts: &Parts) {
    for index in indexes {
        if let Some(Value::Object(element)) = list.get_mut(*index) {
            merge(element, parts);
        }
    }
    keep_one_primary(list, indexes);
    list.retain(|element| element.as_object().is_none_or(|element| !says_nothing(element)));
}

/// The last of the changed elements that is primary takes the mark from all others.
fn keep_one_primary(list: &mut [Value], changed: &[usize]) {
    let is_marked = |index: &&usize| list.get(**index).is_some_and(is_primary);
    if let Some(index) = changed.iter().rev().find(is_marked).copied() {
        make_primary(list, index);
    }
}

/// Whether an element consists of labels alone; a client that removes `emails[type eq "work"].value` means the
/// whole e-mail address, not a `work` address without address.
fn says_nothing(element: &Map<String, Value>) -> bool {
    element.keys().all(|name| matches!(name.as_str(), "type" | "primary" | "display"))
}

/// Whether `named`, in a list of what to remove, means `element`: by its value and, if given, its type; by
/// everything it says if it has no value.
fn is_named_by(element: &Value, named: &Value) -> bool {
    let Some(members) = named.as_object() else { return element == named };
    let by_value = members.contains_key("value");
    let counts = |name: &str| !by_value || matches!(name, "value" | "type");
    members.iter().filter(|(name, _)| counts(name)).all(|(name, value)| element.get(name) == Some(value))
}
