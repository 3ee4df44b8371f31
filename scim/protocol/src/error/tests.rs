use serde_json::json;

use super::{Excerpt, ScimError, ScimType};

#[test]
fn body_has_the_form_of_rfc_7644_section_3_12() {
    let taken = ScimError::NotUnique { resource_type: "User", attribute: "userName", value: "ada".into() };
    let expected = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "409",
        "scimType": "uniqueness",
        "detail": "`userName` `ada` is taken by another User",
    });
    assert_eq!(taken.to_json(), expected);
    assert_eq!(ScimError::Unauthorized.to_json().get("scimType"), None);
}

#[test]
fn status_and_keyword_follow_the_cause() {
    let cases = [
        (ScimError::Unauthorized, 401, None),
        (ScimError::FilterForbidden, 403, None),
        (ScimError::NotFound { resource_type: "User", id: "1".into() }, 404, None),
        (ScimError::MethodNotAllowed { method: "PUT".into() }, 405, None),
        (ScimError::VersionMismatch { current: "W/\"1\"".into() }, 412, None),
        (ScimError::BodyTooLarge { bytes_max: 1 }, 413, None),
        (ScimError::UnsupportedMediaType { found: "text/xml".into() }, 415, None),
        (ScimError::Internal, 500, None),
        (ScimError::NobodySignedIn, 501, None),
        (ScimError::MalformedJson { line: 1, column: 2 }, 400, Some("invalidSyntax")),
        (ScimError::MissingValue { attribute: "userName".into() }, 400, Some("invalidValue")),
        (ScimError::ReadOnly { attribute: "id".into() }, 400, Some("mutability")),
        (ScimError::RemoveWithoutPath, 400, Some("noTarget")),
        (ScimError::UnknownPath { path: "x".into(), resource_type: "User" }, 400, Some("invalidPath")),
    ];
    for (error, status, keyword) in cases {
        assert_eq!(error.status(), status, "{error}");
        assert_eq!(error.scim_type().map(ScimType::keyword), keyword, "{error}");
    }
}

#[test]
fn a_clients_text_is_shown_short_and_printable() {
    assert_eq!(Excerpt::from("plain").as_str(), "plain");
    assert_eq!(Excerpt::from("a\u{1b}[31m\nb").as_str(), "a\u{fffd}[31m\u{fffd}b");
    let expected = format!("{}…", "é".repeat(80));
    assert_eq!(Excerpt::from("é".repeat(1_000_000)).as_str(), expected);
    assert_eq!(Excerpt::from("é".repeat(80)).as_str(), "é".repeat(80));
}
