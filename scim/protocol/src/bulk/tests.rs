use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Action, Bulk};
use crate::dialect::Dialect;
use crate::error::ScimError;
use crate::limits::BULK_OPERATIONS_MAX;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn read(operations: &Value) -> Result<Bulk, ScimError> {
    Bulk::read(json!({ "Operations": operations }), &Dialect::TOLERANT)
}

fn user(bulk_id: &str) -> Value {
    json!({"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": {"userName": bulk_id}})
}

/// A group with these members, each a `bulkId`.
fn group(bulk_id: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|id| json!({"value": format!("bulkId:{id}")})).collect();
    let data = json!({"displayName": bulk_id, "members": members});
    json!({"method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": data})
}

#[test]
fn requests_are_refused_as_a_whole_for_their_shape() {
    let many = vec![user("x"); BULK_OPERATIONS_MAX + 1];
    let cases = [
        (json!([]), "bulk request is array; expected an object"),
        (json!({}), "`Operations` is missing; expected an array of operations"),
        (json!({"Operations": {}}), "`Operations` is object; expected an array of operations"),
        (json!({"Operations": ["x"]}), "operation is string; expected an object"),
        (json!({"Operations": [{"method": 1}]}), "`method` is number; expected a string"),
        (
            json!({"Operations": [], "failOnErrors": 0}),
            "`failOnErrors` is number; expected a whole number from 1",
        ),
        (json!({"Operations": many}), "`Operations` has 1001 entries; expected at most 1000"),
        (
            json!({"Operations": [user("a"), user("a")]}),
            "`bulkId` `a` of two operations; expected a name of its own for each POST",
        ),
    ];
    for (body, detail) in cases {
        assert_eq!(Bulk::read(body, &Dialect::TOLERANT).expect_err(detail).detail(), detail);
    }
    let strict = Bulk::read(json!({"Operations": []}), &Dialect::STRICT);
    assert!(matches!(strict, Err(ScimError::MissingPart { what: "`schemas`", .. })));
}

#[test]
fn operations_are_refused_by_themselves() {
    let cases = [
        (json!({"path": "/Users"}), "unknown method ``; expected POST, PUT, PATCH or DELETE"),
        (
            json!({"method": "GET", "path": "/Users/1"}),
            "unknown method `GET`; expected POST, PUT, PATCH or DELETE",
        ),
        (
            json!({"method": "POST", "path": "/Users/1", "bulkId": "a", "data": {}}),
            "path of the operation is `/Users/1`; expected /Users or /Groups",
        ),
        (
            json!({"method": "DELETE", "path": "/Users"}),
            "path of the operation is `/Users`; expected /Users/{id} or /Groups/{id}",
        ),
        (
            json!({"method": "PATCH", "path": "/Users/1/2", "data": {}}),
            "path of the operation is `/Users/1/2`; expected /Users/{id} or /Groups/{id}",
        ),
        (
            json!({"method": "POST", "path": "/Me", "bulkId": "a", "data": {}}),
            "path of the operation is `/Me`; expected /Users or /Groups",
        ),
        (
            json!({"method": "POST", "path": "/Users", "data": {}}),
            "`bulkId` is missing; expected a name for what a POST makes",
        ),
        (json!({"method": "PUT", "path": "/Users/1"}), "`data` is missing; expected the body of the request"),
        (group("g", &["nobody"]), "no POST of this request has the `bulkId` `nobody`"),
        (
            json!({"method": "DELETE", "path": "/Users/bulkId:x"}),
            "no POST of this request has the `bulkId` `x`",
        ),
    ];
    for (operation, detail) in cases {
        let bulk = read(&json!([operation, user("good")])).expect("a request");
        assert_eq!(bulk.entries[0].operation.as_ref().expect_err(detail).detail(), detail);
        assert!(bulk.entries[1].operation.is_ok());
    }
}

#[track_caller]
fn check_units(operations: &[Value], expected: &[&[usize]]) {
    let bulk = read(&Value::Array(operations.to_vec())).expect("a request");
    assert_eq!(bulk.units(), expected);
}

#[test]
fn operations_keep_their_order_but_for_what_they_need() {
    check_units(&[user("a"), user("b"), group("g", &["a", "b"])], &[&[0], &[1], &[2]]);
    check_units(&[group("g", &["b"]), user("a"), user("b"), user("c")], &[&[1], &[2], &[0], &[3]]);
    let delete = json!({"method": "DELETE", "path": "/Users/7"});
    check_units(&[group("g", &["a"]), delete.clone(), user("a"), delete], &[&[1], &[2], &[0], &[3]]);
    check_units(&[group("g", &["h"]), group("h", &["i"]), group("i", &[])], &[&[2], &[1], &[0]]);
    let patch = json!({"method": "PATCH", "path": "/Groups/bulkId:g", "data": {"Operations": []}});
    check_units(&[patch, group("g", &[])], &[&[1], &[0]]);
}

