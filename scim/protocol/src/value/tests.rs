use serde_json::{Value, json};

use super::accepted;
use crate::dialect::Dialect;
use crate::error::ScimError;
use crate::limits::{TEXT_BYTES_MAX, VALUES_MAX};
use crate::schema::{AttributePath, ResourceType};

fn read(attribute: &str, value: &Value, dialect: &Dialect) -> Result<Option<Value>, ScimError> {
    let path = AttributePath::parse(attribute).expect(attribute);
    let resolved = ResourceType::User.resolve(&path).expect(attribute);
    accepted(resolved.attribute, attribute, value, dialect)
}

const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

#[test]
fn values_of_the_right_type_pass_in_canonical_form() {
    let cases = [
        ("userName", json!("Ada"), Some(json!("Ada"))),
        ("active", json!(false), Some(json!(false))),
        ("name", json!({"FAMILYNAME": "L", "givenName": null}), Some(json!({"familyName": "L"}))),
        ("name", json!({}), None),
        ("name", json!({"givenName": null}), None),
        ("emails", json!([]), None),
        ("emails", json!([null, {}]), None),
        ("emails", json!([{"Value": "a"}]), Some(json!([{"value": "a"}]))),
        // The same address of the same type once; one of two types twice.
        (
            "emails",
            json!([{"value": "a", "type": "work"}, {"value": "a", "type": "work", "primary": true}]),
            Some(json!([{"value": "a", "type": "work", "primary": true}])),
        ),
        (
            "emails",
            json!([{"value": "a", "type": "work"}, {"value": "a", "type": "home"}]),
            Some(json!([{"value": "a", "type": "work"}, {"value": "a", "type": "home"}])),
        ),
        ("x509Certificates", json!([{"value": "AQIDBA=="}]), Some(json!([{"value": "AQIDBA=="}]))),
        (
            MANAGER,
            json!({"value": "7", "displayName": "Eve", "$ref": "../Users/7"}),
            Some(json!({"value": "7"})),
        ),
    ];
    for (attribute, value, expected) in cases {
        assert_eq!(
            read(attribute, &value, &Dialect::STRICT),
            Ok(expected.clone()),
            "strict {attribute} {value}"
        );
        assert_eq!(read(attribute, &value, &Dialect::TOLERANT), Ok(expected), "tolerant {attribute} {value}");
    }
}

#[test]
fn neighbouring_types_pass_by_dialect_only() {
    let cases = [
        ("active", json!("True"), Some(json!(true)), "`active` is string; expected true or false"),
        ("active", json!("false"), Some(json!(false)), "`active` is string; expected true or false"),
        ("nickName", json!(42), Some(json!("42")), "`nickName` is number; expected a string"),
        (
            "emails",
            json!({"value": "a"}),
            Some(json!([{"value": "a"}])),
            "`emails` is object; expected an array",
        ),
        ("emails", json!("a"), Some(json!([{"value": "a"}])), "`emails` is string; expected an array"),
        (
            "roles",
            json!(["a"]),
            Some(json!([{"value": "a"}])),
            "`roles` is string; expected an object of sub-attributes",
        ),
        (
            "emails",
            json!([{"value": "a", "primary": true}, {"value": "b", "primary": true}]),
            Some(json!([{"value": "a", "primary": true}, {"value": "b"}])),
            "`emails` has several primary values; expected at most one",
        ),
        (
            "emails",
            json!([{"value": "a", "colour": "red"}]),
            Some(json!([{"value": "a"}])),
            "unknown attribute `emails.colour`; expected one that the schemas define\nhint: see the Schemas endpoint",
        ),
        (
            "name",
            json!([{"givenName": "A"}]),
            Some(json!({"givenName": "A"})),
            "`name` is array; expected an object of sub-attributes",
        ),
    ];
    for (attribute, value, expected, strict) in cases {
        assert_eq!(read(attribute, &value, &Dialect::TOLERANT), Ok(expected), "{attribute} {value}");
        let error = read(attribute, &value, &Dialect::STRICT).expect_err(attribute);
        assert_eq!(error.detail(), strict, "{attribute} {value}");
    }
    let bare = read(MANAGER, &json!("7"), &Dialect::ENTRA);
    assert_eq!(bare, Ok(Some(json!({"value": "7"}))));
    let wrapped = read(MANAGER, &json!([{"$ref": "../Users/7", "value": "7"}]), &Dialect::ENTRA);
    assert_eq!(wrapped, Ok(Some(json!({"value": "7"}))));
    assert_eq!(read(MANAGER, &json!(""), &Dialect::ENTRA), Ok(None));
}

#[test]
fn wrong_values_are_refused_by_every_dialect() {
    let long = "x".repeat(TEXT_BYTES_MAX + 1);
    let many: Vec<Value> = (0..=VALUES_MAX).map(|number| json!({"value": number.to_string()})).collect();
    let cases = [
        ("active", json!("yes"), "`active` is string; expected true or false"),
        ("active", json!(1), "`active` is number; expected true or false"),
        ("userName", json!(true), "`userName` is boolean; expected a string"),
        ("userName", json!({"value": "x"}), "`userName` is object; expected a string"),
        ("userName", json!(""), "`userName` is missing or empty; expected a value"),
        ("userName", json!("  "), "`userName` is missing or empty; expected a value"),
        ("name", json!("Ada Lovelace"), "`name` is string; expected an object of sub-attributes"),
        ("emails", json!([["a"]]), "`emails` is array; expected an object of sub-attributes"),
        ("emails", json!([{"value": {"value": "a"}}]), "`emails.value` is object; expected a string"),
        (
            "emails",
            json!([{"value": "a", "primary": "maybe"}]),
            "`emails.primary` is string; expected true or false",
        ),
        (
            "x509Certificates",
            json!([{"value": "not base64!"}]),
            "`x509Certificates.value` is `not base64!`; expected bytes in base64",
        ),
        ("title", json!(long), "`title` has 65537 bytes; expected at most 65536"),
        ("emails", json!(many), "`emails` has more than 250 values"),
    ];
    for (attribute, value, detail) in cases {
        for dialect in Dialect::ALL {
            let error = read(attribute, &value, dialect).expect_err(attribute);
            assert_eq!(error.detail(), detail, "{attribute} {}", dialect.name);
            assert_eq!(error.to_json()["scimType"], "invalidValue", "{attribute}");
        }
    }
}
