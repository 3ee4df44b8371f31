//! What the server says about itself (RFC 7644 section 4, RFC 7643 sections 5 to 7), and that it is so.

use cohort_tests::client::Client;
use reqwest::Method;
use serde_json::{Value, json};

use super::{ENTERPRISE, GROUP, ORG, Place, USER, check_refused, check_status, text};

const ENDPOINTS: [&str; 3] = ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"];

async fn client(place: &Place) -> Client {
    place.connection("corp", "default").await
}

fn resources(list: &Value) -> &Vec<Value> {
    list["Resources"].as_array().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_may_read_what_the_server_is() {
    let place = Place::new().await;
    for path in ENDPOINTS {
        let url = format!("{}/orgs/{ORG}/scim/v2{path}", place.server.url);
        let response = reqwest::Client::new().get(url).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn config_announces_what_works() {
    let place = Place::new().await;
    let client = client(&place).await;
    let config = client.get("/ServiceProviderConfig").await.unwrap();
    assert_eq!(config["schemas"], json!(["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"]));
    for feature in ["patch", "bulk", "filter", "changePassword", "sort", "etag"] {
        assert!(config[feature]["supported"].is_boolean(), "{feature}: {config}");
    }
    assert!(
        config["bulk"]["maxOperations"].is_u64() && config["bulk"]["maxPayloadSize"].is_u64(),
        "{config}"
    );
    assert!(config["filter"]["maxResults"].as_u64().unwrap() >= 100, "{config}");
    let schemes = config["authenticationSchemes"].as_array().unwrap();
    assert!(!schemes.is_empty());
    for scheme in schemes {
        assert!(
            ["type", "name", "description"].iter().all(|field| !text(scheme, field).is_empty()),
            "{scheme}"
        );
    }

    let operations =
        json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": []});
    let bulk = client.send(Method::POST, "/Bulk", Some(&operations)).await.unwrap();
    let supported = config["bulk"]["supported"] == true;
    assert_eq!(bulk.status.as_u16() == 501, !supported, "{}", bulk.text);
    let sorted = client.send(Method::GET, "/Users?sortBy=userName", None).await.unwrap();
    check_status(&sorted, 200);
    let reply = client
        .send(Method::POST, "/Users", Some(&json!({"schemas": [USER], "userName": "ada"})))
        .await
        .unwrap();
    assert_eq!(reply.headers.contains_key("etag"), config["etag"]["supported"] == true);
    let filtered = client.get("/Users?filter=userName%20eq%20%22eve%22").await.unwrap();
    assert_eq!(filtered["totalResults"] == 0, config["filter"]["supported"] == true);
}

#[tokio::test(flavor = "multi_thread")]
async fn resource_types_name_schemas_that_can_be_read() {
    let place = Place::new().await;
    let client = client(&place).await;
    let types = client.get("/ResourceTypes").await.unwrap();
    let schemas = client.get("/Schemas").await.unwrap();
    let known: Vec<&str> = resources(&schemas).iter().map(|schema| text(schema, "id")).collect();
    assert_eq!(known.len(), schemas["totalResults"].as_u64().unwrap() as usize);
    for (kind, endpoint, core) in [("User", "/Users", USER), ("Group", "/Groups", GROUP)] {
        let found = resources(&types).iter().find(|one| text(one, "name") == kind).unwrap();
        assert_eq!(
            (text(found, "id"), text(found, "endpoint"), text(found, "schema")),
            (kind, endpoint, core)
        );
        assert_eq!(&client.get(&format!("/ResourceTypes/{kind}")).await.unwrap(), found);
        let extensions = found["schemaExtensions"].as_array().cloned().unwrap_or_default();
        assert!(extensions.iter().all(|one| one["required"].is_boolean()), "{found}");
        let named = extensions.iter().map(|one| text(one, "schema")).chain([core]);
        assert!(named.into_iter().all(|urn| known.contains(&urn)), "{found}");
    }
    assert!(known.contains(&ENTERPRISE));
    assert!(known.iter().all(|urn| !urn.starts_with("urn:ietf:params:scim:api:")), "{known:?}");
    for urn in &known {
        let schema = client.get(&format!("/Schemas/{urn}")).await.unwrap();
        assert_eq!(text(&schema, "id"), *urn);
    }
    for path in ["/ResourceTypes/Nothing", "/Schemas/urn:nothing"] {
        check_refused(&client.send(Method::GET, path, None).await.unwrap(), 404, None);
    }
}

/// Every attribute says all that RFC 7643 section 7 asks for, in words that it has, and nothing is null.
#[tokio::test(flavor = "multi_thread")]
async fn attributes_say_all_of_their_characteristics() {
    let place = Place::new().await;
    let schemas = client(&place).await.get("/Schemas").await.unwrap();
    let mut attributes: Vec<Value> = Vec::new();
    for schema in resources(&schemas) {
        attributes.extend(schema["attributes"].as_array().unwrap().iter().cloned());
    }
    let mut count = 0;
    while let Some(attribute) = attributes.pop() {
        count += 1;
        let is = |field: &str, words: &[&str]| words.contains(&text(&attribute, field));
        let types = ["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"];
        assert!(is("type", &types), "{attribute}");
        assert!(is("mutability", &["readOnly", "readWrite", "immutable", "writeOnly"]), "{attribute}");
        assert!(is("returned", &["always", "never", "default", "request"]), "{attribute}");
        assert!(is("uniqueness", &["none", "server", "global"]), "{attribute}");
        assert!(!text(&attribute, "name").is_empty() && !text(&attribute, "description").is_empty());
        assert!(attribute["multiValued"].is_boolean() && attribute["required"].is_boolean(), "{attribute}");
        if text(&attribute, "type") == "string" {
            assert!(attribute["caseExact"].is_boolean(), "{attribute}");
        }
        if text(&attribute, "type") == "reference" {
            assert!(!attribute["referenceTypes"].as_array().unwrap().is_empty(), "{attribute}");
        }
        let inner = attribute["subAttributes"].as_array().cloned().unwrap_or_default();
        assert_eq!(inner.is_empty(), text(&attribute, "type") != "complex", "{attribute}");
        assert!(attribute.as_object().unwrap().values().all(|value| !value.is_null()), "{attribute}");
        if attribute["multiValued"] == true
            && let Some(kind) = inner.iter().find(|sub| text(sub, "name") == "type")
            && !["entitlements", "roles", "x509Certificates"].contains(&text(&attribute, "name"))
        {
            assert!(kind["canonicalValues"].is_array(), "{attribute}");
        }
        attributes.extend(inner);
    }
    assert!(count > 50, "{count} attributes");
}

#[tokio::test(flavor = "multi_thread")]
async fn discovery_cannot_be_written_filtered_or_paged() {
    let place = Place::new().await;
    let client = client(&place).await;
    for path in ENDPOINTS {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            check_refused(&client.send(method, path, Some(&json!({}))).await.unwrap(), 405, None);
        }
        let filtered = client.send(Method::GET, &format!("{path}?filter=id%20pr"), None).await.unwrap();
        check_refused(&filtered, 403, None);
        let paged = client.get(&format!("{path}?startIndex=2&count=0&sortBy=id&attributes=x")).await.unwrap();
        assert_eq!(paged, client.get(path).await.unwrap(), "{path}");
    }
}
