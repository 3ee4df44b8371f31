//! The fields of a JSON object, taken one by one; what nobody took is refused by name.
//!
//! A misspelt field that is silently passed over would be a setting that silently does not hold. `null` stands
//! for an absent field, except where a field may be cleared.

use cohort_core::id::Instant;
use cohort_scim::error::JsonKind;
use serde_json::{Map, Value};

use crate::config::LIST_ITEMS_MAX;
use crate::error::Refusal;
use crate::reply::time;

/// The fields of a body that have not been taken yet.
#[derive(Debug)]
pub(crate) struct Fields {
    left: Map<String, Value>,
    // The names asked for so far, in order: what an error lists as expected.
    asked: Vec<&'static str>,
}

/// What a field of a change says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Update<T> {
    /// The field is absent: everything stays.
    Keep,
    /// The field is `null`: there is nothing from now on.
    Clear,
    /// The new value.
    Set(T),
}

impl Fields {
    /// The fields of `body`.
    ///
    /// # Errors
    /// [`Refusal::Field`] if it is no object.
    pub(crate) fn new(body: Value) -> Result<Self, Refusal> {
        match body {
            Value::Object(left) => Ok(Self { left, asked: Vec::new() }),
            other => Err(wrong("body", &other, "an object")),
        }
    }

    /// Takes field `name`; `None` if it is absent or `null`.
    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.take_even_null(name).filter(|value| !value.is_null())
    }

    fn take_even_null(&mut self, name: &'static str) -> Option<Value> {
        self.asked.push(name);
        self.left.remove(name)
    }

    /// Whether field `name` is there and not `null`; it stays to be taken.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.left.get(name).is_some_and(|value| !value.is_null())
    }

    /// The text that has to be there.
    ///
    /// # Errors
    /// [`Refusal::MissingField`], [`Refusal::Field`].
    pub(crate) fn text(&mut self, name: &'static str) -> Result<String, Refusal> {
        self.optional_text(name)?.ok_or(Refusal::MissingField { name })
    }

    /// The text, if there is one.
    ///
    /// # Errors
    /// [`Refusal::Field`] if it is no text.
    pub(crate) fn optional_text(&mut self, name: &'static str) -> Result<Option<String>, Refusal> {
        self.take(name).map(|value| text_of(name, value)).transpose()
    }

    /// The text, `null` or nothing.
    ///
    /// # Errors
    /// [`Refusal::Field`] if it is anything else.
    pub(crate) fn text_update(&mut self, name: &'static str) -> Result<Update<String>, Refusal> {
        match self.take_even_null(name) {
            None => Ok(Update::Keep),
            Some(Value::Null) => Ok(Update::Clear),
            Some(value) => text_of(name, value).map(Update::Set),
        }
    }

    /// The texts of a list; none if it is absent.
    ///
    /// # Errors
    /// [`Refusal::Field`] if it is no list of texts, [`Refusal::ListTooLong`].
    pub(crate) fn texts(&mut self, name: &'static str) -> Result<Option<Vec<String>>, Refusal> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Array(items)) if items.len() > LIST_ITEMS_MAX => {
                Err(Refusal::ListTooLong { name, count: items.len() })
            }
            Some(Value::Array(items)) => {
                items.into_iter().map(|item| text_of(name, item)).collect::<Result<_, _>>().map(Some)
            }
            Some(other) => Err(wrong(name, &other, "a list of texts")),
        }
    }

    /// Yes or no, if it is there.
    ///
    /// # Errors
    /// [`Refusal::Field`] if it is something else.
    pub(crate) fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Refusal> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(value)),
            Some(other) => Err(wrong(name, &other, "true or false")),
        }
    }

    /// The moment, if there is one.
    ///
    /// # Errors
    /// [`Refusal::Field`] if it is no text, [`Refusal::FieldForm`] if the text is no time.
    pub(crate) fn moment(&mut self, name: &'static str) -> Result<Option<Instant>, Refusal> {
        let Some(text) = self.optional_text(name)? else { return Ok(None) };
        let refusal = |found| Refusal::FieldForm { name, found, expected: time::EXPECTED };
        time::parse(&text).map(Some).ok_or_else(|| refusal(text))
    }

    /// One of the named values, if there is one.
    ///
    /// # Errors
    /// [`Refusal::Field`] if it is no text, [`Refusal::Choice`] if it is none of them.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        choices: &'static [(&'static str, T)],
    ) -> Result<Option<T>, Refusal> {
        let Some(text) = self.optional_text(name)? else { return Ok(None) };
        match choices.iter().find(|(word, _)| *word == text) {
            Some((_, value)) => Ok(Some(*value)),
            None => {
                let expected = choices.iter().map(|(word, _)| *word).collect();
                Err(Refusal::Choice { name, found: text, expected })
            }
        }
    }

    /// The members of an object whose values are texts, lists of texts, or `null`; none if it is absent.
    ///
    /// # Errors
    /// [`Refusal::Field`] if it is no such object, [`Refusal::ListTooLong`].
    pub(crate) fn attributes(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Vec<(String, Vec<String>)>>, Refusal> {
        let object = match self.take(name) {
            None => return Ok(None),
            Some(Value::Object(object)) => object,
            Some(other) => return Err(wrong(name, &other, "an object of texts")),
        };
        if object.len() > LIST_ITEMS_MAX {
            return Err(Refusal::ListTooLong { name, count: object.len() });
        }
        let values = |value| match value {
            Value::Null => Ok(Vec::new()),
            Value::Array(items) => items.into_iter().map(|item| text_of(name, item)).collect(),
            one => text_of(name, one).map(|text| vec![text]),
        };
        object.into_iter().map(|(key, value)| Ok((key, values(value)?))).collect::<Result<_, _>>().map(Some)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`Refusal::UnknownField`] if the body has a field that nobody asked for.
    pub(crate) fn finish(self) -> Result<(), Refusal> {
        match self.left.into_iter().next() {
            None => Ok(()),
            Some((found, _)) => Err(Refusal::UnknownField { found, expected: self.asked }),
        }
    }
}

fn text_of(name: &'static str, value: Value) -> Result<String, Refusal> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(wrong(name, &other, "a text")),
    }
}

fn wrong(name: &'static str, value: &Value, expected: &'static str) -> Refusal {
    Refusal::Field { name, found: JsonKind::of(value), expected }
}

#[cfg(test)]
mod tests;
