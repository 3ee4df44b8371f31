//! What is kept of a request.

use cohort_core::id::Instant;

use super::redact;
use super::view::Asked;
use crate::effort::Effort;
use crate::limits::{NOTE_BODY_BYTES_MAX, NOTE_TEXT_BYTES_MAX};
use crate::store::requests::RequestRow;

fn noted(status: u16, body: &str, error: &str) -> RequestRow {
    let asked = Asked {
        method: "POST".to_owned(),
        path: "/Users?token=cohort_scim_0123abc&x=1".to_owned(),
        status,
        micros: 7,
        error: Some(error.to_owned()),
        body: body.as_bytes(),
        rows: 0,
        effort: Effort::default(),
    };
    redact::row(asked, Instant::from_millis(0))
}

#[track_caller]
fn check(body: &str, kept: Option<&str>) {
    assert_eq!(noted(400, body, "").body.as_deref(), kept, "{body}");
}

#[test]
fn secrets_are_taken_out_of_bodies() {
    check(r#"{"userName":"a","Password":"s3cret"}"#, Some(r#"{"userName":"a","Password":"[redacted]"}"#));
    check(r#"{"x":[{"apiToken":["t"]}]}"#, Some(r#"{"x":[{"apiToken":"[redacted]"}]}"#));
    check(
        r#"{"Operations":[{"op":"replace","path":"urn:x:User:password","value":"s3cret"}]}"#,
        Some(r#"{"Operations":[{"op":"replace","path":"urn:x:User:password","value":"[redacted]"}]}"#),
    );
    check(
        r#"{"Operations":[{"op":"replace","value":{"password":"s3cret","active":true}}]}"#,
        Some(r#"{"Operations":[{"op":"replace","value":{"password":"[redacted]","active":true}}]}"#),
    );
    check(r#"{"password":null}"#, Some(r#"{"password":null}"#));
    check(r#"{"note":"use cohort_scim_00ff"}"#, Some(r#"{"note":"use [redacted]"}"#));
}

#[test]
fn what_cannot_be_searched_is_not_kept() {
    check(r#"{"password":"s3cret""#, None);
    check("password=s3cret", None);
    let deep = format!("{}\"s3cret\"{}", "[".repeat(100), "]".repeat(100));
    assert!(!noted(400, &deep, "").body.expect("it is JSON").contains("s3cret"));
}

#[test]
fn errors_and_paths_tell_no_secret() {
    let row = noted(400, r#"{"password":"s3cret"}"#, "`s3cret` is too short");
    assert_eq!(row.error.as_deref(), Some("`[redacted]` is too short"));
    assert_eq!(row.path, "/Users?token=[redacted]&x=1");
}

#[test]
fn bodies_of_good_requests_are_only_measured() {
    let row = noted(201, r#"{"userName":"a"}"#, "");
    assert_eq!((row.body, row.body_bytes), (None, 16));
}

#[test]
fn long_texts_are_cut() {
    let row = noted(400, &format!("\"{}\"", "ü".repeat(NOTE_BODY_BYTES_MAX)), &"x".repeat(100_000));
    let body = row.body.expect("it is JSON");
    assert!(body.len() <= NOTE_BODY_BYTES_MAX + 3 && body.ends_with('…'), "{}", body.len());
    assert!(row.error.expect("an error").len() <= NOTE_TEXT_BYTES_MAX + 3);
}
