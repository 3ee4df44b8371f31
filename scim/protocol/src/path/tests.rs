use super::parse;
use crate::filter::Filter;

#[test]
fn every_form_of_a_path() {
    let cases = [
        ("members", "members", false),
        ("name.familyName", "name.familyName", false),
        (" name.familyName\t", "name.familyName", false),
        ("members.$ref", "members.$ref", false),
        ("addresses[type eq \"work\"]", "addresses", true),
        ("members[value eq \"2819\"].display", "members.display", true),
        ("emails[type eq \"work\" and value ew \"x.org\"].value", "emails.value", true),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
            false,
        ),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:emails[primary eq true].value",
            "urn:ietf:params:scim:schemas:core:2.0:User:emails.value",
            true,
        ),
    ];
    for (text, attribute, selects) in cases {
        let path = parse(text).expect(text);
        assert_eq!(path.attribute.to_string(), attribute, "{text}");
        assert_eq!(path.condition.is_some(), selects, "{text}");
    }
}

#[test]
fn a_condition_is_a_filter() {
    let path = parse("members[value eq \"a\" or value eq \"b\"]").expect("a path");
    assert!(matches!(path.condition, Some(Filter::Or(parts)) if parts.len() == 2));
}

#[test]
fn malformed_paths_are_refused_with_their_place() {
    let cases = [
        ("", "path: ends at byte 0; expected an attribute"),
        ("members[", "path: ends at byte 8; expected an attribute, not or ("),
        ("members[value eq \"a\"", "path: ends at byte 20; expected and, or, or ]"),
        ("members[value eq \"a\"]x", "path: unexpected `x` at byte 21; expected the end"),
        (
            "members[value eq \"a\"].a.b",
            "path: `a.b` at byte 22 is not an attribute; \
          expected a name such as `userName` or `name.familyName`",
        ),
        ("name.familyName[a pr]", "path: unexpected `[a` at byte 15; expected the end after a sub-attribute"),
        ("title eq \"x\"", "path: unexpected `eq` at byte 6; expected the end"),
        (
            "members.",
            "path: `members.` at byte 0 is not an attribute; \
          expected a name such as `userName` or `name.familyName`",
        ),
    ];
    for (text, detail) in cases {
        let error = parse(text).expect_err(text);
        assert_eq!(error.detail(), detail, "{text}");
        assert_eq!(error.to_json()["scimType"], "invalidPath", "{text}");
    }
}

#[test]
fn size_is_bounded() {
    let long = format!("members[value eq \"{}\"]", "a".repeat(2_000));
    assert_eq!(parse(&long).expect_err("long").detail(), "path: longer than 1024 bytes");
    let many = format!("members[{}]", vec!["value eq \"a\""; 20].join(" or "));
    assert!(parse(&many).expect_err("many").detail().starts_with("path: more than 8 conditions at byte "));
}
