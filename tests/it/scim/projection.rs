//! `attributes` and `excludedAttributes` (RFC 7644 sections 3.4.2.5 and 3.9).

use std::collections::BTreeSet;

use cohort_tests::client::Client;
use reqwest::Method;
use serde_json::{Value, json};

use super::{ENTERPRISE, GROUP, PATCH_OP, Place, USER, check_status, made, text, values};

async fn ada(place: &Place) -> (Client, String) {
    let client = place.connection("corp", "default").await;
    let body = json!({"schemas": [USER, ENTERPRISE], "userName": "ada", "title": "Engineer",
        "name": {"givenName": "Ada", "familyName": "Lovelace"},
        "emails": [{"value": "a@x.org", "type": "work"}],
        ENTERPRISE: {"department": "Engines", "division": "One"}});
    let id = made(&client, "/Users", &body).await;
    (client, id)
}

fn names(resource: &Value) -> BTreeSet<&str> {
    resource.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_show_what_was_asked_for() {
    let place = Place::new().await;
    let (client, id) = ada(&place).await;
    let always = ["id", "schemas"];
    for (query, shown) in [
        ("attributes=userName", vec!["userName"]),
        ("attributes=USERNAME,title", vec!["userName", "title"]),
        ("attributes=name.familyName", vec!["name"]),
        ("attributes=urn:ietf:params:scim:schemas:core:2.0:User:title", vec!["title"]),
        (
            "attributes=urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
            vec![ENTERPRISE],
        ),
        ("attributes=nosuch", vec![]),
        ("excludedAttributes=emails,name,title,id,schemas", vec!["userName", "meta", ENTERPRISE, "active"]),
    ] {
        let found = client.get(&format!("/Users/{id}?{query}")).await.unwrap();
        let listed = client.get(&format!("/Users?{query}")).await.unwrap();
        assert_eq!(listed["Resources"][0], found, "{query}");
        let mut expected: BTreeSet<&str> = always.iter().copied().chain(shown).collect();
        // Whether an absent `active` is told is not what this is about.
        if !names(&found).contains("active") {
            expected.remove("active");
        }
        assert_eq!(names(&found), expected, "{query}");
    }
    let part = client.get(&format!("/Users/{id}?attributes=name.familyName")).await.unwrap();
    assert_eq!(part["name"], json!({"familyName": "Lovelace"}));
    let both =
        client.send(Method::GET, "/Users?attributes=userName&excludedAttributes=title", None).await.unwrap();
    check_status(&both, 400);
}

/// What is not shown is stored all the same.
#[tokio::test(flavor = "multi_thread")]
async fn projections_never_reach_what_is_stored() {
    let place = Place::new().await;
    let (client, id) = ada(&place).await;
    let path = format!("/Users/{id}");
    let before = client.get(&path).await.unwrap();
    let patch = json!({"schemas": [PATCH_OP],
        "Operations": [{"op": "replace", "path": "title", "value": "Countess"}]});
    let reply = client.send(Method::PATCH, &format!("{path}?attributes=title"), Some(&patch)).await.unwrap();
    check_status(&reply, 200);
    assert_eq!(names(&reply.json()), BTreeSet::from(["id", "schemas", "title"]));
    let mut expected = before.clone();
    expected["title"] = json!("Countess");
    let mut found = client.get(&path).await.unwrap();
    assert_eq!(text(&found, "title"), "Countess");
    expected["meta"] = found["meta"].clone();
    assert_eq!(found, expected);
    let put =
        client.send(Method::PUT, &format!("{path}?excludedAttributes=emails"), Some(&before)).await.unwrap();
    assert!(put.json().get("emails").is_none(), "{}", put.text);
    found = client.get(&path).await.unwrap();
    assert_eq!(values(&found, "emails"), ["a@x.org"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn members_can_be_left_out() {
    let place = Place::new().await;
    let (client, id) = ada(&place).await;
    let body = json!({"schemas": [GROUP], "displayName": "Sales", "members": [{"value": id}]});
    let group = made(&client, "/Groups", &body).await;
    for path in [format!("/Groups/{group}"), "/Groups".to_owned()] {
        let found = client.get(&format!("{path}?excludedAttributes=members")).await.unwrap();
        assert!(!found.to_string().contains("\"members\""), "{found}");
    }
    let found = client.get(&format!("/Groups/{group}")).await.unwrap();
    let member = &found["members"][0];
    assert_eq!((text(member, "value"), text(member, "type")), (id.as_str(), "User"));
    assert!(member.get("display").is_none() && text(member, "$ref").ends_with(&id), "{member}");
    let named =
        client.get(&format!("/Groups/{group}?attributes=members.display,members.value")).await.unwrap();
    assert_eq!(named["members"], json!([{"value": id, "display": "ada"}]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_that_names_attributes_is_answered_with_them() {
    let place = Place::new().await;
    let client = place.connection("entra", "entra").await;
    let group = made(&client, "/Groups", &json!({"schemas": [GROUP], "displayName": "Sales"})).await;
    let patch = json!({"schemas": [PATCH_OP],
        "Operations": [{"op": "Replace", "path": "displayName", "value": "Field"}]});
    let path = format!("/Groups/{group}?attributes=displayName");
    let reply = client.send(Method::PATCH, &path, Some(&patch)).await.unwrap();
    check_status(&reply, 200);
    assert_eq!(text(&reply.json(), "displayName"), "Field");
}
