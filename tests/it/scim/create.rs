//! POST (RFC 7644 section 3.3).

use reqwest::Method;
use serde_json::json;

use super::{GROUP, Place, USER, check_refused, check_status, made, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_resource_is_told_with_its_place() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    for (path, body) in [
        ("/Users", json!({"schemas": [USER], "userName": "ada"})),
        ("/Groups", json!({"schemas": [GROUP], "displayName": "Sales"})),
    ] {
        let reply = client.send(Method::POST, path, Some(&body)).await.unwrap();
        check_status(&reply, 201);
        let found = reply.json();
        assert_eq!(reply.headers["location"].to_str().unwrap(), text(&found["meta"], "location"));
        assert_eq!(reply.headers["etag"].to_str().unwrap(), text(&found["meta"], "version"));
        assert_eq!(client.get(&format!("{path}/{}", text(&found, "id"))).await.unwrap(), found);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twin_is_a_conflict_and_leaves_no_trace() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    made(&client, "/Users", &json!({"schemas": [USER], "userName": "ada"})).await;
    made(&client, "/Groups", &json!({"schemas": [GROUP], "displayName": "Sales"})).await;
    let before = place.revision().await;
    for (path, body) in [
        ("/Users", json!({"schemas": [USER], "userName": "ADA"})),
        ("/Groups", json!({"schemas": [GROUP], "displayName": "sALES"})),
    ] {
        check_refused(&client.send(Method::POST, path, Some(&body)).await.unwrap(), 409, Some("uniqueness"));
    }
    assert_eq!(place.revision().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_shows_what_was_asked_for_and_everything_is_stored() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    let body = json!({"schemas": [USER], "userName": "ada", "title": "Engineer", "displayName": "Ada"});
    let told = client.post("/Users?attributes=userName", &body).await.unwrap();
    let mut names: Vec<&str> = told.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["id", "schemas", "userName"]);
    let found = client.get(&format!("/Users/{}", text(&told, "id"))).await.unwrap();
    assert_eq!((text(&found, "title"), text(&found, "displayName")), ("Engineer", "Ada"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_is_not_posted_to() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    let ada = json!({"schemas": [USER], "userName": "ada"});
    let id = made(&client, "/Users", &ada).await;
    check_refused(&client.send(Method::POST, &format!("/Users/{id}"), Some(&ada)).await.unwrap(), 405, None);
}
