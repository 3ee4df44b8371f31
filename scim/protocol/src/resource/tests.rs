use serde_json::{Value, json};

use super::{Meta, Related, Relation, Representation, for_create, for_replace, is_active};
use crate::dialect::Dialect;
use crate::member::{MemberKind, MemberRef};
use crate::projection::Projection;
use crate::schema::ResourceType::{Group, User};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

#[track_caller]
fn creates(dialect: &Dialect, body: &Value, document: &Value) {
    let user = for_create(body, User, dialect).unwrap_or_else(|error| panic!("{body}: {error}"));
    assert_eq!(Value::Object(user.document), *document, "{body}");
    assert_eq!(user.members, None);
}

#[test]
fn bodies_of_every_provider_become_documents() {
    // Entra ID: meta, empty roles, texts for booleans, explicit nulls.
    creates(
        &Dialect::ENTRA,
        &json!({
            "schemas": [USER, ENTERPRISE],
            "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
            "userName": "ada@example.org",
            "active": "True",
            "displayName": null,
            "emails": [{"primary": true, "type": "work", "value": "ada@example.org"}],
            "meta": {"resourceType": "User"},
            "name": {"formatted": "Ada Lovelace", "familyName": "Lovelace"},
            "roles": [],
            ENTERPRISE: {"department": "Engines", "manager": "7"},
        }),
        &json!({
            "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
            "userName": "ada@example.org",
            "active": true,
            "emails": [{"primary": true, "type": "work", "value": "ada@example.org"}],
            "name": {"formatted": "Ada Lovelace", "familyName": "Lovelace"},
            ENTERPRISE: {"department": "Engines", "manager": {"value": "7"}},
        }),
    );
    // Okta: groups and a password, neither of which is kept.
    creates(
        &Dialect::OKTA,
        &json!({"schemas": [USER], "userName": "ada", "password": "secret", "groups": [], "locale": "en-US"}),
        &json!({"userName": "ada", "active": true, "locale": "en-US"}),
    );
    // OneLogin: schemas of SCIM 1, nulls.
    creates(
        &Dialect::ONELOGIN,
        &json!({"schemas": ["urn:scim:schemas:core:2.0"], "userName": "ada", "title": null, "active": false}),
        &json!({"userName": "ada", "active": false}),
    );
    // JumpCloud: an id of its own, nulls for lists, telephone URIs.
    creates(
        &Dialect::JUMPCLOUD,
        &json!({"id": "5f", "userName": "ada", "emails": null, "phoneNumbers": [{"value": "tel:+44-20"}]}),
        &json!({"userName": "ada", "active": true, "phoneNumbers": [{"value": "tel:+44-20"}]}),
    );
    creates(
        &Dialect::STRICT,
        &json!({"SCHEMAS": [ENTERPRISE, USER], "USERNAME": "ada", ENTERPRISE.to_uppercase(): {"DIVISION": "x"}}),
        &json!({"userName": "ada", "active": true, ENTERPRISE: {"division": "x"}}),
    );
}

#[test]
fn groups_come_apart_from_their_members() {
    let read = |members: Value| {
        let body = json!({
            "schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
            "displayName": "Sales",
            "members": members,
        });
        for_create(&body, Group, &Dialect::ENTRA).expect("a group")
    };
    let member = |value: &str, kind| MemberRef { value: value.to_owned(), kind };
    let group =
        read(json!([{"value": "1", "display": "Ada"}, {"value": "2", "type": "group"}, {"value": "1"}]));
    assert_eq!(Value::Object(group.document), json!({"displayName": "Sales"}));
    assert_eq!(group.members, Some(vec![member("1", None), member("2", Some(MemberKind::Group))]));
    assert_eq!(read(json!([])).members, Some(vec![]));
    assert_eq!(read(json!(null)).members, Some(vec![]));
    let silent = for_create(&json!({"displayName": "Sales"}), Group, &Dialect::OKTA).expect("a group");
    assert_eq!(silent.members, None);
}

