//! JSON that is nearly a rule.

use cohort_core::limits::RULE_FORM_LEVELS_MAX;
use serde_json::{Map, Number, Value, json};

use super::choices::Choices;

const FIELDS: &[&str] = &[
    "job",
    "Job Title",
    "department",
    "status",
    "manager",
    "attr.level",
    "attr.Hired",
    "attr.color",
    "attr.x",
    "attr.",
    "jbo",
];

const OPERATORS: &[&str] = &[
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
    "reports",
    "reports_deep",
    "memberof",
    "is",
];

const TEXTS: &[&str] = &[
    "a",
    "Paris, France",
    "",
    "7",
    "-2.5",
    "2026-03-01",
    "NOW",
    "null",
    "\"\\",
    "Active",
    "red",
    "u2",
    "é\u{0}",
    "TRUE",
    "AND",
    "-",
    "1e999",
    "2026-02-30",
];

/// The text of a form that `choices` make.
pub(super) fn json(choices: &mut Choices<'_>) -> String {
    // One level more than is taken, so that the bound is met.
    let mut levels = 1 + choices.below(RULE_FORM_LEVELS_MAX + 2);
    let mut root = node(choices, &mut levels);
    if let (Value::Object(members), false) = (&mut root, choices.one_in(16)) {
        members.insert("v".to_owned(), json!(1));
    }
    root.to_string()
}

fn node(choices: &mut Choices<'_>, levels: &mut usize) -> Value {
    if *levels == 0 || choices.are_over() {
        return condition(choices);
    }
    *levels -= 1;
    match choices.below(8) {
        0 | 1 => json!({ "all": nodes(choices, levels) }),
        2 | 3 => json!({ "any": nodes(choices, levels) }),
        4 => json!({ "not": node(choices, levels) }),
        5 => json!({ "any": [node(choices, levels)] }),
        _ => condition(choices),
    }
}

fn nodes(choices: &mut Choices<'_>, levels: &mut usize) -> Vec<Value> {
    (0..choices.below(4) + usize::from(!choices.one_in(8))).map(|_| node(choices, levels)).collect()
}

fn condition(choices: &mut Choices<'_>) -> Value {
    let operator = choices.word(OPERATORS);
    let mut members = Map::new();
    let about_others = matches!(operator, "reports" | "reports_deep" | "memberof");
    if about_others == choices.one_in(16) {
        members.insert("f".to_owned(), json!(choices.word(FIELDS)));
    }
    members.insert("op".to_owned(), json!(operator));
    if choices.one_in(6) {
        members.insert("q".to_owned(), json!(choices.word(&["any", "all", "any", "all", "some"])));
    }
    let takes_list = matches!(operator, "in" | "nin" | "memberof") || choices.one_in(6);
    if !matches!(operator, "null" | "nnull") || choices.one_in(16) {
        members.insert("v".to_owned(), if takes_list { values(choices) } else { value(choices) });
    }
    Value::Object(members)
}

fn values(choices: &mut Choices<'_>) -> Value {
    (0..choices.below(5)).map(|_| value(choices)).collect()
}

fn value(choices: &mut Choices<'_>) -> Value {
    match choices.below(12) {
        0 => json!(choices.one_in(2)),
        1 => json!(i64::from(choices.byte()) - 128),
        2 => Number::from_f64(f64::from(choices.byte()) / 7.0).map_or(Value::Null, Value::Number),
        3 => json!({ "now": choices.word(&["-7d", "+12h", "+0d", "-4294967295d", "7d", "-90m", "+1w", ""]) }),
        4 => json!(u64::MAX),
        _ => json!(choices.word(TEXTS)),
    }
}
