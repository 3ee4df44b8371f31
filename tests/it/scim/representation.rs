//! What a resource looks like and keeps (RFC 7643 sections 2 to 4).

use cohort_tests::client::Client;
use reqwest::Method;
use serde_json::{Value, json};

use super::{ENTERPRISE, GROUP, Place, USER, check_refused, made, matched, patched, replaced, text, values};

async fn client(place: &Place) -> Client {
    place.connection("corp", "default").await
}

async fn created(client: &Client, body: &Value) -> Value {
    let id = made(client, "/Users", body).await;
    client.get(&format!("/Users/{id}")).await.unwrap()
}

/// The client says what it likes about what belongs to the server; the server's word is kept.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_the_servers_is_not_the_clients() {
    let place = Place::new().await;
    let client = client(&place).await;
    let body = json!({
        "schemas": [USER], "userName": "ada", "id": "mine", "groups": [{"value": "g"}],
        "meta": {"resourceType": "Robot", "created": "1990-01-01T00:00:00Z", "location": "x", "version": "y"},
    });
    let found = created(&client, &body).await;
    let id = text(&found, "id");
    assert!(id != "mine" && !id.is_empty() && !id.contains("bulkId"), "{found}");
    assert!(found.get("groups").is_none(), "{found}");
    let meta = &found["meta"];
    assert_eq!(text(meta, "resourceType"), "User");
    assert_eq!(text(meta, "created"), text(meta, "lastModified"), "at first they are the same");
    assert!(text(meta, "created") > "2020", "{meta}");
    assert!(text(meta, "location").ends_with(&format!("/scim/v2/Users/{id}")), "{meta}");
    let reply = client.send(Method::GET, &format!("/Users/{id}"), None).await.unwrap();
    assert_eq!(reply.headers["etag"].to_str().unwrap(), text(meta, "version"));
    let put = replaced(&client, &format!("/Users/{id}"), &body).await;
    assert_eq!((text(&put, "id"), text(&put["meta"], "created")), (id, text(meta, "created")));
    let resolved = reqwest::Client::new().get(text(meta, "location")).send().await.unwrap();
    assert_eq!(resolved.status().as_u16(), 401, "it is an address of this server");
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_never_told() {
    let place = Place::new().await;
    let client = client(&place).await;
    let body = json!({"schemas": [USER], "userName": "ada", "password": "pa55word"});
    let reply = client.send(Method::POST, "/Users", Some(&body)).await.unwrap();
    assert!(!reply.text.contains("pa55word"), "{}", reply.text);
    let path = format!("/Users/{}", text(&reply.json(), "id"));
    for query in ["", "?attributes=password", "?attributes=userName,password"] {
        let found = client.send(Method::GET, &format!("{path}{query}"), None).await.unwrap();
        assert!(!found.text.contains("pa55word"), "{}", found.text);
    }
    let guess = client.send(Method::GET, "/Users?filter=password%20sw%20%22pa55%22", None).await.unwrap();
    assert!(!guess.text.contains("Resources") || guess.json()["totalResults"] == 0, "{}", guess.text);
}