#[test]
fn wrong_bodies_are_refused() {
    let strict_user = |more: Value| {
        let mut body = json!({"schemas": [USER], "userName": "ada"});
        body.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
        body
    };
    let cases = [
        (json!([]), &Dialect::TOLERANT, "body is array; expected an object"),
        (json!({}), &Dialect::TOLERANT, "`userName` is missing or empty; expected a value"),
        (json!({"userName": null}), &Dialect::TOLERANT, "`userName` is missing or empty; expected a value"),
        (json!({"userName": ""}), &Dialect::TOLERANT, "`userName` is missing or empty; expected a value"),
        (json!({"userName": 7}), &Dialect::STRICT, "`schemas` is missing; expected an array of URNs"),
        (
            json!({"userName": "ada", ENTERPRISE: "x"}),
            &Dialect::TOLERANT,
            "`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User` is string; expected an object of attributes",
        ),
        (
            json!({"userName": "ada", ENTERPRISE: {"manager": {"value": 7.5}, "department": []}}),
            &Dialect::STRICT,
            "`schemas` is missing; expected an array of URNs",
        ),
        (
            strict_user(json!({"password": "secret"})),
            &Dialect::STRICT,
            "unknown attribute `password`; expected one that the schemas define\nhint: see the Schemas endpoint",
        ),
        (
            strict_user(json!({"schemas": [USER, USER]})),
            &Dialect::STRICT,
            "unexpected schema `urn:ietf:params:scim:schemas:core:2.0:User`; \
             expected each of urn:ietf:params:scim:schemas:core:2.0:User, \
             urn:ietf:params:scim:schemas:extension:enterprise:2.0:User at most once",
        ),
        (
            strict_user(json!({"schemas": [ENTERPRISE]})),
            &Dialect::STRICT,
            "`schemas` does not name `urn:ietf:params:scim:schemas:core:2.0:User`",
        ),
    ];
    for (body, dialect, detail) in &cases {
        assert_eq!(for_create(body, User, dialect).expect_err(detail).detail(), *detail, "{body}");
    }
}

#[test]
fn put_keeps_active_when_absent_and_nothing_else() {
    let previous = json!({"userName": "ada", "active": false, "title": "Countess"});
    let previous = previous.as_object().expect("an object");
    let replaced = |body: Value| {
        let user = for_replace(&body, User, previous, &Dialect::OKTA).expect("a user");
        (is_active(&user.document), Value::Object(user.document))
    };
    assert_eq!(replaced(json!({"userName": "ada"})), (false, json!({"userName": "ada", "active": false})));
    assert_eq!(
        replaced(json!({"userName": "ada", "active": true})),
        (true, json!({"userName": "ada", "active": true}))
    );
}

const META: Meta<'static> = Meta {
    created: "2026-03-01T09:00:00Z",
    last_modified: "2026-03-02T09:00:00Z",
    location: "https://x.org/Users/1",
    version: "W/\"7\"",
};

/// The text of a user's answer with the given parameters.
fn rendered(attributes: Option<&str>, excluded: Option<&str>) -> String {
    let document = json!({
        ENTERPRISE: {"manager": {"value": "7"}, "department": "Engines"},
        "emails": [{"value": "a@x.org", "type": "work"}],
        "name": {"givenName": "Ada", "familyName": "Lovelace"},
        "userName": "ada",
        "externalId": "e",
    });
    let groups = [
        Related {
            value: "g",
            location: "https://x.org/Groups/g",
            display: Some("G"),
            relation: Relation::Direct,
        },
        Related {
            value: "h",
            location: "https://x.org/Groups/h",
            display: None,
            relation: Relation::Indirect,
        },
    ];
    let document = document.as_object().expect("an object");
    let user = Representation { resource_type: User, id: "1", document, meta: META, related: &groups };
    let projection = Projection::parse(attributes, excluded, User).expect("a projection");
    serde_json::to_string(&user.render(&projection)).expect("JSON")
}

