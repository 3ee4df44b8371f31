use serde_json::{Map, Value, json};

use super::{Filter, Operator, matches, parse, parse_for, required};
use crate::dialect::Dialect;
use crate::limits::{FILTER_BYTES_MAX, FILTER_DEPTH_MAX, FILTER_NODES_MAX};
use crate::schema::ResourceType;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn ada() -> Map<String, Value> {
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "id": "Id-1",
        "externalId": "Ext-1",
        "userName": "Ada@Example.org",
        "name": {"familyName": "Lovelace", "givenName": "Ada"},
        "title": "",
        "active": true,
        "emails": [
            {"value": "ada@work.example", "type": "work", "primary": true},
            {"value": "ada@home.example", "type": "home"},
        ],
        ENTERPRISE: {"department": "Engines", "employeeNumber": "42", "manager": {"value": "Id-2"}},
        "meta": {"resourceType": "User", "lastModified": "2026-03-01T09:00:00Z"},
    });
    user.as_object().cloned().expect("an object")
}

#[test]
fn truth_over_one_user() {
    let user = ada();
    let cases = [
        // Operators, in any case; texts that are not case exact compare without case.
        (r#"userName eq "ada@example.org""#, true),
        (r#"USERNAME EQ "ADA@EXAMPLE.ORG""#, true),
        (r#"userName ne "ada@example.org""#, false),
        (r#"userName co "@EX""#, true),
        (r#"userName sw "ada""#, true),
        (r#"userName ew ".com""#, false),
        (r#"userName gt "ABC""#, true),
        (r#"userName le "ada@example.org""#, true),
        // Case exact ones do not.
        (r#"id eq "Id-1""#, true),
        (r#"id eq "id-1""#, false),
        (r#"externalId eq "Ext-1""#, true),
        (r#"externalId eq "ext-1""#, false),
        // Presence: empty texts and absent attributes are not there.
        ("userName pr", true),
        ("title pr", false),
        ("nickName pr", false),
        ("name pr", true),
        ("emails pr", true),
        ("emails.type pr", true),
        ("emails.display pr", false),
        // Absent: no operator but ne matches; null compares with absence.
        (r#"nickName eq "x""#, false),
        (r#"nickName ne "x""#, true),
        (r#"nickName gt "x""#, false),
        ("nickName eq null", true),
        ("userName eq null", false),
        ("userName ne null", true),
        // Booleans, also as Entra ID writes them.
        ("active eq true", true),
        ("active eq True", true),
        (r#"active eq "True""#, true),
        ("active ne true", false),
        // Instants compare as time, whatever the offset.
        (r#"meta.lastModified eq "2026-03-01T10:00:00+01:00""#, true),
        (r#"meta.lastModified ge "2026-03-01T09:00:00.000Z""#, true),
        (r#"meta.lastModified gt "2026-03-01T09:00:00Z""#, false),
        (r#"meta.lastModified lt "2027-01-01T00:00:00Z""#, true),
        (r#"meta.resourceType eq "User""#, true),
        // Several values: one has to match, for ne none may equal.
        (r#"emails eq "ada@home.example""#, true),
        (r#"emails.value eq "ADA@HOME.EXAMPLE""#, true),
        (r#"emails.type ne "work""#, false),
        (r#"emails.type eq "home" and emails.value sw "ada@work""#, true),
        // One element has to meet the whole condition between brackets.
        (r#"emails[type eq "home" and value sw "ada@work"]"#, false),
        (r#"emails[type eq "work" and value sw "ada@work"]"#, true),
        (r#"emails[primary eq true]"#, true),
        (r#"emails[type eq "work"].value eq "ada@work.example""#, true),
        (r#"emails[type eq "home"].value eq "ada@work.example""#, false),
        (r#"emails[type eq "work" and primary eq true].value co "@work""#, true),
        (r#"emails[not (type eq "work")].value ew "example""#, true),
        // Schemas by URN.
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ada""#, true),
        (r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "engines""#, true),
        (r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "Id-2""#, true),
        (r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "id-2""#, false),
        (r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User""#, true),
        // Precedence: brackets, not, and, or.
        (r#"active eq true or userName eq "x" and title eq "y""#, true),
        (r#"(active eq true or userName eq "x") and title eq "y""#, false),
        (r#"not (active eq true) or userName sw "ada""#, true),
        (r#"not (active eq true or userName sw "ada")"#, false),
        (r#"NOT(title pr)AND active eq true"#, true),
        // JSON escapes.
        (r#"userName eq "ada\u0040example.org""#, true),
        (r#"userName eq "a\"b\\""#, false),
    ];
    for (text, expected) in cases {
        let filter = parse_for(text, &[ResourceType::User], &Dialect::STRICT).expect(text);
        assert_eq!(matches(&filter, &user, ResourceType::User), expected, "{text}");
    }
}

#[test]
fn malformed_filters_are_refused_with_their_place() {
    let operators = "expected one of eq, ne, co, sw, ew, pr, gt, ge, lt, le";
    let value = "is not a value; expected a text in double quotes, a number, true, false or null";
    let name = "is not an attribute; expected a name such as `userName` or `name.familyName`";
    let cases = [
        ("", "ends at byte 0; expected an attribute, not or (".to_owned()),
        ("userName", "ends at byte 8; expected an operator".into()),
        ("userName equals \"x\"", format!("unknown operator `equals` at byte 9; {operators}")),
        ("userName eq", "ends at byte 11; expected a value".into()),
        ("userName eq ada", format!("`ada` at byte 12 {value}")),
        ("userName eq {}", format!("`{{}}` at byte 12 {value}")),
        ("userName eq 'ada'", format!("`'ada'` at byte 12 {value}")),
        ("userName eq \"ada", "ends at byte 16; expected a closing quote".into()),
        ("userName eq \"\\x\"", format!("`\"\\x\"` at byte 12 {value}")),
        (
            "userName eq \"ada\" title pr",
            "unexpected `title` at byte 18; expected and, or, or the end".into(),
        ),
        ("userName pr and", "ends at byte 15; expected an attribute, not or (".into()),
        ("(userName pr", "ends at byte 12; expected and, or, or )".into()),
        ("userName pr)", "unexpected `)` at byte 11; expected and, or, or the end".into()),
        ("emails[type eq \"work\"", "ends at byte 21; expected and, or, or ]".into()),
        ("emails[]", "unexpected `]` at byte 7; expected an attribute, not or (".into()),
        ("emails[a[b eq 1]]", "unexpected `[b` at byte 8; expected an operator".into()),
        ("emails[type pr]. pr", "unexpected `pr` at byte 17; expected a sub-attribute".into()),
        ("emails[type pr].a.b pr", format!("`a.b` at byte 16 {name}")),
        ("1name pr", format!("`1name` at byte 0 {name}")),
        ("name.a.b pr", format!("`name.a.b` at byte 0 {name}")),
        ("é eq \"x\"", format!("`é` at byte 0 {name}")),
    ];
    for (text, detail) in cases {
        let error = parse(text).expect_err(text);
        assert_eq!(error.detail(), format!("filter: {detail}"), "{text}");
        assert_eq!(error.to_json()["scimType"], "invalidFilter", "{text}");
    }
}

#[test]
fn filters_that_cannot_be_evaluated_are_refused() {
    let unknown =
        |name| format!("filter: unknown attribute `{name}`; expected an attribute of the User schemas");
    let cases = [
        ("favourite eq \"x\"", unknown("favourite")),
        ("password eq \"x\"", unknown("password")),
        ("emails[colour eq \"x\"]", unknown("colour")),
        ("department eq \"x\"", unknown("department")),
        (
            "active gt true",
            "filter: `active` cannot be compared by `gt` with boolean; expected eq, ne or pr".into(),
        ),
        (
            "active eq \"yes\"",
            "filter: `active` cannot be compared by `eq` with string; expected true or false".into(),
        ),
        (
            "userName eq 7",
            "filter: `userName` cannot be compared by `eq` with number; expected a string".into(),
        ),
        (
            "userName gt null",
            "filter: `userName` cannot be compared by `gt` with null; expected null with eq or ne only"
                .into(),
        ),
        (
            "name eq \"x\"",
            "filter: `name` cannot be compared by `eq` with string; expected one of its sub-attributes"
                .into(),
        ),
        (
            "x509Certificates.value gt \"x\"",
            "filter: `x509Certificates.value` cannot be compared by `gt` with string; expected eq, ne or pr"
                .into(),
        ),
        (
            "meta.created gt \"yesterday\"",
            "filter: `meta.created` cannot be compared by `gt` with string; \
             expected a date and time such as \"2026-03-01T09:00:00Z\""
                .into(),
        ),
    ];
    for (text, detail) in cases {
        let error = parse_for(text, &[ResourceType::User], &Dialect::TOLERANT).expect_err(text);
        assert_eq!(error.detail(), detail, "{text}");
    }
}

#[test]
fn a_dialect_may_take_unknown_attributes_for_absent() {
    let dialect = Dialect { unknown_filters: crate::Stance::Tolerate, ..Dialect::TOLERANT };
    let filter = parse_for("favourite eq \"x\"", &[ResourceType::User], &dialect).expect("tolerated");
    assert!(!matches(&filter, &ada(), ResourceType::User));
}

#[test]
fn size_is_bounded() {
    let nested = |levels: usize| format!("{}title pr{}", "(".repeat(levels), ")".repeat(levels));
    assert!(parse(&nested(FILTER_DEPTH_MAX)).is_ok());
    let error = parse(&nested(FILTER_DEPTH_MAX + 1)).expect_err("too deep");
    assert_eq!(error.detail(), "filter: nested more than 16 levels at byte 16");

    let chain = |terms: usize| vec!["title pr"; terms].join(" or ");
    assert!(parse(&chain(FILTER_NODES_MAX / 2)).is_ok());
    let error = parse(&chain(FILTER_NODES_MAX)).expect_err("too many");
    assert!(error.detail().starts_with("filter: more than 64 conditions at byte "), "{error}");

    let error = parse(&" ".repeat(FILTER_BYTES_MAX + 1)).expect_err("too long");
    assert_eq!(error.detail(), "filter: longer than 4096 bytes");
}

#[test]
fn long_chains_are_flat() {
    let Ok(Filter::Or(parts)) = parse("title pr or title pr or title pr and active eq true") else {
        panic!("expected a list of alternatives");
    };
    assert_eq!(parts.len(), 3);
}

#[test]
fn what_an_index_can_answer() {
    let cases = [
        (r#"userName eq "a""#, ResourceType::User, vec![("userName", json!("a"))]),
        (r#"Id Eq "a""#, ResourceType::User, vec![("id", json!("a"))]),
        (
            r#"externalId eq "a" and active eq true"#,
            ResourceType::User,
            vec![("externalId", json!("a")), ("active", json!(true))],
        ),
        (r#"members.value eq "7""#, ResourceType::Group, vec![("members.value", json!("7"))]),
        (r#"members eq "7""#, ResourceType::Group, vec![("members.value", json!("7"))]),
        (
            r#"members[value eq "7"] and displayName eq "x""#,
            ResourceType::Group,
            vec![("members.value", json!("7")), ("displayName", json!("x"))],
        ),
        (r#"userName eq "a" or userName eq "b""#, ResourceType::User, vec![]),
        (r#"not (userName eq "a")"#, ResourceType::User, vec![]),
        (r#"userName sw "a""#, ResourceType::User, vec![]),
        ("userName eq null", ResourceType::User, vec![]),
    ];
    for (text, resource_type, expected) in cases {
        let filter = parse(text).expect(text);
        let equal = |one: &super::Required<'_>| one.operator == Operator::Equal;
        let found: Vec<(String, Value)> = required(&filter, resource_type)
            .into_iter()
            .filter(equal)
            .map(|one| (one.path, one.value.clone()))
            .collect();
        let expected: Vec<(String, Value)> =
            expected.into_iter().map(|(path, value)| (path.to_owned(), value)).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn bounds_are_required_too() {
    let filter =
        parse("meta.lastModified gt \"2026-03-01T09:00:00Z\" and userName ne \"a\"").expect("a filter");
    let found = required(&filter, ResourceType::User);
    let [only] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((only.path.as_str(), only.operator), ("meta.lastModified", Operator::Greater));
}

#[test]
fn over_several_types_an_attribute_of_one_is_enough() {
    let both = [ResourceType::User, ResourceType::Group];
    let read = |text| parse_for(text, &both, &Dialect::TOLERANT);
    assert!(read("userName eq \"a\"").is_ok());
    assert!(read("displayName eq \"a\" or meta.resourceType eq \"Group\"").is_ok());
    assert!(read("favourite eq \"a\"").is_err());
    assert!(read("active gt true").is_err());
}

#[test]
fn a_filter_as_text_is_read_as_itself() {
    for text in [
        "userName eq \"a\\\"b\\u00e9\"",
        "a pr and (b pr or c pr) and not (d eq 1 or e ne null)",
        "not (not (a pr))",
        "emails[type eq \"work\" and not (value ew \"x\")]",
        "emails[type eq \"work\" or type pr].value co \"x\" or urn:a:b:name.sub le -1.5",
        "(a pr and b pr) or ((c pr))",
    ] {
        let filter = parse(text).expect(text);
        let again = parse(&filter.to_string()).expect(text);
        assert_eq!(again, filter, "{text} as {filter}");
    }
}
