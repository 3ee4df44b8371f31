//! The provisioning log: what a connection asked for, as its administrator reads it.

use cohort_tests::client::Client;
use reqwest::Method;
use serde_json::{Value, json};

use super::{GROUP, ORG, PATCH_OP, Place, USER, check_status, made, text};

/// The requests of a connection, the newest first.
async fn requests(place: &Place, connection: &str, query: &str) -> Vec<Value> {
    let page = place.admin.get(&format!("/connections/{connection}/requests{query}")).await.unwrap();
    page["requests"].as_array().unwrap().clone()
}

fn numbers(requests: &[Value]) -> Vec<u64> {
    requests.iter().map(|request| request["seq"].as_u64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_is_noted_with_what_it_changed() {
    let place = Place::new().await;
    let corp = place.connection("corp", "entra").await;
    let ada = made(&corp, "/Users", &json!({"schemas": [USER], "userName": "ada"})).await;
    let sales = made(&corp, "/Groups", &json!({"schemas": [GROUP], "displayName": "Sales"})).await;
    let add = json!({"schemas": [PATCH_OP],
        "Operations": [{"op": "Add", "path": "members", "value": [{"value": ada}]}]});
    for _ in 0..2 {
        let reply = corp.send(Method::PATCH, &format!("/Groups/{sales}"), Some(&add)).await.unwrap();
        check_status(&reply, 204);
    }
    corp.get("/Users?filter=userName%20eq%20%22ada%22").await.unwrap();
    // Anybody may read these, with or without a token: they are no connection's.
    corp.get("/Schemas").await.unwrap();

    let noted = requests(&place, "corp", "").await;
    let told: Vec<(u64, &str, &str, u64)> = noted
        .iter()
        .map(|one| {
            let changes = one["changes"].as_array().unwrap();
            let action = changes.first().map_or("", |change| text(change, "action"));
            (one["seq"].as_u64().unwrap(), text(one, "method"), action, one["status"].as_u64().unwrap())
        })
        .collect();
    let expected = [
        (7, "GET", "", 200),
        (6, "PATCH", "", 204),
        (5, "PATCH", "scim.group.patch", 204),
        (4, "GET", "", 200),
        (3, "POST", "scim.group.create", 201),
        (2, "GET", "", 200),
        (1, "POST", "scim.user.create", 201),
    ];
    assert_eq!(told, expected, "{noted:#?}");
    let patch = &noted[2];
    assert_eq!(text(patch, "path"), format!("/Groups/{sales}"));
    assert_eq!(patch["changes"][0]["target"], "sales");
    assert_eq!(patch["changes"][0]["facts"], 1);
    assert_eq!(patch["changes"][0]["revision"], place.revision().await);
    assert_eq!(patch["bodyBytes"], add.to_string().len());
    assert!(patch["rows"].as_u64().unwrap() > 0 && patch["durationMicros"].as_u64().unwrap() > 0, "{patch}");
    assert!(noted.iter().all(|one| one.get("body").is_none()), "bodies of good requests are not kept");
    assert_eq!(text(&noted[0], "path"), "/Users?filter=userName%20eq%20%22ada%22");
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_keep_their_body_without_secrets() {
    let place = Place::new().await;
    let made = place.admin.post("/connections", &json!({"name": "corp", "dialect": "strict"})).await.unwrap();
    let token = text(&made, "token");
    let corp = place.client(token);
    let body = json!({"schemas": [USER], "password": "pa55word", "note": token, "displayName": "Ada"});
    check_status(&corp.send(Method::POST, "/Users", Some(&body)).await.unwrap(), 400);
    let patch = json!({"schemas": [PATCH_OP],
        "Operations": [{"op": "replace", "path": "password", "value": "pa55word"}]});
    let nobody = "/Users/01a20159-d608-7b20-8be9-fe62e6fe6b94";
    check_status(&corp.send(Method::PATCH, nobody, Some(&patch)).await.unwrap(), 400);
    let url = format!("{}/orgs/{ORG}/scim/v2/Users", place.server.url);
    let cut = reqwest::Client::new().post(url).bearer_auth(token).body("{\"password\": \"pa55word\"");
    assert_eq!(cut.send().await.unwrap().status().as_u16(), 400);

    let failed = requests(&place, "corp", "?failed=true").await;
    assert_eq!(numbers(&failed), [3, 2, 1]);
    let all = serde_json::to_string(&failed).unwrap();
    assert!(!all.contains("pa55word") && !all.contains(token), "{all}");
    assert!(failed[0].get("body").is_none(), "what is no JSON is not kept: {}", failed[0]);
    assert!(text(&failed[2], "body").contains("\"displayName\":\"Ada\""), "{}", failed[2]);
    assert!(failed.iter().all(|one| !text(one, "error").is_empty()), "{all}");
    let log = std::fs::read_to_string(place.server.folder().join("server.log")).unwrap();
    assert!(!log.contains("pa55word") && !log.contains(token), "the server's log tells no secret either");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_go_back_in_time() {
    let place = Place::new().await;
    let corp = place.connection("corp", "okta").await;
    let other = place.connection("other", "okta").await;
    for number in 0..25 {
        let path = if number % 5 == 0 { "/Users/none" } else { "/Users" };
        corp.send(Method::GET, path, None).await.unwrap();
        other.send(Method::GET, "/Users", None).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut query = "?limit=10".to_owned();
    loop {
        let page = requests(&place, "corp", &query).await;
        let Some(last) = numbers(&page).last().copied() else { break };
        assert!(page.len() <= 10);
        seen.extend(numbers(&page));
        query = format!("?limit=10&before={last}");
    }
    assert_eq!(seen, (1..=25).rev().collect::<Vec<u64>>());
    assert_eq!(numbers(&requests(&place, "corp", "?failed=true&limit=3").await), [21, 16, 11]);
    assert_eq!(requests(&place, "corp", "?limit=0").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_of_the_organisation_read_the_log() {
    let place = Place::new().await;
    place.connection("corp", "okta").await;
    let made = place.admin.post("/connections", &json!({"name": "other"})).await.unwrap();
    let path = "/connections/corp/requests";
    let other = Client::management(&place.server.url, ORG, text(&made, "token"));
    check_status(&other.send(Method::GET, path, None).await.unwrap(), 403);
    let unknown = place.admin.send(Method::GET, "/connections/none/requests", None).await.unwrap();
    check_status(&unknown, 404);
    let unreadable = place.admin.send(Method::GET, &format!("{path}?before=x"), None).await.unwrap();
    check_status(&unreadable, 400);
}

/// Whatever is beyond the count goes with the next writing, and the numbers go on.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_requests_are_kept() {
    let mut place = Place::with(&["--log-count", "7"]).await;
    let corp = place.connection("corp", "okta").await;
    for _ in 0..20 {
        corp.get("/Users").await.unwrap();
    }
    assert_eq!(numbers(&requests(&place, "corp", "").await), (14..=20).rev().collect::<Vec<u64>>());
    place.server.kill().await.unwrap();
    place.server.restart(Some(&["--log-days", "0"])).await.unwrap();
    assert_eq!(requests(&place, "corp", "").await.len(), 0, "they are older than nothing");
}
