//! Conditions of the JSON form: `{"f":"job","op":"like","v":"VP"}`, with `q` where several values must be told apart.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::attribute::Text;
use crate::rule::write::{duration, duration_millis};
use crate::rule::{Comparison, Condition, Operator, Quantifier, Value};

/// How many values an operator of the form takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Nothing,
    One,
    List,
    /// One value, or a list of several.
    Either,
}

/// The operators of comparisons: word, operator, whether negated, values.
const OPERATORS: &[(&str, Operator, bool, Takes)] = &[
    ("eq", Operator::Equal, false, Takes::One),
    ("ne", Operator::Equal, true, Takes::One),
    ("eqx", Operator::EqualExact, false, Takes::One),
    ("lt", Operator::Less, false, Takes::One),
    ("le", Operator::AtMost, false, Takes::One),
    ("gt", Operator::Greater, false, Takes::One),
    ("ge", Operator::AtLeast, false, Takes::One),
    ("like", Operator::Contains, false, Takes::Either),
    ("nlike", Operator::Contains, true, Takes::Either),
    ("sw", Operator::StartsWith, false, Takes::One),
    ("nsw", Operator::StartsWith, true, Takes::One),
    ("ew", Operator::EndsWith, false, Takes::One),
    ("new", Operator::EndsWith, true, Takes::One),
    ("in", Operator::Equal, false, Takes::List),
    ("nin", Operator::Equal, true, Takes::List),
    ("null", Operator::IsNull, false, Takes::Nothing),
    ("nnull", Operator::IsNull, true, Takes::Nothing),
];

const REPORTS: &str = "reports";
const REPORTS_DEEP: &str = "reports_deep";
const MEMBER_OF: &str = "memberof";

/// All words that `op` takes.
const WORDS: &[&str] = &[
    "eq",
    "ne",
    "eqx",
    "lt",
    "le",
    "gt",
    "ge",
    "like",
    "nlike",
    "sw",
    "nsw",
    "ew",
    "new",
    "in",
    "nin",
    "null",
    "nnull",
    REPORTS,
    REPORTS_DEEP,
    MEMBER_OF,
];

/// The keys of a condition.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) field: Option<String>,
    pub(super) operator: Option<String>,
    pub(super) quantifier: Option<String>,
    pub(super) values: Option<Values>,
}

/// What stands at `v`.
pub(super) enum Values {
    One(Value),
    Several(Vec<Value>),
}

impl Parts {
    pub(super) fn of(condition: &Condition) -> Self {
        match condition {
            Condition::ReportsTo { manager, deep } => {
                let word = if *deep { REPORTS_DEEP } else { REPORTS };
                let values = Values::One(Value::Text(manager.clone()));
                Self { operator: Some(word.to_string()), values: Some(values), ..Self::default() }
            }
            Condition::MemberOf(groups) => {
                let values = Values::Several(groups.iter().cloned().map(Value::Text).collect());
                Self { operator: Some(MEMBER_OF.to_string()), values: Some(values), ..Self::default() }
            }
            Condition::Compare(comparison) => Self::of_comparison(comparison),
        }
    }

    fn of_comparison(comparison: &Comparison) -> Self {
        let Comparison { field, quantifier, operator, values, negated } = comparison;
        let values = match values.as_slice() {
            [] => None,
            [only] => Some(Values::One(only.clone())),
            several => Some(Values::Several(several.to_vec())),
        };
        let takes_list = matches!(values, Some(Values::Several(_)));
        let word = OPERATORS.iter().find(|(_, one, not, takes)| {
            let fits = *takes == Takes::Either || takes_list == (*takes == Takes::List);
            one == operator && not == negated && fits
        });
        let implied = *quantifier == Quantifier::implied(*negated);
        let quantifier = (!implied).then(|| if *quantifier == Quantifier::Any { "any" } else { "all" });
        Self {
            field: Some(field.clone()),
            operator: word.map(|(word, ..)| word.to_string()),
            quantifier: quantifier.map(ToString::to_string),
            values,
        }
    }

    pub(super) const fn is_any_given(&self) -> bool {
        self.field.is_some() || self.operator.is_some() || self.quantifier.is_some() || self.values.is_some()
    }

