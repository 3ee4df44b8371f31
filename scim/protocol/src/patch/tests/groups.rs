use super::{Dialect, Document, MemberEdit, MemberKind, MemberRef, Value, body, document, group, json};

fn refs(values: &[&str]) -> Vec<MemberRef> {
    values.iter().map(|value| MemberRef { value: (*value).to_owned(), kind: None }).collect()
}

/// Compiles for a group called `Old` and compares its new name and the edits of its members.
#[track_caller]
fn edited(dialect: &Dialect, operations: &Value, name: &str, members: &[MemberEdit]) {
    let edits = group(&body(operations), dialect).unwrap_or_else(|error| panic!("{operations}: {error}"));
    assert_eq!(edits.members, members, "{operations}");
    let before = document(&json!({"displayName": "Old"}));
    let patched = edits.document.apply(&before).unwrap_or_else(|error| panic!("{operations}: {error}"));
    assert_eq!(
        patched.document,
        Document::from_iter([("displayName".to_owned(), json!(name))]),
        "{operations}"
    );
    assert_eq!(patched.changed, name != "Old", "{operations}");
}

#[test]
fn member_operations_of_every_provider() {
    let (add, remove, all) = (MemberEdit::Add, MemberEdit::Remove, MemberEdit::ReplaceAll);
    let cases = [
        // RFC 7644 section 3.5.2.
        (
            json!([{"op": "add", "path": "members", "value": [
            {"display": "Ada", "$ref": "https://x.org/Users/1", "value": "1"}, {"value": "2"}, {"value": "1"}]}]),
            vec![add(refs(&["1", "2"]))],
        ),
        (json!([{"op": "remove", "path": "members"}]), vec![MemberEdit::RemoveAll]),
        (json!([{"op": "remove", "path": "members[value eq \"1\"]"}]), vec![remove(refs(&["1"]))]),
        (
            json!([{"op": "remove", "path": "MEMBERS[Value EQ \"1\" or value eq \"2\"]"}]),
            vec![remove(refs(&["1", "2"]))],
        ),
        (json!([{"op": "replace", "path": "members", "value": [{"value": "3"}]}]), vec![all(refs(&["3"]))]),
        (json!([{"op": "add", "path": "members", "value": []}]), vec![]),
        // Entra ID, without and with its flag.
        (
            json!([{"op": "Add", "path": "members", "value": [{"$ref": null, "value": "1"}]}]),
            vec![add(refs(&["1"]))],
        ),
        (
            json!([{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": "1"}, {"value": "2"}]}]),
            vec![remove(refs(&["1", "2"]))],
        ),
        (json!([{"op": "add", "value": {"members": [{"value": "1"}]}}]), vec![add(refs(&["1"]))]),
        // Okta: out and in by one request; whole lists; the empty group.
        (
            json!([{"op": "remove", "path": "members[value eq \"1\"]"},
                {"op": "add", "path": "members", "value": [{"value": "2", "display": "eve"}]}]),
            vec![remove(refs(&["1"])), add(refs(&["2"]))],
        ),
        (json!([{"op": "replace", "path": "members", "value": []}]), vec![MemberEdit::RemoveAll]),
        (json!([{"op": "replace", "path": "members", "value": null}]), vec![MemberEdit::RemoveAll]),
        // JumpCloud and others: bare values, one object instead of a list, nothing to remove.
        (json!([{"op": "add", "path": "members", "value": {"value": "1"}}]), vec![add(refs(&["1"]))]),
        (json!([{"op": "add", "path": "members", "value": ["1", "2"]}]), vec![add(refs(&["1", "2"]))]),
        (json!([{"op": "remove", "path": "members", "value": []}]), vec![]),
        // A full name.
        (
            json!([{"op": "remove", "path": "urn:ietf:params:scim:schemas:core:2.0:Group:members[value eq \"1\"]"}]),
            vec![remove(refs(&["1"]))],
        ),
    ];
    for (operations, members) in &cases {
        edited(&Dialect::TOLERANT, operations, "Old", members);
    }
}

#[test]
fn renames_come_with_and_without_path_and_members() {
    let cases = [
        (json!([{"op": "replace", "path": "displayName", "value": "New"}]), vec![]),
        (json!([{"op": "replace", "value": {"id": "abc", "displayName": "New"}}]), vec![]),
        (
            json!([{"op": "Replace", "value": {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "New", "externalId": null}}]),
            vec![],
        ),
        (
            json!([{"op": "replace", "value": {"displayName": "New", "members": [{"value": "1", "type": "Group"}]}}]),
            vec![MemberEdit::ReplaceAll(vec![MemberRef {
                value: "1".to_owned(),
                kind: Some(MemberKind::Group),
            }])],
        ),
        // A replace that is not about members leaves them alone.
        (json!([{"op": "replace", "value": {"displayName": "New"}}]), vec![]),
    ];
    for (operations, members) in &cases {
        edited(&Dialect::TOLERANT, operations, "New", members);
    }
}

#[test]
fn members_are_never_needed_to_compile() {
    let cases = [
        (
            json!([{"op": "remove", "path": "members[display eq \"Ada\"]"}]),
            "path: `members[display eq \"Ada\"]` selects members; \
          expected conditions of the form `value eq \"id\"` joined by or",
        ),
        (
            json!([{"op": "remove", "path": "members[not (value eq \"1\")]"}]),
            "path: `members[not (value eq \"1\")]` selects members; \
          expected conditions of the form `value eq \"id\"` joined by or",
        ),
        (
            json!([{"op": "replace", "path": "members[value eq \"1\"].display", "value": "x"}]),
            "`members` is immutable; expected a removal and an addition instead",
        ),
        (
            json!([{"op": "add", "path": "members.value", "value": "x"}]),
            "`members.value` is immutable; expected a removal and an addition instead",
        ),
        (json!([{"op": "add", "path": "members"}]), "`value` is missing; expected an array of members"),
        (
            json!([{"op": "add", "path": "members", "value": [{"display": "Ada"}]}]),
            "`members.value` is missing or empty; expected a value",
        ),
        (
            json!([{"op": "add", "path": "members", "value": [{"value": ""}]}]),
            "`members.value` is missing or empty; expected a value",
        ),
        (
            json!([{"op": "add", "path": "members", "value": [{"value": 7}]}]),
            "`members.value` is number; expected a string",
        ),
        (
            json!([{"op": "add", "path": "members", "value": [[]]}]),
            "`members` is array; expected objects with a value",
        ),
        (
            json!([{"op": "add", "path": "members", "value": [{"value": "x".repeat(257)}]}]),
            "`members.value` has 257 bytes; expected at most 256",
        ),
        (
            json!([{"op": "remove", "path": "displayName"}]),
            "`displayName` is required; expected a replacement, not a removal",
        ),
    ];
    for (operations, detail) in &cases {
        let error = group(&body(operations), &Dialect::TOLERANT).expect_err(detail);
        assert_eq!(error.detail(), *detail, "{operations}");
    }
}

#[test]
fn a_strict_connection_keeps_to_the_letter() {
    let cases = [
        (
            json!([{"op": "remove", "path": "members", "value": [{"value": "1"}]}]),
            "remove of `members` with a value; expected a path with a filter instead",
        ),
        (
            json!([{"op": "add", "path": "members", "value": {"value": "1"}}]),
            "`members` is object; expected an array",
        ),
        (
            json!([{"op": "add", "path": "members", "value": ["1"]}]),
            "`members` is string; expected objects with a value",
        ),
        (
            json!([{"op": "add", "path": "members", "value": [{"value": "1", "type": "Robot"}]}]),
            "`members.type` is `Robot`; expected User or Group",
        ),
    ];
    for (operations, detail) in &cases {
        let error = group(&body(operations), &Dialect::STRICT).expect_err(detail);
        assert_eq!(error.detail(), *detail, "{operations}");
    }
}
