use serde_json::{Map, Value, json};

use super::{ListQuery, Paging, Sort, SortOrder, Start, response, search_parameters};
use crate::dialect::Dialect;
use crate::error::ScimError;
use crate::schema::ResourceType;

type Parameters<'a> = &'a [(&'a str, &'a str)];

fn query(parameters: Parameters<'_>) -> Result<ListQuery, ScimError> {
    ListQuery::parse(parameters.iter().copied(), &[ResourceType::User], &Dialect::TOLERANT)
}

#[test]
fn paging_follows_rfc_7644_section_3_4_2_4() {
    let cases: [(Parameters<'_>, u64, usize); 8] = [
        (&[], 1, 100),
        (&[("startIndex", "3"), ("count", "10")], 3, 10),
        (&[("startIndex", "0")], 1, 100),
        (&[("startIndex", "-7"), ("count", "-7")], 1, 0),
        (&[("count", "0")], 1, 0),
        (&[("count", "100000")], 1, 200),
        (&[("startIndex", "99999999999999999999999")], u64::MAX, 100),
        (&[("count", "1"), ("count", "2"), ("", ""), ("unknown", "x")], 1, 1),
    ];
    for (parameters, start_index, count) in cases {
        let query = query(parameters).expect("a query");
        assert_eq!((query.start, query.count), (Start::Index(start_index), count), "{parameters:?}");
    }
}

#[test]
fn wrong_parameters_are_refused() {
    let cases: [(Parameters<'_>, &str); 11] = [
        (&[("count", "ten")], "parameter `count` is `ten`; expected a whole number"),
        (&[("startIndex", "1.5")], "parameter `startIndex` is `1.5`; expected a whole number"),
        (&[("count", "")], "parameter `count` is ``; expected a whole number"),
        (&[("filter", "")], "filter: ends at byte 0; expected an attribute, not or ("),
        (
            &[("attributes", "id"), ("excludedAttributes", "name")],
            "both `attributes` and `excludedAttributes`; expected at most one of them",
        ),
        (
            &[("sortBy", "favourite")],
            "parameter `sortBy` is `favourite`; expected an attribute that the schemas define",
        ),
        (&[("sortBy", "name")], "parameter `sortBy` is `name`; expected one of its sub-attributes"),
        (
            &[("sortBy", "groups.value")],
            "parameter `sortBy` is `groups.value`; expected an attribute of the resource itself",
        ),
        (
            &[("sortBy", "title"), ("sortOrder", "up")],
            "parameter `sortOrder` is `up`; expected ascending or descending",
        ),
        (
            &[("cursor", ""), ("count", "0")],
            "parameter `count` is `0`; expected a whole number from 1 with `cursor`",
        ),
        (
            &[("cursor", ""), ("count", "many")],
            "parameter `count` is `many`; expected a whole number from 1 with `cursor`",
        ),
    ];
    for (parameters, detail) in cases {
        assert_eq!(query(parameters).expect_err(detail).detail(), detail);
    }
}

#[test]
fn filter_sort_and_projection_are_read() {
    let query = query(&[
        ("filter", "userName eq \"ada\""),
        ("sortBy", "name.familyName"),
        ("sortOrder", "Descending"),
        ("excludedAttributes", "groups"),
    ]);
    let query = query.expect("a query");
    assert!(query.filter.is_some());
    let sort = query.sort.expect("an order");
    assert_eq!((sort.attribute.to_string().as_str(), sort.order), ("name.familyName", SortOrder::Descending));
    let [part] = query.parts.as_slice() else { panic!("one type") };
    assert!(!part.projection.wants("groups"));
    assert!(part.projection.wants("emails"));
}

#[test]
fn answers_count_with_integers() {
    let page = vec![Map::from_iter([("id".to_owned(), json!("1"))])];
    let expected = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 7,
        "startIndex": 3,
        "itemsPerPage": 1,
        "Resources": [{"id": "1"}],
    });
    assert_eq!(response(&Paging::Index { start: 3, total: 7 }, page), expected);
    assert_eq!(response(&Paging::Index { start: 1, total: 0 }, Vec::new())["totalResults"], 0);
}

#[test]
fn a_page_by_cursor_names_the_next_one_but_at_the_end() {
    let answer = |next: Option<&str>, total| {
        response(&Paging::Cursor { next: next.map(str::to_owned), total }, Vec::new())
    };
    let schemas = json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]);
    let expected = json!({
        "schemas": schemas, "totalResults": 7, "nextCursor": "x", "itemsPerPage": 0, "Resources": [],
    });
    assert_eq!(answer(Some("x"), Some(7)), expected);
    assert_eq!(answer(None, None), json!({"schemas": schemas, "itemsPerPage": 0, "Resources": []}));
}