#[test]
fn answers_come_in_schema_order_with_all_that_is_due() {
    let expected = concat!(
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","#,
        r#""urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"id":"1","externalId":"e","#,
        r#""userName":"ada","name":{"givenName":"Ada","familyName":"Lovelace"},"#,
        r#""emails":[{"value":"a@x.org","type":"work"}],"#,
        r#""groups":[{"value":"g","$ref":"https://x.org/Groups/g","display":"G","type":"direct"},"#,
        r#"{"value":"h","$ref":"https://x.org/Groups/h","type":"indirect"}],"#,
        r#""urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":"#,
        r#"{"department":"Engines","manager":{"value":"7"}},"#,
        r#""meta":{"resourceType":"User","created":"2026-03-01T09:00:00Z","lastModified":"2026-03-02T09:00:00Z","#,
        r#""location":"https://x.org/Users/1","version":"W/\"7\""}}"#,
    );
    assert_eq!(rendered(None, None), expected);
}

#[test]
fn projections_choose_attributes_parts_and_schemas() {
    let head = concat!(
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","#,
        r#""urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"id":"1""#
    );
    let cases = [
        ("userName", r#","userName":"ada"}"#),
        (
            "NAME.FAMILYNAME, emails.value",
            r#","name":{"familyName":"Lovelace"},"emails":[{"value":"a@x.org"}]}"#,
        ),
        ("urn:ietf:params:scim:schemas:core:2.0:User:userName", r#","userName":"ada"}"#),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
            r#","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Engines"}}"#,
        ),
        (
            ENTERPRISE,
            concat!(
                r#","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":"#,
                r#"{"department":"Engines","manager":{"value":"7"}}}"#
            ),
        ),
        ("nosuch", "}"),
    ];
    for (attributes, rest) in cases {
        assert_eq!(rendered(Some(attributes), None), format!("{head}{rest}"), "{attributes}");
    }
    let excluded = format!("externalId,groups,meta,emails,id,schemas,name.givenName,{ENTERPRISE}");
    let expected = format!(r#"{head},"userName":"ada","name":{{"familyName":"Lovelace"}}}}"#);
    assert_eq!(rendered(None, Some(&excluded)), expected);
}

#[test]
fn a_members_name_is_part_of_an_answer_on_request() {
    let document = json!({"displayName": "Sales"});
    let members = [Related {
        value: "1",
        location: "https://x.org/Users/1",
        display: Some("Ada"),
        relation: Relation::Member(MemberKind::User),
    }];
    let document = document.as_object().expect("an object");
    let group = Representation { resource_type: Group, id: "g", document, meta: META, related: &members };
    let plain = json!({"value": "1", "$ref": "https://x.org/Users/1", "type": "User"});
    let named = json!({"value": "1", "$ref": "https://x.org/Users/1", "display": "Ada", "type": "User"});
    for (attributes, excluded, member) in [
        (None, None, plain.clone()),
        (Some("members"), None, plain),
        (Some("members,members.display"), None, named),
        (Some("members.display"), None, json!({"display": "Ada"})),
        (None, Some("members.$ref"), json!({"value": "1", "type": "User"})),
    ] {
        let projection = Projection::parse(attributes, excluded, Group).expect("a projection");
        assert_eq!(group.render(&projection).get("members"), Some(&json!([member])), "{attributes:?}");
    }
}

#[test]
fn a_group_lists_its_members_by_kind() {
    let document = json!({"displayName": "Sales"});
    let members = [Related {
        value: "1",
        location: "https://x.org/Users/1",
        display: None,
        relation: Relation::Member(MemberKind::User),
    }];
    let document = document.as_object().expect("an object");
    let mut group = Representation { resource_type: Group, id: "g", document, meta: META, related: &members };
    let answer = group.render(&Projection::default());
    let listed = json!([{"value": "1", "$ref": "https://x.org/Users/1", "type": "User"}]);
    assert_eq!(answer.get("members"), Some(&listed));
    group.related = &[];
    assert_eq!(group.render(&Projection::default()).get("members"), None);
}
