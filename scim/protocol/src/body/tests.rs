use serde_json::json;

use super::read;
use crate::limits::{BODY_BYTES_MAX, JSON_DEPTH_MAX};

#[track_caller]
fn refused(text: &str, detail: &str) {
    let error = read(text.as_bytes()).expect_err(text);
    assert_eq!(error.detail(), detail, "{text}");
}

#[test]
fn any_json_value_is_read_as_it_stands() {
    let text = r#"{"b": [1, -2, 2.5, true, null, "ü\n"], "a": {"b": {}}}"#;
    let expected = json!({"b": [1, -2, 2.5, true, null, "ü\n"], "a": {"b": {}}});
    assert_eq!(read(text.as_bytes()), Ok(expected));
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    refused("", "body is not JSON: fault at line 1, column 0");
    refused("{\"a\": 1,\n  b}", "body is not JSON: fault at line 2, column 3");
    refused("{} {}", "body is not JSON: fault at line 1, column 4");
    refused("\"\u{1}\"", "body is not JSON: fault at line 1, column 2");
}

#[test]
fn duplicate_names_are_refused_at_any_level_and_case() {
    let name = |name: &str| format!("duplicate member `{name}`; expected each name once, whatever its case");
    refused(r#"{"active": true, "active": false}"#, &name("active"));
    refused(r#"{"x": [{"value": "a", "VALUE": "b"}]}"#, &name("VALUE"));
    assert!(read(br#"[{"a": 1}, {"a": 1}]"#).is_ok());
}

#[test]
fn nesting_ends_at_its_limit() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(read(nested(JSON_DEPTH_MAX).as_bytes()).is_ok());
    refused(&nested(JSON_DEPTH_MAX + 1), "body nested more than 16 levels");
    refused(&"[".repeat(1_000_000), "body nested more than 16 levels");
    refused(&"{\"a\":".repeat(100_000), "body nested more than 16 levels");
}

#[test]
fn large_bodies_are_refused_unread() {
    let text = " ".repeat(BODY_BYTES_MAX + 1);
    refused(&text, "body of more than 8388608 bytes; expected at most that many");
}

#[test]
fn values_are_counted() {
    let list = |count: usize| format!("[{}0]", "0,".repeat(count - 1));
    assert!(read(list(crate::limits::JSON_VALUES_MAX - 1).as_bytes()).is_ok());
    let error = read(list(crate::limits::JSON_VALUES_MAX).as_bytes()).expect_err("too many");
    assert_eq!(error.detail(), "body of more than 500000 JSON values; expected at most that many");
    assert_eq!(error.status(), 413);
}
