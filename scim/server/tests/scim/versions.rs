//! ETags (RFC 7644 section 3.14), and how fast a connection may ask.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, PATCH_OP, Reply, Server, refusal, text};

async fn with(
    client: &Client,
    method: Method,
    path: &str,
    header: (&'static str, &str),
    body: Option<Value>,
) -> Reply {
    client.send(method, path, &[header], body.map(|body| body.to_string())).await
}

fn titled(title: &str) -> Option<Value> {
    let operations = json!([{"op": "replace", "path": "title", "value": title}]);
    Some(json!({"schemas": [PATCH_OP], "Operations": operations}))
}

#[tokio::test]
async fn a_version_that_is_known_is_not_sent_again() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    let user = format!("/Users/{}", okta.user("ada").await);
    let version = text(&okta.get(&user).await.body["meta"], "version");
    let strong = version.trim_start_matches("W/");
    for tags in [version.as_str(), strong, "*", &format!("\"x\", {version}")] {
        let known = with(&okta, Method::GET, &user, ("if-none-match", tags), None).await;
        assert_eq!((known.status, known.text.as_str()), (StatusCode::NOT_MODIFIED, ""), "{tags}");
    }
    okta.patched(&user, &json!([{"op": "add", "path": "title", "value": "x"}])).await;
    let news = with(&okta, Method::GET, &user, ("if-none-match", &version), None).await;
    assert_eq!((news.status, &news.body["title"]), (StatusCode::OK, &json!("x")));
}

#[tokio::test]
async fn only_the_expected_version_is_changed() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    let user = format!("/Users/{}", okta.user("ada").await);
    let old = text(&okta.get(&user).await.body["meta"], "version");
    let changed = with(&okta, Method::PATCH, &user, ("if-match", &old), titled("one")).await;
    assert_eq!(changed.status, StatusCode::OK);
    let body = Some(json!({"userName": "ada", "title": "two"}));
    for (method, body) in [(Method::PATCH, titled("two")), (Method::PUT, body), (Method::DELETE, None)] {
        let refused = with(&okta, method.clone(), &user, ("if-match", &old), body).await;
        assert_eq!(refusal(&refused).0, 412, "{method}");
        assert_eq!(okta.get(&user).await.body["title"], "one", "{method}");
    }
    let kept = with(&okta, Method::PATCH, &user, ("if-match", "*"), titled("three")).await;
    assert_eq!(kept.body["title"], "three");
    let gone = with(&okta, Method::DELETE, "/Users/nobody", ("if-match", "*"), None).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_writers_of_one_version_one_wins() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    let user = format!("/Users/{}", okta.user("ada").await);
    for round in 0..5 {
        let version = text(&okta.get(&user).await.body["meta"], "version");
        let titles: Vec<String> = (0..16).map(|writer| format!("{round}-{writer}")).collect();
        let mut writers = Vec::new();
        for title in &titles {
            let (okta, user, version, body) = (okta.clone(), user.clone(), version.clone(), titled(title));
            writers.push(tokio::spawn(async move {
                with(&okta, Method::PATCH, &user, ("if-match", &version), body).await
            }));
        }
        let mut replies = Vec::new();
        for writer in writers {
            replies.push(writer.await.expect("an answer"));
        }
        let won: Vec<&String> = titles
            .iter()
            .zip(&replies)
            .filter(|(_, reply)| reply.status == 200)
            .map(|(title, _)| title)
            .collect();
        let [only] = won.as_slice() else { panic!("{} writers won", won.len()) };
        assert!(replies.iter().all(|reply| reply.status == 200 || reply.status == 412));
        assert_eq!(okta.get(&user).await.body["title"], only.as_str());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_patches_of_one_group_lose_nobody() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    let group = format!("/Groups/{}", okta.made("/Groups", &json!({"displayName": "Staff"})).await);
    let mut writers = Vec::new();
    for number in 0..64 {
        let (okta, group) = (okta.clone(), group.clone());
        writers.push(tokio::spawn(async move {
            let user = okta.user(&format!("u{number}")).await;
            let add = json!([{"op": "add", "path": "members", "value": [{"value": user}]}]);
            let body = json!({"schemas": [PATCH_OP], "Operations": add});
            let reply = okta.send(Method::PATCH, &group, &[], Some(body.to_string())).await;
            assert!(reply.status.is_success(), "{}", reply.text);
            user
        }));
    }
    let mut added = Vec::new();
    for writer in writers {
        added.push(writer.await.expect("an answer"));
    }
    let seen = okta.get(&group).await.body;
    let members = seen["members"].as_array().expect("members").iter();
    let mut members: Vec<String> = members.map(|member| text(member, "value")).collect();
    added.sort();
    members.sort();
    assert_eq!(members, added);
}

#[tokio::test]
async fn a_connection_that_asks_too_fast_is_told_when_to_come_back() {
    let server = Server::start_with(&["--scim-rate", "1"]);
    let (okta, entra) = (server.client("okta", "okta"), server.client("entra", "entra"));
    let mut let_in = 0;
    let refused = loop {
        let reply = okta.get("/Users?count=0").await;
        if reply.status != StatusCode::OK {
            break reply;
        }
        let_in += 1;
        assert!(let_in < 1_000, "nobody is ever told to wait");
    };
    assert!(let_in >= 10, "only {let_in} requests were let in at once");
    let (status, keyword, detail) = refusal(&refused);
    assert_eq!((status, keyword), (429, ""));
    assert!(detail.starts_with("more than 1 requests per second"), "{detail}");
    let wait: u64 =
        refused.retry_after.as_deref().and_then(|seconds| seconds.parse().ok()).expect("a number");
    assert!((1..=2).contains(&wait), "{wait}");
    assert_eq!(entra.get("/Users").await.status, StatusCode::OK);
    let made = okta.post("/Users", &json!({"userName": "ada"})).await;
    assert_eq!(made.status, StatusCode::TOO_MANY_REQUESTS);
}
