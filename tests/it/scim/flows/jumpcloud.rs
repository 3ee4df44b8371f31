//! JumpCloud: a test user and group that come and go, PUT of the whole user with its `id`, one operation for each
//! attribute, members removed by a list of values.

use cohort_tests::client::Client;
use reqwest::Method;
use serde_json::{Value, json};

use crate::scim::{
    ENTERPRISE, GROUP, Place, USER, check_status, made, matched, patched, replaced, text, twice, values,
};

fn user(name: &str) -> Value {
    json!({
        "schemas": [ENTERPRISE, USER],
        "userName": format!("{name}@jump.example"),
        "externalId": format!("5f-{name}"),
        "name": {"givenName": name, "familyName": "Jump", "middleName": null},
        "displayName": format!("{name} Jump"),
        "active": true,
        "emails": null,
        "addresses": [],
        "phoneNumbers": [{"type": "work", "value": "tel:+1-555-0101", "primary": true}],
        "photos": [{"type": "photo", "value": "https://jump.example/photo.png"}],
        ENTERPRISE: {"department": "Engines", "costCenter": ""},
    })
}

async fn user_id(client: &Client, name: &str) -> String {
    let query = format!("/Users?filter=userName%20eq%20%22{name}%40jump.example%22");
    match matched(client, &query).await {
        Some(found) => text(&found, "id").to_owned(),
        None => text(&client.post("/Users", &user(name)).await.unwrap(), "id").to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jumpcloud_pass_twice() {
    let place = Place::new().await;
    let client = place.connection("jumpcloud", "jumpcloud").await;
    twice(&place, async || {
        let (ada, bob) = (user_id(&client, "ada").await, user_id(&client, "bob").await);
        let mut body = user("ada");
        body["id"] = json!(ada);
        let found = replaced(&client, &format!("/Users/{ada}"), &body).await;
        assert_eq!(values(&found, "phoneNumbers"), ["tel:+1-555-0101"], "stored as it was sent");
        assert_eq!(values(&found, "photos"), ["https://jump.example/photo.png"]);
        assert!(found.get("emails").is_none(), "{found}");
        let found = patched(
            &client,
            &format!("/Users/{bob}"),
            json!([
                {"op": "replace", "path": "displayName", "value": "Bob J."},
                {"op": "replace", "path": "name.familyName", "value": "J."},
            ]),
        )
        .await;
        assert_eq!((text(&found, "displayName"), text(&found["name"], "familyName")), ("Bob J.", "J."));

        let query = "/Groups?filter=displayName%20eq%20%22Sales%22";
        let sales = match matched(&client, query).await {
            Some(found) => text(&found, "id").to_owned(),
            None => made(&client, "/Groups", &json!({"schemas": [GROUP], "displayName": "Sales"})).await,
        };
        let add = |id: &String| json!([{"op": "add", "path": "members", "value": [{"value": id}]}]);
        patched(&client, &format!("/Groups/{sales}"), add(&ada)).await;
        let found = patched(&client, &format!("/Groups/{sales}"), add(&bob)).await;
        assert_eq!(values(&found, "members"), [ada, bob]);
    })
    .await;
}

/// Activation makes a user and a group, changes both and takes them away again: nothing is left, twice.
#[tokio::test(flavor = "multi_thread")]
async fn jumpcloud_activation_leaves_nothing() {
    let place = Place::new().await;
    let client = place.connection("jumpcloud", "jumpcloud").await;
    for _ in 0..2 {
        let test = user_id(&client, "test").await;
        let body = json!({"schemas": [GROUP], "displayName": "Test", "members": [{"value": test}]});
        let group = made(&client, "/Groups", &body).await;
        let suspend = json!([{"op": "replace", "path": "active", "value": false}]);
        assert_eq!(patched(&client, &format!("/Users/{test}"), suspend).await["active"], false);
        let gone = json!([{"op": "remove", "path": "members", "value": [{"value": test}]}]);
        assert!(patched(&client, &format!("/Groups/{group}"), gone).await.get("members").is_none());
        for path in [format!("/Groups/{group}"), format!("/Users/{test}")] {
            check_status(&client.send(Method::DELETE, &path, None).await.unwrap(), 204);
            check_status(&client.send(Method::GET, &path, None).await.unwrap(), 404);
        }
        assert_eq!(client.get("/Users").await.unwrap()["totalResults"], 0);
        assert_eq!(client.get("/Groups").await.unwrap()["totalResults"], 0);
    }
}
