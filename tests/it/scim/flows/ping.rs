//! PingOne: no PATCH at all, users matched by a filter that its administrator writes, two addresses marked as the
//! preferred one, groups by PUT.

use cohort_tests::client::Client;
use reqwest::Method;
use serde_json::{Value, json};

use crate::scim::{GROUP, Place, USER, check_status, made, matched, replaced, text, twice, values};

fn user(name: &str, title: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": name,
        "name": {"givenName": name, "familyName": "Ping"},
        "title": title,
        "active": true,
        "emails": [
            {"type": "work", "value": format!("{name}@ping.example"), "primary": true},
            {"type": "home", "value": format!("{name}@home.example"), "primary": true},
        ],
    })
}

async fn user_id(client: &Client, name: &str) -> String {
    let query = format!("/Users?filter=emails%20eq%20%22{name}%40ping.example%22");
    match matched(client, &query).await {
        Some(found) => text(&found, "id").to_owned(),
        None => text(&client.post("/Users", &user(name, "Clerk")).await.unwrap(), "id").to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ping_pass_twice() {
    let place = Place::new().await;
    let client = place.connection("ping", "default").await;
    twice(&place, async || {
        let (ada, bob) = (user_id(&client, "ada").await, user_id(&client, "bob").await);
        let by_name = matched(&client, "/Users?filter=userName%20eq%20%22ada%22").await.unwrap();
        assert_eq!(text(&by_name, "id"), ada);
        let found = replaced(&client, &format!("/Users/{ada}"), &user("ada", "Engineer")).await;
        assert_eq!(text(&found, "title"), "Engineer");
        let preferred = found["emails"].as_array().unwrap().iter().filter(|one| one["primary"] == true);
        assert_eq!(preferred.count(), 1, "at most one is the preferred one: {found}");

        let group = |members: Value| json!({"schemas": [GROUP], "displayName": "Sales", "members": members});
        let sales = match matched(&client, "/Groups?filter=displayName%20eq%20%22Sales%22").await {
            Some(found) => text(&found, "id").to_owned(),
            None => made(&client, "/Groups", &group(json!([]))).await,
        };
        let both = group(json!([{"value": ada}, {"value": bob}]));
        let found = replaced(&client, &format!("/Groups/{sales}"), &both).await;
        assert_eq!(values(&found, "members"), [ada, bob]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ping_group_is_merged_or_overwritten() {
    let place = Place::new().await;
    let client = place.connection("ping", "default").await;
    let (ada, bob) = (user_id(&client, "ada").await, user_id(&client, "bob").await);
    let body = json!({"schemas": [GROUP], "displayName": "Sales", "members": [{"value": ada}]});
    let path = format!("/Groups/{}", made(&client, "/Groups", &body).await);
    // What it read, with somebody more.
    let mut merged = client.get(&path).await.unwrap();
    merged["members"].as_array_mut().unwrap().push(json!({"value": bob}));
    assert_eq!(values(&replaced(&client, &path, &merged).await, "members"), [ada, bob.clone()]);
    merged["members"] = json!([{"value": bob}]);
    assert_eq!(values(&replaced(&client, &path, &merged).await, "members"), [bob]);
}

#[tokio::test(flavor = "multi_thread")]
async fn ping_user_is_suspended_or_deleted() {
    let place = Place::new().await;
    let client = place.connection("ping", "default").await;
    let ada = user_id(&client, "ada").await;
    let path = format!("/Users/{ada}");
    let mut body = user("ada", "Clerk");
    body["active"] = json!(false);
    assert_eq!(replaced(&client, &path, &body).await["active"], false);
    check_status(&client.send(Method::DELETE, &path, None).await.unwrap(), 204);
    check_status(&client.send(Method::DELETE, &path, None).await.unwrap(), 404);
}
