use serde_json::{Value, json};

use super::{resource_type, resource_types, schema, schemas, service_provider_config};

const BASE: &str = "http://127.0.0.1/orgs/acme/scim/v2";

/// Visits every value of a JSON tree.
fn visit(value: &Value, seen: &mut impl FnMut(&Value)) {
    seen(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| visit(item, seen)),
        Value::Object(members) => members.values().for_each(|member| visit(member, seen)),
        _ => {}
    }
}

#[test]
fn the_config_announces_what_works() {
    let config = service_provider_config(BASE);
    let supported = ["patch", "filter", "etag", "bulk", "sort", "changePassword"]
        .map(|feature| config[feature]["supported"].as_bool());
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(supported, [yes, yes, yes, yes, yes, no]);
    assert_eq!(config["filter"]["maxResults"], 200);
    let pagination = &config["pagination"];
    assert_eq!((&pagination["cursor"], &pagination["index"]), (&json!(true), &json!(true)));
    assert_eq!(pagination["defaultPaginationMethod"], "index");
    assert_eq!(config["meta"]["location"], "http://127.0.0.1/orgs/acme/scim/v2/ServiceProviderConfig");
}

#[test]
fn every_schema_of_a_resource_type_is_published() {
    let types = resource_types(BASE);
    assert_eq!(types["totalResults"], 2);
    for kind in types["Resources"].as_array().expect("resources") {
        assert_eq!(kind["id"], kind["name"]);
        assert_eq!(resource_type(kind["name"].as_str().expect("a name"), BASE).as_ref(), Some(kind));
        let extensions = kind["schemaExtensions"].as_array().cloned().unwrap_or_default();
        let urns = extensions.iter().map(|extension| &extension["schema"]).chain([&kind["schema"]]);
        for urn in urns {
            let found = schema(urn.as_str().expect("a urn"), BASE).expect("a schema");
            assert_eq!(&found["id"], urn);
        }
    }
    assert_eq!(resource_type("Device", BASE), None);
}

#[test]
fn schemas_have_all_characteristics_and_no_null() {
    let published = schemas(BASE);
    assert_eq!(published["totalResults"], 3);
    visit(&published, &mut |value| {
        assert!(!value.is_null(), "a null in a schema");
        let Some(attribute) = value.as_object().filter(|members| members.contains_key("mutability")) else {
            return;
        };
        for name in ["name", "type", "multiValued", "description", "required", "returned", "uniqueness"] {
            assert!(attribute.contains_key(name), "{name} of {value}");
        }
        let textual = matches!(attribute["type"].as_str(), Some("string" | "reference" | "binary"));
        assert_eq!(attribute.contains_key("caseExact"), textual, "caseExact of {value}");
        assert_eq!(attribute["type"] == "reference", attribute.contains_key("referenceTypes"), "{value}");
    });
}

#[test]
fn a_schema_is_found_by_its_urn_only() {
    let user = schema("URN:ietf:params:scim:schemas:core:2.0:user", BASE).expect("the user schema");
    assert_eq!(user["schemas"], json!(["urn:ietf:params:scim:schemas:core:2.0:Schema"]));
    assert_eq!(
        user["meta"]["location"],
        format!("{BASE}/Schemas/urn:ietf:params:scim:schemas:core:2.0:User")
    );
    assert_eq!(schema("User", BASE), None);
    assert_eq!(schema("urn:ietf:params:scim:api:messages:2.0:PatchOp", BASE), None);
}
