use super::{
    Dialect, ENTERPRISE, PATCH_OPERATIONS_MAX, PATCH_VALUES_MAX, TEXT_BYTES_MAX, VALUES_MAX, Value, ada,
    body, document, json, refused, user,
};

#[test]
fn wrong_operations_are_refused_with_keyword_and_reason() {
    let cases = [
        (
            json!([]),
            "invalidSyntax",
            "`Operations` is missing; expected an array of operations, at least one",
        ),
        (json!({}), "invalidSyntax", "`Operations` is object; expected an array of operations, at least one"),
        (json!(["add"]), "invalidSyntax", "operation is string; expected an object"),
        (json!([{}]), "invalidSyntax", "`op` is missing; expected add, remove or replace"),
        (json!([{"op": 1}]), "invalidSyntax", "`op` is number; expected add, remove or replace"),
        (json!([{"op": "move"}]), "invalidSyntax", "unknown op `move`; expected add, remove or replace"),
        (
            json!([{"op": "add", "path": 1}]),
            "invalidSyntax",
            "`path` is number; expected an attribute path as a string",
        ),
        (
            json!([{"op": "add", "path": "title"}]),
            "invalidSyntax",
            "`value` is missing; expected the value to set",
        ),
        (
            json!([{"op": "add", "value": "x"}]),
            "invalidSyntax",
            "`value` without a path is string; expected an object of attributes",
        ),
        (json!([{"op": "add"}]), "invalidSyntax", "`value` is missing; expected an object of attributes"),
        (json!([{"op": "remove"}]), "noTarget", "remove without path; expected the path of what to remove"),
        (
            json!([{"op": "remove", "path": "emails["}]),
            "invalidPath",
            "path: ends at byte 7; expected an attribute, not or (",
        ),
        (
            json!([{"op": "add", "path": "favourite", "value": 1}]),
            "invalidPath",
            "path: `favourite` names no attribute of User",
        ),
        (
            json!([{"op": "add", "path": "title.x", "value": 1}]),
            "invalidPath",
            "path: `title.x` names no attribute of User",
        ),
        (
            json!([{"op": "remove", "path": "title[value eq \"x\"]"}]),
            "invalidPath",
            "path: `title[value eq \"x\"]` selects elements; \
          expected a multi-valued attribute with sub-attributes before `[`",
        ),
        (
            json!([{"op": "remove", "path": "emails[colour eq \"x\"]"}]),
            "invalidFilter",
            "filter: unknown attribute `colour`; expected an attribute of the User schemas",
        ),
        (
            json!([{"op": "replace", "path": "id", "value": "x"}]),
            "mutability",
            "`id` is readOnly; expected no change to it",
        ),
        (
            json!([{"op": "add", "path": "groups", "value": [{"value": "x"}]}]),
            "mutability",
            "`groups` is readOnly; expected no change to it",
        ),
        (
            json!([{"op": "remove", "path": "meta.created"}]),
            "mutability",
            "`meta.created` is readOnly; expected no change to it",
        ),
        (
            json!([{"op": "remove", "path": "userName"}]),
            "mutability",
            "`userName` is required; expected a replacement, not a removal",
        ),
        (
            json!([{"op": "replace", "path": "userName", "value": null}]),
            "mutability",
            "`userName` is required; expected a replacement, not a removal",
        ),
        (
            json!([{"op": "replace", "path": "userName", "value": ""}]),
            "invalidValue",
            "`userName` is missing or empty; expected a value",
        ),
        (
            json!([{"op": "replace", "path": "active", "value": "yes"}]),
            "invalidValue",
            "`active` is string; expected true or false",
        ),
        (
            json!([{"op": "replace", "path": "emails[type eq \"work\"].primary", "value": 3}]),
            "invalidValue",
            "`emails.primary` is number; expected true or false",
        ),
        (
            json!([{"op": "replace", "path": "emails[type ne \"work\" and type ne \"home\"].value", "value": "x"}]),
            "noTarget",
            "path: `emails[type ne \"work\" and type ne \"home\"].value` matches no value",
        ),
    ];
    for (operations, keyword, detail) in &cases {
        let error = refused(&Dialect::TOLERANT, operations);
        assert_eq!(error.detail(), *detail, "{operations}");
        assert_eq!(error.to_json()["scimType"], *keyword, "{operations}");
    }
}

