//! authentik: creates, on a conflict looks the group up by its name, replaces the whole of it without path, and adds
//! or removes one member by one operation. (goauthentik/authentik, `providers/scim/clients`.)

use std::collections::BTreeSet;

use cohort_tests::client::Client;
use reqwest::Method;
use serde_json::{Value, json};

use crate::scim::{GROUP, Place, USER, check_refused, matched, patched, text, twice, values};

/// What is there by this name: made, or found after the conflict.
async fn ensured(client: &Client, kind: &str, attribute: &str, body: &Value) -> String {
    let name = text(body, attribute);
    let reply = client.send(Method::POST, &format!("/{kind}"), Some(body)).await.unwrap();
    if reply.status.as_u16() == 201 {
        return text(&reply.json(), "id").to_owned();
    }
    check_refused(&reply, 409, Some("uniqueness"));
    let query = format!("/{kind}?filter={attribute}%20eq%20%22{name}%22");
    text(&matched(client, &query).await.expect("what the conflict was with"), "id").to_owned()
}

async fn user_id(client: &Client, name: &str) -> String {
    let body = json!({
        "schemas": [USER],
        "userName": name,
        "externalId": format!("uid-{name}"),
        "name": {"formatted": name, "givenName": name, "familyName": " "},
        "displayName": name,
        "photos": [],
        "locale": null,
        "active": true,
        "emails": [{"value": format!("{name}@ak.example"), "type": "other", "primary": true}],
    });
    ensured(client, "Users", "userName", &body).await
}

/// Compares with a whole GET and sends one operation for each member that differs.
async fn synced(client: &Client, id: &str, wanted: &[&String]) -> Value {
    let path = format!("/Groups/{id}");
    let present: BTreeSet<String> =
        values(&client.get(&path).await.unwrap(), "members").into_iter().collect();
    let wanted: BTreeSet<String> = wanted.iter().map(|id| (*id).clone()).collect();
    let change = |op: &str, id: &String| json!({"op": op, "path": "members", "value": [{"value": id}]});
    let mut operations: Vec<Value> = wanted.difference(&present).map(|id| change("add", id)).collect();
    operations.extend(present.difference(&wanted).map(|id| change("remove", id)));
    if operations.is_empty() {
        return client.get(&path).await.unwrap();
    }
    patched(client, &path, json!(operations)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn authentik_pass_twice() {
    let place = Place::new().await;
    let client = place.connection("authentik", "default").await;
    twice(&place, async || {
        let config = client.get("/ServiceProviderConfig").await.unwrap();
        assert!(config["bulk"]["maxOperations"].is_u64(), "{config}");
        let (ada, bob) = (user_id(&client, "ada").await, user_id(&client, "bob").await);
        let group = json!({"schemas": [GROUP], "displayName": "Sales", "externalId": "g-1"});
        let sales = ensured(&client, "Groups", "displayName", &group).await;
        let whole = json!([{"op": "replace", "value": {
            "schemas": [GROUP], "id": sales, "displayName": "Sales", "externalId": "g-1",
        }}]);
        patched(&client, &format!("/Groups/{sales}"), whole).await;
        let found = synced(&client, &sales, &[&ada, &bob]).await;
        assert_eq!(values(&found, "members"), [ada, bob]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn authentik_replace_of_the_whole_keeps_the_members() {
    let place = Place::new().await;
    let client = place.connection("authentik", "default").await;
    let (ada, bob) = (user_id(&client, "ada").await, user_id(&client, "bob").await);
    let group = json!({"schemas": [GROUP], "displayName": "Sales", "externalId": "g-1"});
    let sales = ensured(&client, "Groups", "displayName", &group).await;
    synced(&client, &sales, &[&ada, &bob]).await;
    let whole =
        json!([{"op": "replace", "value": {"schemas": [GROUP], "id": sales, "displayName": "Field"}}]);
    let found = patched(&client, &format!("/Groups/{sales}"), whole).await;
    assert_eq!(text(&found, "displayName"), "Field");
    assert_eq!(values(&found, "members"), [ada.clone(), bob.clone()]);
    assert_eq!(values(&synced(&client, &sales, &[&bob]).await, "members"), [bob]);
}
