//! PUT (RFC 7644 section 3.5.1).

use reqwest::Method;
use serde_json::json;

use super::{GROUP, Place, USER, check_refused, made, replaced, text, values};

#[tokio::test(flavor = "multi_thread")]
async fn a_put_makes_nobody() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    let before = place.revision().await;
    let path = "/Users/01a20159-d608-7b20-8be9-fe62e6fe6b94";
    let body = json!({"schemas": [USER], "userName": "ada"});
    check_refused(&client.send(Method::PUT, path, Some(&body)).await.unwrap(), 404, None);
    assert_eq!(client.get("/Users").await.unwrap()["totalResults"], 0);
    assert_eq!(place.revision().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_replaces_and_what_is_absent_goes_but_for_the_state() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    let body = json!({"schemas": [USER], "userName": "ada", "title": "Engineer", "active": false,
        "emails": [{"value": "a@x.org", "type": "work"}, {"value": "b@x.org", "type": "home"}]});
    let id = made(&client, "/Users", &body).await;
    let path = format!("/Users/{id}");
    let body = json!({"schemas": [USER], "userName": "ada.l", "displayName": "Ada",
        "emails": [{"value": "c@x.org", "type": "work"}]});
    let found = replaced(&client, &path, &body).await;
    assert_eq!((text(&found, "userName"), text(&found, "displayName")), ("ada.l", "Ada"));
    assert_eq!(values(&found, "emails"), ["c@x.org"]);
    assert!(found.get("title").is_none(), "{found}");
    assert_eq!(found["active"], false, "an absent `active` stays as it is");
    let before = place.revision().await;
    replaced(&client, &path, &body).await;
    assert_eq!(place.revision().await, before, "the same again changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_put_that_cannot_be_changes_nothing() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    made(&client, "/Users", &json!({"schemas": [USER], "userName": "bob"})).await;
    let id =
        made(&client, "/Users", &json!({"schemas": [USER], "userName": "ada", "title": "Engineer"})).await;
    let path = format!("/Users/{id}");
    let before = client.get(&path).await.unwrap();
    for (body, status, kind) in [
        (json!({"schemas": [USER], "title": "x"}), 400, "invalidValue"),
        (json!({"schemas": [USER], "userName": ""}), 400, "invalidValue"),
        (json!({"schemas": [USER], "userName": "BOB"}), 409, "uniqueness"),
        (json!({"schemas": [USER], "userName": "ada", "emails": "x", "name": 7}), 400, "invalidValue"),
    ] {
        let reply = client.send(Method::PUT, &path, Some(&body)).await.unwrap();
        check_refused(&reply, status, Some(kind));
        assert_eq!(client.get(&path).await.unwrap(), before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_keeps_or_replaces_its_members_as_a_whole() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    let mut ids = Vec::new();
    for name in ["ada", "bob", "eve"] {
        ids.push(made(&client, "/Users", &json!({"schemas": [USER], "userName": name})).await);
    }
    let group = |name: &str| json!({"schemas": [GROUP], "displayName": name});
    let with = |ids: &[String]| {
        let members: Vec<_> = ids.iter().map(|id| json!({"value": id})).collect();
        json!({"schemas": [GROUP], "displayName": "Sales", "members": members})
    };
    let path = format!("/Groups/{}", made(&client, "/Groups", &with(&ids[..2])).await);
    let found = replaced(&client, &path, &group("Field")).await;
    assert_eq!(
        (text(&found, "displayName"), values(&found, "members").len()),
        ("Field", 2),
        "absent members stay"
    );
    assert_eq!(values(&replaced(&client, &path, &with(&ids[1..])).await, "members"), ids[1..]);
    assert!(replaced(&client, &path, &with(&[])).await.get("members").is_none());
}

/// Members that an administrator put there by hand are not the connection's.
#[tokio::test(flavor = "multi_thread")]
async fn a_put_leaves_members_by_hand_alone() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    let ada = made(&client, "/Users", &json!({"schemas": [USER], "userName": "ada"})).await;
    let body = json!({"schemas": [GROUP], "displayName": "Sales"});
    let group = made(&client, "/Groups", &body).await;
    let by_hand = json!({"userId": ada});
    place.admin.post(&format!("/groups/{group}/members"), &by_hand).await.unwrap();
    let empty = json!({"schemas": [GROUP], "displayName": "Sales", "members": []});
    assert!(replaced(&client, &format!("/Groups/{group}"), &empty).await.get("members").is_none());
    let members = place.admin.get(&format!("/groups/{group}/members")).await.unwrap();
    assert_eq!(members["members"].as_array().unwrap().len(), 1, "{members}");
}
