//! The SCIM plug-ins of Keycloak: a change of a group may send the whole list of its members again, in one PATCH.

use cohort_tests::client::Client;
use serde_json::{Value, json};

use crate::scim::{GROUP, Place, USER, made, matched, patched, replaced, text, twice, values};

/// As many as one operator's log shows.
const MEMBERS: usize = 211;

fn user(name: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": name,
        "externalId": format!("kc-{name}"),
        "active": true,
        "emails": [{"value": format!("{name}@kc.example"), "primary": true}],
    })
}

async fn user_id(client: &Client, name: &str) -> String {
    match matched(client, &format!("/Users?filter=externalId%20eq%20%22kc-{name}%22")).await {
        Some(found) => text(&found, "id").to_owned(),
        None => text(&client.post("/Users", &user(name)).await.unwrap(), "id").to_owned(),
    }
}

async fn group_id(client: &Client, title: &str) -> String {
    match matched(client, &format!("/Groups?filter=displayName%20eq%20%22{title}%22")).await {
        Some(found) => text(&found, "id").to_owned(),
        None => made(client, "/Groups", &json!({"schemas": [GROUP], "displayName": title})).await,
    }
}

fn listed(ids: &[String]) -> Value {
    ids.iter().map(|id| json!({"value": id, "$ref": format!("Users/{id}"), "type": "User"})).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn keycloak_pass_twice() {
    let place = Place::new().await;
    let client = place.connection("keycloak", "default").await;
    twice(&place, async || {
        let mut ids = Vec::new();
        for number in 0..MEMBERS {
            ids.push(user_id(&client, &format!("u{number}")).await);
        }
        let path = format!("/Users/{}", ids[0]);
        let mut body = user("u0");
        body["id"] = json!(ids[0]);
        replaced(&client, &path, &body).await;

        let staff = group_id(&client, "staff").await;
        let path = format!("/Groups/{staff}");
        let all = json!([{"op": "replace", "path": "members", "value": listed(&ids)}]);
        assert_eq!(values(&patched(&client, &path, all).await, "members"), ids);
        // The list again as an addition: everybody is there already.
        let again = json!([{"op": "add", "path": "members", "value": listed(&ids)}]);
        assert_eq!(values(&patched(&client, &path, again).await, "members"), ids);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keycloak_whole_list_takes_out_who_is_missing() {
    let place = Place::new().await;
    let client = place.connection("keycloak", "default").await;
    let mut ids = Vec::new();
    for number in 0..10 {
        ids.push(user_id(&client, &format!("u{number}")).await);
    }
    let path = format!("/Groups/{}", group_id(&client, "staff").await);
    let replace = |ids: &[String]| json!([{"op": "replace", "path": "members", "value": listed(ids)}]);
    patched(&client, &path, replace(&ids)).await;
    ids.remove(3);
    assert_eq!(values(&patched(&client, &path, replace(&ids)).await, "members"), ids);
    let nested = group_id(&client, "all").await;
    let member = json!([{"op": "add", "path": "members", "value": [{"value": path.rsplit('/').next()}]}]);
    let found = patched(&client, &format!("/Groups/{nested}"), member).await;
    assert_eq!(found["members"][0]["type"], "Group", "{found}");
}
