//! Who is let in, media types, URLs and bodies as such (RFC 7644 sections 2, 3.1, 7 and 8.1).

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::{ORG, Place, USER, check_refused, made, matched, text};

/// A request as it is written, by whoever holds the token.
fn raw(place: &Place, token: &str, method: Method, path: &str) -> RequestBuilder {
    let url = format!("{}/orgs/{ORG}/scim/v2{path}", place.server.url);
    reqwest::Client::new().request(method, url).bearer_auth(token)
}

async fn told(response: Response) -> (u16, String, Value) {
    let status = response.status().as_u16();
    let content_type = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    let body = serde_json::from_str(&response.text().await.unwrap()).unwrap_or(Value::Null);
    (status, content_type.unwrap_or_default(), body)
}

async fn token(place: &Place) -> String {
    let made = place.admin.post("/connections", &json!({"name": "corp"})).await.unwrap();
    text(&made, "token").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_let_in_without_a_known_token() {
    let place = Place::new().await;
    let good = token(&place).await;
    let before = place.revision().await;
    let mut wrong = good.clone();
    let last = wrong.pop();
    wrong.push(if last == Some('0') { '1' } else { '0' });
    for token in ["", "x", &wrong, "Bearer"] {
        for (method, path) in [
            (Method::GET, "/Users"),
            (Method::POST, "/Users"),
            (Method::PUT, "/Users/1"),
            (Method::PATCH, "/Groups/1"),
            (Method::DELETE, "/Groups/1"),
        ] {
            let body = json!({"schemas": [USER], "userName": "eve"}).to_string();
            let request =
                raw(&place, token, method.clone(), path).header("content-type", "application/scim+json");
            let response = request.body(body).send().await.unwrap();
            let challenge = response.headers()["www-authenticate"].to_str().unwrap().to_owned();
            assert!(challenge.starts_with("Bearer"), "{challenge}");
            let (status, content_type, body) = told(response).await;
            assert_eq!((status, content_type.as_str()), (401, "application/scim+json"), "{method} {path}");
            assert_eq!(text(&body, "status"), "401", "{body}");
        }
    }
    let url = format!("{}/orgs/{ORG}/scim/v2/Users", place.server.url);
    let response = reqwest::Client::new().get(url).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 401, "no header at all");
    assert_eq!(place.revision().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_what_it_was_made_for() {
    let place = Place::new().await;
    for purpose in ["admin", "edge"] {
        let token = place.server.token(ORG, &[purpose]).unwrap();
        let response = raw(&place, &token, Method::GET, "/Users").send().await.unwrap();
        assert_eq!(response.status().as_u16(), 403, "{purpose}");
    }
    let scim = token(&place).await;
    for path in ["api/v1/users", "edge/v1/snapshot"] {
        let url = format!("{}/orgs/{ORG}/{path}", place.server.url);
        let response = reqwest::Client::new().get(url).bearer_auth(&scim).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 403, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_is_read_and_scim_json_is_written() {
    let place = Place::new().await;
    let token = token(&place).await;
    let types = [
        Some("application/scim+json"),
        Some("application/scim+json; charset=utf-8"),
        Some("application/json"),
        Some("APPLICATION/JSON;charset=UTF-8"),
        None,
    ];
    for (number, content_type) in types.into_iter().enumerate() {
        let body = json!({"schemas": [USER], "userName": format!("u{number}"), "displayName": "Zoë"});
        let mut request = raw(&place, &token, Method::POST, "/Users").body(body.to_string());
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let (status, written, body) = told(request.send().await.unwrap()).await;
        assert_eq!((status, written.as_str()), (201, "application/scim+json"), "{content_type:?}");
        assert_eq!(text(&body, "displayName"), "Zoë");
    }
    for accept in
        [None, Some("*/*"), Some("application/scim+json"), Some("application/json, text/html;q=0.1")]
    {
        let mut request = raw(&place, &token, Method::GET, "/Users");
        if let Some(accept) = accept {
            request = request.header("accept", accept);
        }
        let (status, written, _) = told(request.send().await.unwrap()).await;
        assert_eq!((status, written.as_str()), (200, "application/scim+json"), "{accept:?}");
    }
}

/// Each of these gets the status that says what is wrong, and nothing is changed.
#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_cannot_be_read_change_nothing() {
    let place = Place::new().await;
    let token = token(&place).await;
    let client = place.client(&token);
    let id = made(&client, "/Users", &json!({"schemas": [USER], "userName": "ada"})).await;
    let before = (place.revision().await, client.get(&format!("/Users/{id}")).await.unwrap());
    let deep = format!("{{\"userName\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let huge = format!("{{\"userName\":\"{}\"}}", "x".repeat(9 * 1024 * 1024));
    let twice = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"a","userName":"b"}"#;
    let scim = "application/scim+json";
    for (content_type, body, status) in [
        (scim, "", 400),
        (scim, "{", 400),
        (scim, "[]", 400),
        (scim, "null", 400),
        (scim, "\"text\"", 400),
        (scim, "{\"userName\": \"\u{0}\"", 400),
        (scim, twice, 400),
        (scim, &deep, 400),
        (scim, &huge, 413),
        ("text/plain", "{}", 415),
        ("application/xml", "<user/>", 415),
        ("application/x-www-form-urlencoded", "userName=a", 415),
    ] {
        for (method, path) in [
            (Method::POST, "/Users".to_owned()),
            (Method::PUT, format!("/Users/{id}")),
            (Method::PATCH, format!("/Users/{id}")),
        ] {
            let request = raw(&place, &token, method.clone(), &path).header("content-type", content_type);
            let (found, _, answer) = told(request.body(body.to_owned()).send().await.unwrap()).await;
            let start: String = body.chars().take(40).collect();
            assert_eq!(found, status, "{method} {content_type} {start}: {answer}");
            assert_eq!(text(&answer, "status"), status.to_string(), "{answer}");
        }
    }
    assert_eq!((place.revision().await, client.get(&format!("/Users/{id}")).await.unwrap()), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn urls_are_decoded_once_and_unknown_parameters_are_passed_over() {
    let place = Place::new().await;
    let client = place.client(&token(&place).await);
    let id = made(&client, "/Users", &json!({"schemas": [USER], "userName": "a%20b+c"})).await;
    let found =
        matched(&client, "/Users?filter=userName%20eq%20%22a%2520b%2Bc%22&x=1&=&tenant").await.unwrap();
    assert_eq!(text(&found, "id"), id);
    assert!(matched(&client, "/Users?filter=userName%20eq%20%22a%20b%2Bc%22").await.is_none());
    let doubled = client.get("//Users//").await.unwrap();
    assert_eq!(doubled["totalResults"], 1, "a slash too many in the base URL does no harm");
}

#[tokio::test(flavor = "multi_thread")]
async fn order_has_no_meaning_and_schemas_are_told_once() {
    let place = Place::new().await;
    let client = place.client(&token(&place).await);
    let enterprise = super::ENTERPRISE;
    let body = json!({
        enterprise: {"department": "Sales"},
        "userName": "ada",
        "schemas": [enterprise, USER, enterprise],
    });
    let id = made(&client, "/Users", &body).await;
    let found = client.get(&format!("/Users/{id}")).await.unwrap();
    let mut schemas: Vec<&str> =
        found["schemas"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    schemas.sort_unstable();
    assert_eq!(schemas, [USER, enterprise]);
    assert_eq!(text(&found[enterprise], "department"), "Sales");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_are_told_as_such() {
    let place = Place::new().await;
    let client = place.client(&token(&place).await);
    for path in ["/Nothing", "/Users/1/groups", "/../Users"] {
        let reply = client.send(Method::GET, path, None).await.unwrap();
        assert_eq!(reply.status.as_u16(), 404, "{path}: {}", reply.text);
    }
    let reply = client.send(Method::PUT, "/Users", Some(&json!({}))).await.unwrap();
    check_refused(&reply, 405, None);
    assert!(reply.headers.contains_key("allow"), "{:?}", reply.headers);
}