#[test]
fn circles_are_units() {
    check_units(&[group("g", &["h"]), group("h", &["g"])], &[&[0, 1]]);
    check_units(&[group("g", &["g"])], &[&[0]]);
    let twisted = [
        group("top", &["g"]),
        group("g", &["h", "a"]),
        user("b"),
        group("h", &["i"]),
        group("i", &["g", "h"]),
        user("a"),
    ];
    check_units(&twisted, &[&[2], &[5], &[1, 3, 4], &[0]]);
}

#[test]
fn a_long_chain_is_put_in_order() {
    let last = BULK_OPERATIONS_MAX - 1;
    let chain: Vec<Value> = (0..=last)
        .map(|number| match number {
            _ if number == last => group(&number.to_string(), &[]),
            _ => group(&number.to_string(), &[&(number + 1).to_string()]),
        })
        .collect();
    let units = read(&Value::Array(chain)).expect("a request").units();
    let expected: Vec<Vec<usize>> = (0..=last).rev().map(|index| vec![index]).collect();
    assert_eq!(units, expected);
}

#[test]
fn references_stand_where_resources_are_named() {
    let operations = json!([
        user("a"),
        {"method": "POST", "path": "/Users", "bulkId": "b", "data": {
            "userName": "bulkId:a", "displayName": "bulkId:nobody",
            ENTERPRISE: {"manager": {"value": "bulkId:a", "displayName": "bulkId:a"}, "department": "bulkId:a"},
        }},
        {"method": "PUT", "path": "/Groups/7", "data": {"members": ["bulkId:a", {"VALUE": "bulkId:b"}, {"value": "9"}]}},
        {"method": "PATCH", "path": "/Groups/bulkId:g", "data": [
            {"op": "remove", "path": "members[value eq \"bulkId:a\" or value eq \"9\"]"},
            {"op": "add", "path": "members", "value": {"value": "bulkId:b"}},
            {"op": "add", "value": {"members": [{"value": "bulkId:a"}], "displayName": "bulkId:a"}},
            {"op": "add", "path": "displayName", "value": "bulkId:a"},
        ]},
        {"method": "PATCH", "path": "/Users/7", "data": {"Operations": [
            {"op": "add", "path": format!("{ENTERPRISE}:manager"), "value": "bulkId:a"},
            {"op": "add", "value": {(format!("{ENTERPRISE}:manager.value")): "bulkId:a"}},
        ]}},
        group("g", &[]),
    ]);
    let mut bulk = read(&operations).expect("a request");
    let ids: BTreeMap<String, String> =
        [("a", "1"), ("b", "2"), ("g", "3")].map(|(name, id)| (name.to_owned(), id.to_owned())).into();
    let mut resolved = |index: usize| {
        let operation = bulk.entries[index].operation.as_mut().expect("an operation");
        operation.resolve(&ids);
        operation.clone()
    };
    assert_eq!(
        resolved(1).data,
        json!({
            "userName": "bulkId:a", "displayName": "bulkId:nobody",
            ENTERPRISE: {"manager": {"value": "1", "displayName": "bulkId:a"}, "department": "bulkId:a"},
        })
    );
    assert_eq!(resolved(2).data, json!({"members": ["1", {"VALUE": "2"}, {"value": "9"}]}));
    let patch = resolved(3);
    assert_eq!((patch.action, patch.id.as_str()), (Action::Patch, "3"));
    assert_eq!(
        patch.data["Operations"],
        json!([
            {"op": "remove", "path": "members[value eq \"1\" or value eq \"9\"]"},
            {"op": "add", "path": "members", "value": {"value": "2"}},
            {"op": "add", "value": {"members": [{"value": "1"}], "displayName": "bulkId:a"}},
            {"op": "add", "path": "displayName", "value": "bulkId:a"},
        ])
    );
    assert_eq!(
        resolved(4).data["Operations"],
        json!([
            {"op": "add", "path": format!("{ENTERPRISE}:manager"), "value": "1"},
            {"op": "add", "value": {(format!("{ENTERPRISE}:manager.value")): "1"}},
        ])
    );
}
