//! An Okta application of its catalogue: (de)activation and passwords by PATCH without path, and Group Push.

use cohort_tests::client::Client;
use serde_json::{Value, json};

use crate::scim::{GROUP, Place, USER, made, matched, patched, text, twice, values};

async fn user_id(client: &Client, name: &str) -> String {
    let query = format!("/Users?filter=userName%20eq%20%22{name}%22&startIndex=1&count=100");
    if let Some(found) = matched(client, &query).await {
        return text(&found, "id").to_owned();
    }
    let body = json!({
        "schemas": [USER],
        "userName": name,
        "externalId": format!("00u-{name}"),
        "name": {"givenName": name, "familyName": "User"},
        "emails": [{"primary": true, "value": format!("{name}@okta.local"), "type": "work"}],
        "groups": [],
        "password": "1mz050nq",
        "active": true,
    });
    text(&client.post("/Users", &body).await.unwrap(), "id").to_owned()
}

/// The group that Okta pushes: made empty, found by its name from then on.
async fn group_id(client: &Client, title: &str) -> String {
    let query = format!("/Groups?filter=displayName%20eq%20%22{title}%22&startIndex=1&count=100");
    if let Some(found) = matched(client, &query).await {
        return text(&found, "id").to_owned();
    }
    made(client, "/Groups", &json!({"schemas": [GROUP], "displayName": title, "members": []})).await
}

/// Members as Okta names them: by value and display, without type.
fn members(ids: &[&String]) -> Value {
    ids.iter().map(|id| json!({"value": id, "display": format!("{id}@okta.local")})).collect()
}

fn renamed(id: &str, title: &str) -> Value {
    json!({"op": "replace", "value": {"id": id, "displayName": title}})
}

#[tokio::test(flavor = "multi_thread")]
async fn okta_oin_pass_twice() {
    let place = Place::new().await;
    let client = place.connection("okta", "okta").await;
    twice(&place, async || {
        let (ada, bob) = (user_id(&client, "ada").await, user_id(&client, "bob").await);
        let active = json!([{"op": "replace", "value": {"active": true}}]);
        assert_eq!(patched(&client, &format!("/Users/{ada}"), active).await["active"], true);
        let password = json!([{"op": "replace", "value": {"password": "new-1mz050nq"}}]);
        let found = patched(&client, &format!("/Users/{ada}"), password).await;
        assert!(found.get("password").is_none(), "{found}");

        let sales = group_id(&client, "Sales").await;
        let path = format!("/Groups/{sales}");
        let whole = json!({"op": "replace", "path": "members", "value": members(&[&ada, &bob])});
        let found = patched(&client, &path, json!([renamed(&sales, "Sales"), whole])).await;
        assert_eq!(values(&found, "members"), [ada, bob]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn okta_oin_user_is_suspended_and_restored() {
    let place = Place::new().await;
    let client = place.connection("okta", "okta").await;
    let path = format!("/Users/{}", user_id(&client, "ada").await);
    for active in [false, true] {
        let found = patched(&client, &path, json!([{"op": "replace", "value": {"active": active}}])).await;
        assert_eq!(found["active"], active);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn okta_group_push_renames_adds_and_removes() {
    let place = Place::new().await;
    let client = place.connection("okta", "okta").await;
    let (ada, bob, eve) =
        (user_id(&client, "ada").await, user_id(&client, "bob").await, user_id(&client, "eve").await);
    let sales = group_id(&client, "Sales").await;
    let path = format!("/Groups/{sales}");
    let add = |ids: &[&String]| json!({"op": "add", "path": "members", "value": members(ids)});
    let found = patched(&client, &path, json!([add(&[&ada, &bob])])).await;
    assert_eq!(values(&found, "members"), [ada.clone(), bob.clone()]);

    // Removal and addition in one request; the name is sent with every change of the members.
    let remove = json!({"op": "remove", "path": format!("members[value eq \"{ada}\"]")});
    let found = patched(&client, &path, json!([renamed(&sales, "Field"), remove, add(&[&eve])])).await;
    assert_eq!(values(&found, "members"), [bob.clone(), eve.clone()]);
    assert_eq!(text(&found, "displayName"), "Field");

    let found = patched(&client, &path, json!([renamed(&sales, "Field Force")])).await;
    assert_eq!(values(&found, "members").len(), 2, "a rename keeps the members: {found}");

    let found =
        patched(&client, &path, json!([{"op": "replace", "path": "members", "value": members(&[&ada])}]))
            .await;
    assert_eq!(values(&found, "members"), [ada]);
    let found = patched(&client, &path, json!([{"op": "replace", "path": "members", "value": []}])).await;
    assert!(found.get("members").is_none(), "{found}");
}
