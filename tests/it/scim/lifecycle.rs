//! DELETE, suspension and return (RFC 7644 section 3.6).

use reqwest::Method;
use serde_json::json;

use super::{GROUP, Place, USER, check_refused, check_status, made, matched, patched, text, values};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_is_gone_everywhere() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    let body = json!({"schemas": [USER], "userName": "ada", "externalId": "e1"});
    let ada = made(&client, "/Users", &body).await;
    let sales = json!({"schemas": [GROUP], "displayName": "Sales", "members": [{"value": ada}]});
    let sales = made(&client, "/Groups", &sales).await;
    let path = format!("/Users/{ada}");
    let reply = client.send(Method::DELETE, &path, None).await.unwrap();
    check_status(&reply, 204);
    assert_eq!(reply.text, "");
    let patch =
        json!({"schemas": [super::PATCH_OP], "Operations": [{"op": "add", "path": "title", "value": "x"}]});
    for (method, body) in [
        (Method::GET, None),
        (Method::PUT, Some(&body)),
        (Method::PATCH, Some(&patch)),
        (Method::DELETE, None),
    ] {
        check_refused(&client.send(method, &path, body).await.unwrap(), 404, None);
    }
    assert!(matched(&client, "/Users?filter=userName%20eq%20%22ada%22").await.is_none());
    assert_eq!(client.get("/Users").await.unwrap()["totalResults"], 0);
    assert!(client.get(&format!("/Groups/{sales}")).await.unwrap().get("members").is_none());
    let again = made(&client, "/Users", &body).await;
    assert_ne!(again, ada, "an id is never given twice");
    assert!(client.get(&format!("/Groups/{sales}")).await.unwrap().get("members").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_user_is_read_and_found_and_comes_back_with_everything() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    let ada = made(&client, "/Users", &json!({"schemas": [USER], "userName": "ada", "title": "x"})).await;
    let sales = json!({"schemas": [GROUP], "displayName": "Sales", "members": [{"value": ada}]});
    let sales = made(&client, "/Groups", &sales).await;
    place
        .admin
        .post("/roles", &json!({"name": "approver", "permissions": ["invoice:approve"]}))
        .await
        .unwrap();
    let role = json!({"roleId": "approver"});
    place.admin.post(&format!("/groups/{sales}/roles"), &role).await.unwrap();
    let question = json!({"subject": "ada", "permission": "invoice:approve"});
    let path = format!("/Users/{ada}");
    for (active, outcome) in [(true, "allow"), (false, "deny"), (true, "allow")] {
        patched(&client, &path, json!([{"op": "replace", "path": "active", "value": active}])).await;
        let found = matched(&client, "/Users?filter=userName%20eq%20%22ada%22").await.unwrap();
        assert_eq!((found["active"].as_bool(), text(&found, "title")), (Some(active), "x"));
        assert_eq!(
            values(&client.get(&format!("/Groups/{sales}")).await.unwrap(), "members"),
            [ada.as_str()]
        );
        let answer = place.admin.post("/check", &question).await.unwrap();
        assert_eq!(text(&answer, "outcome"), outcome, "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_group_gives_nothing_any_more() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    let ada = made(&client, "/Users", &json!({"schemas": [USER], "userName": "ada"})).await;
    let sales = json!({"schemas": [GROUP], "displayName": "Sales", "members": [{"value": ada}]});
    let sales = made(&client, "/Groups", &sales).await;
    check_status(&client.send(Method::DELETE, &format!("/Groups/{sales}"), None).await.unwrap(), 204);
    check_refused(&client.send(Method::GET, &format!("/Groups/{sales}"), None).await.unwrap(), 404, None);
    assert!(client.get(&format!("/Users/{ada}")).await.unwrap().get("groups").is_none());
}
