use super::Projection;
use crate::schema::ResourceType;

fn wants(attributes: Option<&str>, excluded: Option<&str>, attribute: &str) -> bool {
    Projection::parse(attributes, excluded, ResourceType::Group).expect("a projection").wants(attribute)
}

#[test]
fn members_need_not_be_loaded_when_nobody_wants_them() {
    let cases = [
        (None, None, true),
        (Some(""), Some(" "), true),
        (Some("displayName"), None, false),
        (Some("displayName,members"), None, true),
        (Some("members.value"), None, true),
        (Some("urn:ietf:params:scim:schemas:core:2.0:Group"), None, true),
        (None, Some("members"), false),
        (None, Some("MEMBERS"), false),
        (None, Some("members.display"), true),
        (None, Some("displayName"), true),
        (None, Some("urn:ietf:params:scim:schemas:core:2.0:Group:members"), false),
    ];
    for (attributes, excluded, expected) in cases {
        assert_eq!(wants(attributes, excluded, "members"), expected, "{attributes:?} {excluded:?}");
    }
}

#[test]
fn the_number_of_names_is_bounded() {
    let many = vec!["displayName"; 101].join(",");
    let error = Projection::parse(Some(&many), None, ResourceType::Group).expect_err("too many");
    assert!(error.detail().ends_with("expected at most 100 names"), "{error}");
}
