use serde_json::{Map, json};

use super::{ListQuery, SortOrder, response};
use crate::dialect::Dialect;
use crate::error::ScimError;
use crate::schema::ResourceType;

type Parameters<'a> = &'a [(&'a str, &'a str)];

fn query(parameters: Parameters<'_>) -> Result<ListQuery, ScimError> {
    ListQuery::parse(parameters.iter().copied(), ResourceType::User, &Dialect::TOLERANT)
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
        assert_eq!((query.start_index, query.count), (start_index, count), "{parameters:?}");
    }
}

#[test]
fn wrong_parameters_are_refused() {
    let cases: [(Parameters<'_>, &str); 5] = [
        (&[("count", "ten")], "parameter `count` is `ten`; expected a whole number"),
        (&[("startIndex", "1.5")], "parameter `startIndex` is `1.5`; expected a whole number"),
        (&[("count", "")], "parameter `count` is ``; expected a whole number"),
        (&[("filter", "")], "filter: ends at byte 0; expected an attribute, not or ("),
        (
            &[("attributes", "id"), ("excludedAttributes", "name")],
            "both `attributes` and `excludedAttributes`; expected at most one of them",
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
    assert!(!query.projection.wants("groups"));
    assert!(query.projection.wants("emails"));
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
    assert_eq!(response(7, 3, page), expected);
    assert_eq!(response(0, 1, Vec::new())["totalResults"], 0);
}