#[test]
fn a_cursor_takes_the_place_of_the_index() {
    let read = query(&[("startIndex", "7"), ("cursor", "abc"), ("count", "2")]).expect("a query");
    assert_eq!((read.start, read.count), (Start::Cursor("abc".into()), 2));
    let long = "a".repeat(crate::limits::CURSOR_BYTES_MAX + 1);
    assert_eq!(query(&[("cursor", &long)]), Err(ScimError::InvalidCursor));
}

#[test]
fn the_identity_of_a_query_is_its_meaning() {
    let identity = |parameters: Parameters<'_>| query(parameters).expect("a query").identity();
    let one = identity(&[("filter", "title eq \"a\""), ("sortBy", "userName")]);
    let same =
        identity(&[("count", "3"), ("sortBy", "USERNAME"), ("filter", "(title  EQ \"a\")"), ("cursor", "")]);
    assert_eq!(one, same);
    for other in [
        identity(&[("filter", "title eq \"b\""), ("sortBy", "userName")]),
        identity(&[("filter", "title eq \"a\""), ("sortBy", "userName"), ("sortOrder", "descending")]),
        identity(&[("filter", "title eq \"a\"")]),
        ListQuery::parse([], &[ResourceType::Group], &Dialect::TOLERANT).expect("a query").identity(),
    ] {
        assert_ne!(one, other);
    }
}

#[test]
fn a_search_request_says_the_same_as_parameters() {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "attributes": ["displayName", "userName"],
        "filter": "displayName sw \"smith\"",
        "STARTINDEX": 1,
        "count": 10,
        "sortBy": null,
    });
    let parameters = search_parameters(&body, &Dialect::STRICT).expect("a search request");
    let expected = [
        ("attributes", "displayName,userName"),
        ("filter", "displayName sw \"smith\""),
        ("startIndex", "1"),
        ("count", "10"),
    ];
    assert_eq!(parameters, expected.map(|(name, value)| (name, value.to_owned())));
    let refused = |body: Value, dialect| search_parameters(&body, dialect).expect_err("a refusal").detail();
    assert_eq!(refused(json!([]), &Dialect::TOLERANT), "search request is array; expected an object");
    assert_eq!(refused(json!({}), &Dialect::STRICT), "`schemas` is missing; expected an array of URNs");
    assert_eq!(
        refused(json!({"attributes": [1]}), &Dialect::TOLERANT),
        "`attributes` is array; expected an array of strings"
    );
    assert_eq!(refused(json!({"count": true}), &Dialect::TOLERANT), "`count` is boolean; expected a number");
}

/// The names of `resources` in the order of `sort`.
fn sorted(by: &str, resources: &[(&str, Value)]) -> Vec<String> {
    let sort = Sort::parse(by, None, &[ResourceType::User]).expect("an order");
    let key = |value: &Value| sort.key(value.as_object().expect("an object"), ResourceType::User);
    let mut named: Vec<_> = resources.iter().map(|(name, value)| (key(value), (*name).to_owned())).collect();
    named.sort();
    named.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn values_are_sorted_by_their_type_and_absent_ones_come_last() {
    let users = [
        ("none", json!({})),
        ("b", json!({"userName": "b", "active": true})),
        ("A", json!({"userName": "A", "active": false})),
        ("é", json!({"userName": "É"})),
    ];
    assert_eq!(sorted("userName", &users), ["A", "b", "é", "none"]);
    assert_eq!(sorted("active", &users)[..2], ["A", "b"]);
    let exact = [("a", json!({"externalId": "a"})), ("B", json!({"externalId": "B"}))];
    assert_eq!(sorted("externalId", &exact), ["B", "a"]);
    let times = [
        ("later", json!({"meta": {"created": "2026-03-01T10:00:00+02:00"}})),
        ("sooner", json!({"meta": {"created": "2026-03-01T07:59:59.5Z"}})),
        ("long ago", json!({"meta": {"created": "1969-03-01T07:59:59.5Z"}})),
    ];
    assert_eq!(sorted("meta.created", &times), ["long ago", "sooner", "later"]);
}

#[test]
fn of_several_values_the_primary_one_counts_else_the_first() {
    let users = [
        ("first", json!({"emails": [{"value": "b"}, {"value": "a"}]})),
        ("primary", json!({"emails": [{"value": "c"}, {"value": "a", "primary": true}]})),
    ];
    assert_eq!(sorted("emails", &users), ["primary", "first"]);
    assert_eq!(sorted("emails.value", &users), ["primary", "first"]);
}
