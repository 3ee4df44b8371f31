//! ETags (RFC 7644 section 3.14, RFC 9110 section 13).

use cohort_tests::client::{Client, Reply};
use reqwest::Method;
use serde_json::{Value, json};

use super::{GROUP, PATCH_OP, Place, USER, check_refused, check_status, made, text};

async fn with(
    client: &Client,
    header: (&'static str, &str),
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> Reply {
    // The header's value lives as long as the test.
    let value: &'static str = Box::leak(header.1.to_owned().into_boxed_str());
    client
        .clone()
        .speaking("application/scim+json", &[(header.0, value)])
        .send(method, path, body)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_known_is_not_sent_again() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    let path =
        format!("/Users/{}", made(&client, "/Users", &json!({"schemas": [USER], "userName": "ada"})).await);
    let reply = client.send(Method::GET, &path, None).await.unwrap();
    let tag = reply.headers["etag"].to_str().unwrap().to_owned();
    assert_eq!(text(&reply.json()["meta"], "version"), tag);
    for (known, status) in [(tag.as_str(), 304), ("*", 304), ("W/\"other\"", 200)] {
        let reply = with(&client, ("if-none-match", known), Method::GET, &path, None).await;
        check_status(&reply, status);
        assert_eq!(reply.text.is_empty(), status == 304);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_expects_another_version_is_refused() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    let user = json!({"schemas": [USER], "userName": "ada"});
    let group = json!({"schemas": [GROUP], "displayName": "Sales"});
    let patch = |name: &str| {
        json!({"schemas": [PATCH_OP],
        "Operations": [{"op": "replace", "path": "displayName", "value": name}]})
    };
    for (kind, body) in [("/Users", &user), ("/Groups", &group)] {
        let path = format!("{kind}/{}", made(&client, kind, body).await);
        let old = text(&client.get(&path).await.unwrap()["meta"], "version").to_owned();
        let reply = with(&client, ("if-match", &old), Method::PATCH, &path, Some(&patch("One"))).await;
        assert!(reply.status.is_success(), "{}: {}", reply.request, reply.text);
        let new = reply.headers["etag"].to_str().unwrap().to_owned();
        assert_ne!(new, old);
        let before = client.get(&path).await.unwrap();
        assert_eq!(text(&before["meta"], "version"), new);
        for (method, body) in
            [(Method::PUT, Some(body)), (Method::PATCH, Some(&patch("Two"))), (Method::DELETE, None)]
        {
            check_refused(&with(&client, ("if-match", &old), method, &path, body).await, 412, None);
            assert_eq!(client.get(&path).await.unwrap(), before);
        }
        let reply = with(&client, ("if-match", "*"), Method::PATCH, &path, Some(&patch("Two"))).await;
        assert!(reply.status.is_success(), "{}: {}", reply.request, reply.text);
        let new = text(&client.get(&path).await.unwrap()["meta"], "version").to_owned();
        check_status(&with(&client, ("if-match", &new), Method::DELETE, &path, None).await, 204);
    }
}

/// Of many who read the same version and write, one does.
#[tokio::test(flavor = "multi_thread")]
async fn of_parallel_writes_from_one_version_one_is_made() {
    let place = Place::new().await;
    let client = place.connection("corp", "default").await;
    let path =
        format!("/Users/{}", made(&client, "/Users", &json!({"schemas": [USER], "userName": "ada"})).await);
    let tag = text(&client.get(&path).await.unwrap()["meta"], "version").to_owned();
    let mut writes = tokio::task::JoinSet::new();
    for number in 0..32 {
        let (client, path, tag) = (client.clone(), path.clone(), tag.clone());
        writes.spawn(async move {
            let patch = json!({"schemas": [PATCH_OP],
                "Operations": [{"op": "replace", "path": "title", "value": format!("t{number}")}]});
            with(&client, ("if-match", &tag), Method::PATCH, &path, Some(&patch)).await.status.as_u16()
        });
    }
    let mut statuses = writes.join_all().await;
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (200, vec![412; 31].as_slice()));
}
