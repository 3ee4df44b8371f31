//! Queries by POST, page by page (RFC 7644 section 3.4.3, RFC 9865 section 3), and the names in bulk requests.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Place, USER, check_status, made, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_search_goes_on_by_cursor() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    let mut ids = Vec::new();
    for number in 0..7 {
        ids.push(
            made(&client, "/Users", &json!({"schemas": [USER], "userName": format!("u{number}")})).await,
        );
    }
    let schemas = ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"];
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let body = json!({"schemas": schemas, "cursor": cursor, "count": 3, "attributes": ["userName"]});
        let page = client.post("/Users/.search", &body).await.unwrap();
        let resources = page["Resources"].as_array().cloned().unwrap_or_default();
        seen.extend(resources.iter().map(|user| text(user, "id").to_owned()));
        match page.get("nextCursor").and_then(Value::as_str) {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert_eq!(seen, ids);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_in_a_bulk_request_are_there_and_given_once() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    let user = |name: &str| json!({"schemas": [USER], "userName": name});
    let without = json!([{"method": "POST", "path": "/Users", "data": user("ada")}]);
    let twice = json!([
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": user("bob")},
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": user("eve")},
    ]);
    for operations in [without, twice] {
        let schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
        let body = json!({"schemas": schemas, "Operations": operations});
        let reply = client.send(Method::POST, "/Bulk", Some(&body)).await.unwrap();
        let whole = reply.status.as_u16() == 400;
        let answers = reply.json()["Operations"].as_array().cloned().unwrap_or_default();
        let each = answers.last().is_some_and(|last| text(last, "status") == "400");
        assert!(whole || each, "{operations}: {}", reply.text);
        if whole {
            check_status(&reply, 400);
            assert_eq!(client.get("/Users").await.unwrap()["totalResults"], 0);
        }
    }
}