/// Names of attributes and schemas in any case; `id` and `externalId` exactly.
#[tokio::test(flavor = "multi_thread")]
async fn names_are_compared_without_case_and_ids_with() {
    let place = Place::new().await;
    let client = client(&place).await;
    let body = json!({
        "SCHEMAS": [USER.to_uppercase(), ENTERPRISE], "USERNAME": "Ada@x.org", "externalID": "e-Ada",
        ENTERPRISE.to_uppercase(): {"DEPARTMENT": "Engines"},
    });
    let found = created(&client, &body).await;
    assert_eq!((text(&found, "userName"), text(&found, "externalId")), ("Ada@x.org", "e-Ada"));
    assert_eq!(text(&found[ENTERPRISE], "department"), "Engines");
    let id = text(&found, "id");
    for (filter, is_there) in [
        ("userName eq \"ada@X.ORG\"", true),
        ("USERNAME EQ \"ada@x.org\"", true),
        ("externalId eq \"e-Ada\"", true),
        ("externalId eq \"e-ada\"", false),
        (&format!("id eq \"{id}\""), true),
        (&format!("id eq \"{}\"", id.to_uppercase()), id.to_uppercase() == id),
    ] {
        let query = format!("/Users?filter={}", filter.replace(' ', "%20").replace('"', "%22"));
        assert_eq!(matched(&client, &query).await.is_some(), is_there, "{filter}");
    }
    let twin = json!({"schemas": [USER], "userName": "ADA@x.org"});
    check_refused(&client.send(Method::POST, "/Users", Some(&twin)).await.unwrap(), 409, Some("uniqueness"));
    let twin = json!({"schemas": [USER], "userName": "other", "externalId": "e-Ada"});
    check_refused(&client.send(Method::POST, "/Users", Some(&twin)).await.unwrap(), 409, Some("uniqueness"));
    created(&client, &json!({"schemas": [USER], "userName": "third", "externalId": "e-ADA"})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn null_and_empty_are_no_value() {
    let place = Place::new().await;
    let client = client(&place).await;
    let body = json!({
        "schemas": [USER], "userName": "ada", "title": null, "emails": [], "phoneNumbers": null,
        "name": {"givenName": null}, "active": null,
    });
    let found = created(&client, &body).await;
    for attribute in ["title", "emails", "phoneNumbers", "name"] {
        assert!(found.get(attribute).is_none(), "{attribute}: {found}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_value_at_most_is_the_primary_one() {
    let place = Place::new().await;
    let client = client(&place).await;
    let emails = json!([
        {"value": "a@x.org", "type": "work", "primary": true},
        {"value": "b@x.org", "type": "home"},
    ]);
    let found = created(&client, &json!({"schemas": [USER], "userName": "ada", "emails": emails})).await;
    let path = format!("/Users/{}", text(&found, "id"));
    let add = json!([{"op": "add", "path": "emails", "value": [{"value": "c@x.org", "primary": true}]}]);
    let found = patched(&client, &path, add).await;
    let primary: Vec<&str> = found["emails"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|email| email["primary"] == true)
        .map(|email| text(email, "value"))
        .collect();
    assert_eq!(primary, ["c@x.org"], "{found}");
    let again = json!([{"op": "add", "path": "emails", "value": [{"value": "c@x.org"}, {"value": "b@x.org", "type": "home"}]}]);
    let found = patched(&client, &path, again).await;
    assert_eq!(values(&found, "emails"), ["a@x.org", "b@x.org", "c@x.org"], "no value twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn values_have_the_type_of_their_attribute() {
    let place = Place::new().await;
    let client = place.connection("strict", "strict").await;
    for (attribute, value) in [
        ("active", json!("yes")),
        ("active", json!(1)),
        ("displayName", json!(["a"])),
        ("name", json!("Ada")),
        ("emails", json!({"value": "a@x.org"})),
        ("emails", json!(["a@x.org"])),
        ("profileUrl", json!(7)),
        ("x509Certificates", json!([{"value": "not base64!"}])),
    ] {
        let body = json!({"schemas": [USER], "userName": "ada", attribute: value});
        let reply = client.send(Method::POST, "/Users", Some(&body)).await.unwrap();
        let kind = text(&reply.json(), "scimType").to_owned();
        assert_eq!(reply.status.as_u16(), 400, "{attribute}: {value}: {}", reply.text);
        assert!(["invalidValue", "invalidSyntax"].contains(&kind.as_str()), "{}", reply.text);
    }
    assert_eq!(client.get("/Users").await.unwrap()["totalResults"], 0);
    let certificate = json!([{"value": "MIIBCgKCAQEA"}]);
    let body = json!({"schemas": [USER], "userName": "ada", "x509Certificates": certificate});
    made(&client, "/Users", &body).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn user_names_are_required_and_not_empty() {
    let place = Place::new().await;
    let client = client(&place).await;
    for body in [
        json!({"schemas": [USER], "displayName": "Ada"}),
        json!({"schemas": [USER], "userName": ""}),
        json!({"schemas": [USER], "userName": null}),
        json!({"schemas": [USER], "userName": {"value": "ada"}}),
    ] {
        let reply = client.send(Method::POST, "/Users", Some(&body)).await.unwrap();
        check_refused(&reply, 400, Some("invalidValue"));
    }
    let reply = client.send(Method::POST, "/Groups", Some(&json!({"schemas": [GROUP]}))).await.unwrap();
    check_refused(&reply, 400, Some("invalidValue"));
}

/// What a client would call a user is kept as it was sent.
#[tokio::test(flavor = "multi_thread")]
async fn values_are_stored_as_they_were_sent() {
    let place = Place::new().await;
    let client = client(&place).await;
    let body = json!({
        "schemas": [USER, ENTERPRISE],
        "userName": "Ada@X.org",
        "name": {"formatted": "Ada Lovelace", "familyName": "Lovelace", "givenName": "Ada", "honorificPrefix": "Ms."},
        "nickName": "Ada", "profileUrl": "https://x.org/ada", "title": "Engineer", "userType": "Employee",
        "preferredLanguage": "en-GB", "locale": "en-GB", "timezone": "Europe/London", "active": true,
        "emails": [{"value": "Ada@X.org", "type": "work", "primary": true}],
        "phoneNumbers": [{"value": "+44 (0)20 7946-0000", "type": "work"}],
        "ims": [{"value": "ada", "type": "xmpp"}],
        "photos": [{"value": "https://x.org/ada.png", "type": "photo"}],
        "addresses": [{"type": "work", "locality": "London", "country": "GB", "formatted": "1 Street\nLondon"}],
        "entitlements": [{"value": "ent"}], "roles": [{"value": "Boss", "primary": true}],
        ENTERPRISE: {
            "employeeNumber": "701984", "costCenter": "4130", "organization": "Universal",
            "division": "Theme Park", "department": "Tours",
        },
    });
    let found = created(&client, &body).await;
    for (attribute, sent) in body.as_object().unwrap() {
        assert_eq!(&found[attribute], sent, "{attribute}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_of_a_user_are_told_direct_and_indirect() {
    let place = Place::new().await;
    let client = client(&place).await;
    let ada = made(&client, "/Users", &json!({"schemas": [USER], "userName": "ada"})).await;
    let inner = json!({"schemas": [GROUP], "displayName": "Inner", "members": [{"value": ada}]});
    let inner = made(&client, "/Groups", &inner).await;
    let outer =
        json!({"schemas": [GROUP], "displayName": "Outer", "members": [{"value": inner, "type": "Group"}]});
    let outer = made(&client, "/Groups", &outer).await;
    let found = client.get(&format!("/Users/{ada}")).await.unwrap();
    let mut told: Vec<(String, String, String)> = found["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (text(group, "display").into(), text(group, "type").into(), text(group, "$ref").into()))
        .collect();
    told.sort();
    assert_eq!((told[0].0.as_str(), told[0].1.as_str()), ("Inner", "direct"));
    assert_eq!((told[1].0.as_str(), told[1].1.as_str()), ("Outer", "indirect"));
    assert!(told[0].2.ends_with(&inner) && told[1].2.ends_with(&outer), "{told:?}");
    let write = json!({"schemas": [super::PATCH_OP],
        "Operations": [{"op": "add", "path": "groups", "value": [{"value": outer}]}]});
    let reply = client.send(Method::PATCH, &format!("/Users/{ada}"), Some(&write)).await.unwrap();
    check_refused(&reply, 400, Some("mutability"));
    let nested = client.get(&format!("/Groups/{outer}")).await.unwrap();
    assert_eq!(nested["members"][0]["type"], "Group");
    assert!(text(&nested["members"][0], "$ref").ends_with(&format!("/Groups/{inner}")), "{nested}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_attributes_and_schemas_are_dropped_or_refused_by_dialect() {
    let place = Place::new().await;
    let (tolerant, strict) = (client(&place).await, place.connection("strict", "strict").await);
    for body in [
        json!({"schemas": [USER], "userName": "ada", "shoeSize": 43}),
        json!({"schemas": [USER, "urn:example:Shoes"], "userName": "ada"}),
        json!({"userName": "ada"}),
    ] {
        let reply = strict.send(Method::POST, "/Users", Some(&body)).await.unwrap();
        assert_eq!(reply.status.as_u16(), 400, "{body}: {}", reply.text);
        let found = created(&tolerant, &body).await;
        assert!(found.get("shoeSize").is_none(), "{found}");
        assert_eq!(found["schemas"], json!([USER]), "{body}");
        tolerant.delete(&format!("/Users/{}", text(&found, "id"))).await.unwrap();
    }
}