    /// The condition, if the keys given are those that its operator takes.
    pub(super) fn condition<E: Error>(self) -> Result<Condition, E> {
        let word = self.operator.ok_or_else(|| E::missing_field("op"))?;
        if [REPORTS, REPORTS_DEEP, MEMBER_OF].contains(&word.as_str()) {
            if self.field.is_some() || self.quantifier.is_some() {
                return Err(E::custom(format_args!("`{word}` with f or q; expected v alone")));
            }
            let values = self.values.ok_or_else(|| E::missing_field("v"))?;
            return on_others(&word, values);
        }
        let (_, operator, negated, takes) = *OPERATORS
            .iter()
            .find(|(one, ..)| *one == word)
            .ok_or_else(|| E::unknown_variant(&word, WORDS))?;
        let field = self.field.ok_or_else(|| E::missing_field("f"))?;
        let quantifier = match self.quantifier.as_deref() {
            None => Quantifier::implied(negated),
            Some("any") => Quantifier::Any,
            Some("all") => Quantifier::All,
            Some(other) => return Err(E::unknown_variant(other, &["any", "all"])),
        };
        let values = match (takes, self.values) {
            (Takes::Nothing, None) => Vec::new(),
            (Takes::One | Takes::Either, Some(Values::One(value))) => alloc::vec![value],
            (Takes::List | Takes::Either, Some(Values::Several(values))) if !values.is_empty() => values,
            (Takes::Nothing, Some(_)) => {
                return Err(E::custom(format_args!("`{word}` with v; expected none")));
            }
            (Takes::List, _) => return Err(E::custom(format_args!("`{word}` takes a list of values at v"))),
            (Takes::Either, _) => {
                return Err(E::custom(format_args!("`{word}` takes one or several values at v")));
            }
            (Takes::One, _) => return Err(E::custom(format_args!("`{word}` takes one value at v"))),
        };
        Ok(Condition::Compare(Comparison { field, quantifier, operator, values, negated }))
    }
}

/// A condition on a manager or on groups.
fn on_others<E: Error>(word: &str, values: Values) -> Result<Condition, E> {
    let text = |value| match value {
        Value::Text(text) => Ok(text),
        Value::Now { .. } => Err(E::custom(format_args!("`{word}` takes names"))),
    };
    match (word, values) {
        (MEMBER_OF, Values::Several(groups)) if !groups.is_empty() => {
            groups.into_iter().map(text).collect::<Result<_, E>>().map(Condition::MemberOf)
        }
        (MEMBER_OF, _) => Err(E::custom("`memberof` takes a list of groups at v")),
        (word, Values::One(manager)) => {
            Ok(Condition::ReportsTo { manager: text(manager)?, deep: word == REPORTS_DEEP })
        }
        _ => Err(E::custom(format_args!("`{word}` takes one manager at v"))),
    }
}

impl Serialize for Parts {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        for (key, text) in [("f", &self.field), ("op", &self.operator), ("q", &self.quantifier)] {
            if let Some(text) = text {
                map.serialize_entry(key, text)?;
            }
        }
        match &self.values {
            None => {}
            Some(Values::One(value)) => map.serialize_entry("v", &Written(value))?,
            Some(Values::Several(values)) => {
                map.serialize_entry("v", &values.iter().map(Written).collect::<Vec<_>>())?;
            }
        }
        map.end()
    }
}

/// A value as it is written: a text, or `{"now":"-7d"}`.
struct Written<'a>(&'a Value);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Text(text) => to.serialize_str(&text.original),
            Value::Now { offset_millis } => {
                let mut map = to.serialize_map(Some(1))?;
                map.serialize_entry("now", &duration(*offset_millis))?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        ReadValues { in_list: false }.deserialize(from)
    }
}

/// Milliseconds of `-7d` or `+12h`.
fn offset_millis(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(word) => duration_millis(word).map(|millis| -millis),
        None => duration_millis(text.strip_prefix('+')?),
    }
}

/// Reads a value or, unless inside one, a list of values; numbers and booleans are taken for their text.
#[derive(Clone, Copy)]
struct ReadValues {
    in_list: bool,
}

impl<'de> DeserializeSeed<'de> for ReadValues {
    type Value = Values;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Values, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ReadValues {
    type Value = Values;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a text, a number, a boolean, {\"now\":\"-7d\"}")?;
        out.write_str(if self.in_list { "" } else { ", or a list of them" })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Values, E> {
        // Folded when the form becomes a rule.
        Ok(Values::One(Value::Text(Text { original: text.to_string(), folded: String::new() })))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Values, E> {
        self.visit_str(if value { "true" } else { "false" })
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Values, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Values, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Values, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values, A::Error> {
        let entry: Option<(String, String)> = map.next_entry()?;
        let offset = entry.filter(|(key, _)| key == "now").and_then(|(_, text)| offset_millis(&text));
        match (offset, map.next_key::<String>()?) {
            (Some(offset_millis), None) => Ok(Values::One(Value::Now { offset_millis })),
            _ => Err(A::Error::custom("an object that is no instant; expected such as {\"now\":\"-7d\"}")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Values, A::Error> {
        if self.in_list {
            return Err(A::Error::invalid_type(Unexpected::Seq, &self));
        }
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(Self { in_list: true })? {
            if let Values::One(value) = value {
                values.push(value);
            }
        }
        Ok(Values::Several(values))
    }
}
