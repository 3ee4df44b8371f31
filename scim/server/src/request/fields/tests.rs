use serde_json::json;

use super::{Fields, Update};
use crate::error::Refusal;

fn fields(body: serde_json::Value) -> Fields {
    Fields::new(body).expect("an object")
}

#[track_caller]
fn check_refused<T: std::fmt::Debug>(result: Result<T, Refusal>, message: &str) {
    assert_eq!(result.expect_err("a refusal").to_string(), message);
}

#[test]
fn a_field_nobody_takes_is_named() {
    let mut body = fields(json!({"name": "Engineering", "slgu": "eng"}));
    assert_eq!(body.text("name").expect("a text"), "Engineering");
    assert_eq!(body.optional_text("slug").expect("nothing"), None);
    check_refused(body.finish(), "unknown field `slgu`; expected name, slug");
}

#[test]
fn null_is_absent_or_clears() {
    let mut body = fields(json!({"name": null, "rule": null, "state": "disabled"}));
    check_refused(body.text("name"), "field `name` is missing");
    assert_eq!(body.text_update("rule").expect("null"), Update::Clear);
    assert_eq!(body.text_update("state").expect("a text"), Update::Set("disabled".to_owned()));
    assert_eq!(body.text_update("description").expect("nothing"), Update::Keep);
    body.finish().expect("nothing left");
}

#[test]
fn wrong_kinds_are_told_apart() {
    check_refused(fields(json!({"name": 3})).text("name"), "field `name` is number; expected a text");
    check_refused(fields(json!({"ids": "a"})).texts("ids"), "field `ids` is string; expected a list of texts");
    check_refused(fields(json!({"active": "yes"})).flag("active"), "field `active` is string; expected true or false");
    check_refused(Fields::new(json!([])), "body is array; expected an object");
}

#[test]
fn moments_are_rfc_3339_or_dates() {
    let mut body = fields(json!({"a": "2026-03-01T10:00:00+01:00", "b": "2026-03-01", "c": "tomorrow"}));
    let nine = body.moment("a").expect("a time").expect("present");
    let midnight = body.moment("b").expect("a date").expect("present");
    assert_eq!(nine.as_millis() - midnight.as_millis(), 9 * 3_600_000);
    check_refused(body.moment("c"), "field `c` is `tomorrow`; expected a time such as 2026-03-01T09:00:00Z");
}

#[test]
fn choices_are_listed() {
    let mut body = fields(json!({"reach": "all"}));
    let choice = body.choice("reach", &[("subtree", 1), ("exact", 2)]);
    check_refused(choice, "field `reach` is `all`; expected one of subtree, exact");
}