#[test]
fn a_strict_connection_keeps_to_the_letter() {
    let cases = [
        (
            json!([{"op": "replace", "value": {"active": false}}]),
            "operation without path; expected a path in each operation",
        ),
        (
            json!([{"op": "replace", "path": "active", "value": "False"}]),
            "`active` is string; expected true or false",
        ),
        (
            json!([{"op": "replace", "path": "phoneNumbers[type eq \"fax\"].value", "value": "1"}]),
            "path: `phoneNumbers[type eq \"fax\"].value` matches no value",
        ),
        (
            json!([{"op": "remove", "path": "phoneNumbers[type eq \"fax\"]"}]),
            "path: `phoneNumbers[type eq \"fax\"]` selects whole values; expected a sub-attribute after `]`",
        ),
        (
            json!([{"op": "remove", "path": "emails", "value": [{"value": "x"}]}]),
            "remove of `emails` with a value; expected a path with a filter instead",
        ),
        (
            json!([{"op": "add", "path": ENTERPRISE, "value": {"shoeSize": 42}}]),
            "unknown attribute `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:shoeSize`; \
          expected one that the schemas define\nhint: see the Schemas endpoint",
        ),
    ];
    for (operations, detail) in &cases {
        assert_eq!(refused(&Dialect::STRICT, operations).detail(), *detail, "{operations}");
    }
}

#[test]
fn a_strict_connection_names_the_message_schema() {
    let operations = json!([{"op": "replace", "path": "title", "value": "x"}]);
    let cases = [
        (json!({"Operations": operations}), "`schemas` is missing; expected an array of URNs"),
        (
            json!({"schemas": [], "Operations": operations}),
            "`schemas` does not name `urn:ietf:params:scim:api:messages:2.0:PatchOp`",
        ),
        (
            json!({"schemas": ["urn:x:y"], "Operations": operations}),
            "unexpected schema `urn:x:y`; expected each of urn:ietf:params:scim:api:messages:2.0:PatchOp at most once",
        ),
    ];
    for (body, detail) in &cases {
        assert_eq!(user(body, &Dialect::STRICT).expect_err(detail).detail(), *detail);
        assert!(user(body, &Dialect::TOLERANT).is_ok(), "{body}");
    }
    assert_eq!(
        user(&json!([]), &Dialect::TOLERANT).expect_err("a list").detail(),
        "PATCH body is array; expected an object"
    );
}

#[test]
fn an_error_in_the_last_operation_leaves_no_trace() {
    let operations = json!([
        {"op": "replace", "path": "title", "value": "changed"},
        {"op": "replace", "path": "emails[type ne \"work\" and type ne \"home\"].value", "value": "x"},
    ]);
    let before = document(&ada());
    let edits = user(&body(&operations), &Dialect::TOLERANT).expect("it compiles");
    assert!(edits.apply(&before).is_err());
    assert_eq!(Value::Object(before), ada());
}

#[test]
fn sizes_are_bounded() {
    let operation = json!({"op": "replace", "path": "title", "value": "x"});
    let many = json!(vec![operation; PATCH_OPERATIONS_MAX + 1]);
    let error = refused(&Dialect::TOLERANT, &many);
    assert_eq!(
        (error.status(), error.detail().as_str()),
        (413, "`Operations` has 1001 entries; expected at most 1000")
    );

    let emails = |from: usize, count: usize| {
        let value: Vec<Value> =
            (from..from + count).map(|n| json!({"value": format!("{n}@x.org")})).collect();
        json!({"op": "add", "path": "emails", "value": value})
    };
    let grown = json!([emails(0, VALUES_MAX), emails(VALUES_MAX, 1)]);
    assert_eq!(refused(&Dialect::TOLERANT, &grown).detail(), "`emails` has more than 250 values");

    let repeated = json!(vec![emails(0, VALUES_MAX); PATCH_VALUES_MAX / VALUES_MAX + 1]);
    assert_eq!(refused(&Dialect::TOLERANT, &repeated).detail(), "`emails` has more than 5000 values");

    let photo = json!({"op": "add", "path": "photos", "value": [{"value": "x".repeat(TEXT_BYTES_MAX)}]});
    let marked = json!({"op": "replace", "path": "photos[value sw \"x\"].display", "value": "x".repeat(TEXT_BYTES_MAX)});
    let swollen = json!([photo, marked, {"op": "add", "path": "title", "value": "x".repeat(TEXT_BYTES_MAX)},
        {"op": "add", "path": "nickName", "value": "x".repeat(TEXT_BYTES_MAX)}]);
    let error = refused(&Dialect::TOLERANT, &swollen);
    let detail = "resource of more than 262144 bytes; expected at most that many, members not counted";
    assert_eq!((error.status(), error.detail().as_str()), (413, detail));
}
