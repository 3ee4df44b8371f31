use super::{AttributePath, ENTERPRISE_SCHEMA, ResourceType, all, common};

#[test]
fn every_embedded_schema_is_read() {
    let ids: Vec<&str> = all().iter().map(|schema| schema.id.as_str()).collect();
    assert_eq!(ids, [ResourceType::User.core_urn(), ResourceType::Group.core_urn(), ENTERPRISE_SCHEMA]);
    let names: Vec<&str> = common().iter().map(|attribute| attribute.name.as_str()).collect();
    assert_eq!(names, ["schemas", "id", "externalId", "meta"]);
}

#[test]
fn paths_resolve_without_case_and_with_urn() {
    let cases = [
        ("USERNAME", Some("userName")),
        ("emails", Some("emails")),
        ("Emails.VALUE", Some("emails.value")),
        ("urn:ietf:params:scim:schemas:core:2.0:User:userName", Some("userName")),
        ("URN:IETF:params:scim:schemas:core:2.0:user:name.givenName", Some("name.givenName")),
        ("meta.lastModified", Some("meta.lastModified")),
        ("externalId", Some("externalId")),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:Manager.value",
            Some("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value"),
        ),
        ("department", None),
        ("userName.value", None),
        ("password", None),
        ("urn:other:schema:User:userName", None),
    ];
    for (text, expected) in cases {
        let path = AttributePath::parse(text).expect(text);
        let found = ResourceType::User.resolve(&path).map(|resolved| resolved.path());
        assert_eq!(found.as_deref(), expected, "{text}");
    }
}

#[test]
fn malformed_attribute_paths_are_refused() {
    for text in [
        "",
        ".",
        "a.",
        ".a",
        "a.b.c",
        "1a",
        "a b",
        "urn:",
        ":a",
        "x:a",
        "a\"",
        "$",
        "naïve",
        "urn:a{b:c",
        "urn:a\\b:c",
    ] {
        assert_eq!(AttributePath::parse(text), None, "{text}");
    }
    assert!(AttributePath::parse("http://schemas.example.com/2006/11/Group:name").is_some());
    assert!(AttributePath::parse("members.$ref").is_some());
}

#[test]
fn every_attribute_of_an_extension_and_the_core_has_its_own_name() {
    for kind in ResourceType::ALL {
        let mut names: Vec<String> =
            kind.top_attributes().map(|attribute| attribute.name.to_ascii_lowercase()).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "{kind:?}");
    }
}
