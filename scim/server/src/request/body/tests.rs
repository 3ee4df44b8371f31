use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use cohort_directory::access::NewGrant;
use cohort_directory::groups::NewGroup;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{API_TYPES, SCIM_TYPES, check_media_type, fields};

#[track_caller]
fn check_refused<T: DeserializeOwned + std::fmt::Debug>(body: Value, message: &str) {
    assert_eq!(fields::<T>(body).expect_err("a refusal").to_string(), message);
}

#[test]
fn an_unknown_field_is_named() {
    let body = json!({"name": "Engineering", "slgu": "eng"});
    let found = fields::<NewGroup>(body).expect_err("a refusal").to_string();
    assert!(found.contains("unknown field `slgu`, expected one of `name`, `slug`"), "{found}");
}

#[test]
fn a_wrong_type_is_placed() {
    check_refused::<NewGroup>(
        json!({"name": 3}),
        "field `name`: invalid type: integer `3`, expected a string",
    );
    check_refused::<NewGrant>(json!({"role": "viewer"}), "missing field `principal`");
}

#[test]
fn a_body_that_is_no_object_is_refused() {
    assert!(fields::<NewGroup>(json!("Engineering")).is_err());
}

#[track_caller]
fn check_media(types: &'static [&'static str], header: &str, accepted: bool) {
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, header.parse().expect("a header"))]);
    assert_eq!(check_media_type(&headers, types).is_ok(), accepted, "content type `{header}`");
}

#[test]
fn media_types_are_json_in_any_case_with_any_parameters() {
    check_media(SCIM_TYPES, "application/scim+json; charset=utf-8", true);
    check_media(SCIM_TYPES, "Application/JSON", true);
    check_media(SCIM_TYPES, "text/plain", false);
    check_media(API_TYPES, "application/json;charset=utf-8", true);
    check_media(API_TYPES, "application/x-www-form-urlencoded", false);
    assert!(check_media_type(&HeaderMap::new(), API_TYPES).is_ok());
}
