//! What rules see of a user.

use serde_json::json;

use super::{of_attributes, of_document};

fn values(profile: &cohort_core::attribute::Profile, field: &str) -> Vec<String> {
    profile.values(field).iter().map(|text| text.original.clone()).collect()
}

#[test]
fn scim_attributes_have_their_rule_names() {
    let document = json!({
        "userName": "ada", "displayName": "Ada", "name": {"formatted": "Ada Lovelace"}, "title": "Countess",
        "addresses": [
            {"type": "home", "locality": "Leeds"},
            {"type": "work", "locality": "Paris", "country": "FR", "primary": true},
        ],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "department": "Sales", "costCenter": "7", "manager": {"value": "m1"},
        },
    });
    let profile = of_document(document.as_object().expect("an object"), true);
    let expected = [
        ("name", "Ada Lovelace"),
        ("job", "Countess"),
        ("department", "Sales"),
        ("costcenter", "7"),
        ("manager", "m1"),
        ("location", "Paris"),
        ("country", "FR"),
        ("status", "Active"),
    ];
    for (field, value) in expected {
        assert_eq!(values(&profile, field), [value], "{field}");
    }
    assert!(values(&profile, "division").is_empty());
}

#[test]
fn local_attributes_are_found_by_alias_and_by_their_own_name() {
    let attributes = json!({"Job Title": "Clerk", "team": ["Red", "Blue"]});
    let profile = of_attributes(attributes.as_object().expect("an object"), Some("Bob"), false);
    assert_eq!(values(&profile, "job"), ["Clerk"]);
    assert_eq!(values(&profile, "attr.team"), ["Red", "Blue"]);
    assert_eq!(values(&profile, "status"), ["Inactive"]);
    assert_eq!(values(&profile, "name"), ["Bob"]);
}
