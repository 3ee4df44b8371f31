//! An Okta application made with its wizard: every update is a GET and a full PUT, and nobody is ever deleted.
//! (developer.okta.com, "SCIM 2.0".)

use cohort_tests::client::Client;
use serde_json::{Value, json};

use crate::scim::{ENTERPRISE, Place, USER, matched, replaced, text, twice, values};

const HEADERS: &[(&str, &str)] = &[
    ("user-agent", "Okta SCIM Client 1.0.0"),
    ("accept", "application/scim+json"),
    ("accept-charset", "utf-8"),
    ("accept-encoding", "gzip"),
];

async fn okta(place: &Place) -> Client {
    place.connection("okta", "okta").await.speaking("application/scim+json; charset=utf-8", HEADERS)
}

fn user(name: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": format!("{name}@okta.local"),
        "name": {"givenName": name, "familyName": "User"},
        "emails": [{"primary": true, "value": format!("{name}@okta.local"), "type": "work"}],
        "displayName": format!("{name} User"),
        "locale": "en-US",
        "externalId": format!("00ujl29u0le5T6Aj10h7-{name}"),
        "groups": [],
        "password": "1mz050nq",
        "active": true,
    })
}

fn query(name: &str) -> String {
    format!("/Users?filter=userName%20eq%20%22{name}%40okta.local%22&startIndex=1&count=100")
}

async fn user_id(client: &Client, name: &str) -> String {
    if let Some(found) = matched(client, &query(name)).await {
        return text(&found, "id").to_owned();
    }
    let made = client.post("/Users", &user(name)).await.unwrap();
    assert!(made.get("password").is_none(), "a password is never told: {made}");
    text(&made, "id").to_owned()
}

/// What Okta sends back: all that it read, with its own profile over it.
async fn put(client: &Client, id: &str, profile: Value) -> Value {
    let path = format!("/Users/{id}");
    let mut body = client.get(&path).await.unwrap();
    for (name, value) in profile.as_object().unwrap() {
        body[name] = value.clone();
    }
    replaced(client, &path, &body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn okta_aiw_pass_twice() {
    let place = Place::new().await;
    let client = okta(&place).await;
    twice(&place, async || {
        let listed = client.get("/Users?startIndex=1&count=2").await.unwrap();
        assert!(listed["totalResults"].is_u64(), "{listed}");
        let ada = user_id(&client, "ada").await;
        let profile = json!({
            "schemas": [USER, ENTERPRISE],
            "title": "Engineer",
            "name": {"givenName": "Ada", "familyName": "Lovelace"},
            ENTERPRISE: {"department": "Engines"},
        });
        let found = put(&client, &ada, profile).await;
        assert_eq!((text(&found, "title"), text(&found[ENTERPRISE], "department")), ("Engineer", "Engines"));
        assert_eq!(found["name"], json!({"givenName": "Ada", "familyName": "Lovelace"}));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn okta_aiw_user_is_suspended_and_restored() {
    let place = Place::new().await;
    let client = okta(&place).await;
    let ada = user_id(&client, "ada").await;
    for active in [false, true] {
        let found = put(&client, &ada, json!({"active": active})).await;
        assert_eq!(found["active"], active);
        assert_eq!(text(&matched(&client, &query("ada")).await.unwrap(), "id"), ada);
    }
}

/// Import: pages of 100 in an order that stays, with numbers that are integers.
#[tokio::test(flavor = "multi_thread")]
async fn okta_aiw_imports_everybody_once() {
    let place = Place::new().await;
    let client = okta(&place).await;
    let mut made = Vec::new();
    for number in 0..230 {
        made.push(user_id(&client, &format!("u{number}")).await);
    }
    let mut seen = Vec::new();
    while seen.len() < 230 {
        let page = client.get(&format!("/Users?startIndex={}&count=100", seen.len() + 1)).await.unwrap();
        for number in ["totalResults", "startIndex", "itemsPerPage"] {
            assert!(page[number].is_u64(), "{number}: {}", page[number]);
        }
        assert_eq!((&page["totalResults"], &page["startIndex"]), (&json!(230), &json!(seen.len() + 1)));
        let resources = page["Resources"].as_array().unwrap();
        assert_eq!(page["itemsPerPage"], resources.len());
        seen.extend(resources.iter().map(|user| text(user, "id").to_owned()));
    }
    assert_eq!(seen, made);
    assert!(values(&client.get("/Users?startIndex=231&count=100").await.unwrap(), "Resources").is_empty());
}

/// A second POST of the same user stops Okta's job unless it is told why.
#[tokio::test(flavor = "multi_thread")]
async fn okta_aiw_twin_is_a_conflict() {
    let place = Place::new().await;
    let client = okta(&place).await;
    user_id(&client, "ada").await;
    let reply = client.send(reqwest::Method::POST, "/Users", Some(&user("ADA"))).await.unwrap();
    crate::scim::check_refused(&reply, 409, Some("uniqueness"));
}
