//! One change of a document, with nothing left to look up or to check but the document itself.

use serde_json::{Map, Value};

use crate::error::ScimError;
use crate::patch::elements;
use crate::patch::elements::Selection;
use crate::schema::Attribute;
use crate::value::Document;

/// Sub-attributes by canonical name: `Some` sets one, `None` unassigns it.
pub(super) type Parts = Vec<(String, Option<Value>)>;

/// A change of one attribute.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Edit {
    /// The URN of the extension that holds the attribute, `None` at the top.
    pub(super) extension: Option<&'static str>,
    pub(super) attribute: &'static Attribute,
    pub(super) change: Change,
}

/// What happens to the attribute.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Change {
    /// It has this value, whatever it had.
    Set(Value),
    /// It has no value.
    Unset,
    /// The named parts of a complex attribute change, the others stay.
    Merge(Parts),
    /// A list gets these elements, unless it has them.
    Append(Vec<Value>),
    /// A list loses the elements with these values.
    Discard(Vec<Value>),
    /// Selected elements of a list become these.
    ReplaceElements(Selection, Map<String, Value>),
    /// The named parts of selected elements change.
    MergeElements(Selection, Parts),
    /// Selected elements go.
    RemoveElements(Selection),
}

impl Edit {
    /// Makes the change in `document`.
    ///
    /// # Errors
    /// [`ScimError::NoTarget`], [`ScimError::TooManyValues`]; `document` may then be changed in part.
    pub(super) fn apply(&self, document: &mut Document) -> Result<(), ScimError> {
        let Some(urn) = self.extension else { return self.apply_in(document) };
        let mut inner = match document.get_mut(urn) {
            Some(Value::Object(inner)) => std::mem::take(inner),
            _ => Map::new(),
        };
        self.apply_in(&mut inner)?;
        if inner.is_empty() {
            document.shift_remove(urn);
        } else {
            document.insert(urn.to_owned(), Value::Object(inner));
        }
        Ok(())
    }

    fn apply_in(&self, holder: &mut Map<String, Value>) -> Result<(), ScimError> {
        let name = self.attribute.name.as_str();
        let next = match &self.change {
            Change::Set(value) => Some(value.clone()),
            Change::Unset => None,
            Change::Merge(parts) => {
                let mut whole = match holder.get_mut(name) {
                    Some(Value::Object(whole)) => std::mem::take(whole),
                    _ => Map::new(),
                };
                merge(&mut whole, parts);
                (!whole.is_empty()).then_some(Value::Object(whole))
            }
            list_change => {
                let mut list = match holder.get_mut(name) {
                    Some(Value::Array(list)) => std::mem::take(list),
                    _ => Vec::new(),
                };
                elements::change(&mut list, self.attribute, list_change)?;
                (!list.is_empty()).then_some(Value::Array(list))
            }
        };
        match next {
            Some(value) => holder.insert(name.to_owned(), value),
            None => holder.shift_remove(name),
        };
        Ok(())
    }
}

/// Sets and unassigns `parts` of `whole`.
pub(super) fn merge(whole: &mut Map<String, Value>, parts: &Parts) {
    for (name, value) in parts {
        match value {
            Some(value) => whole.insert(name.clone(), value.clone()),
            None => whole.shift_remove(name),
        };
    }
}
