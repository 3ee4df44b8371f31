//! Connections and their tokens: made, listed, rotated and taken back by an administrator.

use std::time::Duration;

use cohort_tests::client::Client;
use cohort_tests::program::{PATIENCE, Programs};
use cohort_tests::provision::timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{ORG, Place, USER, check_status, made, text, values};

async fn status(client: &Client) -> u16 {
    client.send(Method::GET, "/Users", None).await.unwrap().status.as_u16()
}

async fn refused(place: &Place, method: Method, path: &str, body: Option<&Value>) -> (u16, String) {
    let reply = place.admin.send(method, path, body).await.unwrap();
    let body = reply.json();
    (reply.status.as_u16(), text(&body["error"], "code").to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn connection_is_made_listed_and_changed() {
    let place = Place::new().await;
    let body = json!({"name": "corp", "primary": true});
    let corp = place.admin.post("/connections", &body).await.unwrap();
    assert_eq!((text(&corp, "dialect"), &corp["primary"]), ("default", &json!(true)));
    assert_eq!(status(&place.client(text(&corp, "token"))).await, 200);

    for dialect in ["default", "entra", "entra-062020", "okta", "onelogin", "strict"] {
        place.connection(&format!("the-{dialect}"), dialect).await;
        let read = place.admin.get(&format!("/connections/the-{dialect}")).await.unwrap();
        assert_eq!(text(&read, "dialect"), dialect);
        assert!(read.get("token").is_none(), "a token is told once: {read}");
    }
    let listed = place.admin.get("/connections").await.unwrap();
    assert_eq!(listed["connections"].as_array().unwrap().len(), 7, "{listed}");
    assert!(!listed.to_string().contains("cohort_scim_"), "no list tells a token");

    let change = json!({"dialect": "onelogin", "primary": true});
    let okta = place.admin.patch("/connections/the-okta", &change).await.unwrap();
    assert_eq!((text(&okta, "dialect"), &okta["primary"]), ("onelogin", &json!(true)));
    let corp = place.admin.get("/connections/corp").await.unwrap();
    assert_eq!(corp["primary"], false, "one connection at most is the primary one");
}

#[tokio::test(flavor = "multi_thread")]
async fn connection_that_cannot_be_is_refused() {
    let place = Place::new().await;
    place.connection("corp", "okta").await;
    let before = (place.revision().await, place.admin.get("/connections").await.unwrap());
    for (method, path, body, refusal) in [
        (Method::POST, "/connections", json!({"name": "corp"}), (409, "taken")),
        (Method::POST, "/connections", json!({"name": "x", "dialect": "ldap"}), (400, "unknown_dialect")),
        (Method::POST, "/connections", json!({"name": ""}), (400, "invalid_name")),
        (Method::POST, "/connections", json!({"name": "x", "secret": 1}), (400, "invalid_field")),
        (Method::PATCH, "/connections/corp", json!({"dialect": "ldap"}), (400, "unknown_dialect")),
        (Method::PATCH, "/connections/none", json!({"primary": true}), (404, "not_found")),
        (Method::POST, "/connections/none/tokens", json!({}), (404, "not_found")),
        (Method::POST, "/connections/corp/tokens", json!({"overlapUntil": "soon"}), (400, "invalid_field")),
        (Method::DELETE, "/connections/none/tokens", json!({}), (404, "not_found")),
        (Method::DELETE, "/tokens/0011223344556677", json!({}), (404, "not_found")),
    ] {
        let body = (method != Method::DELETE).then_some(&body);
        let (status, code) = refused(&place, method, path, body).await;
        assert_eq!((status, code.as_str()), refusal, "{path} {body:?}");
    }
    assert_eq!((place.revision().await, place.admin.get("/connections").await.unwrap()), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn dry_run_makes_no_token() {
    let place = Place::new().await;
    let corp = place.connection("corp", "okta").await;
    let before = (place.revision().await, place.admin.get("/connections").await.unwrap());
    let made = place.admin.post("/connections?dryRun=true", &json!({"name": "other"})).await.unwrap();
    assert!(made.get("token").is_none(), "{made}");
    let made = place.admin.post("/connections/corp/tokens?dryRun=true", &json!({})).await.unwrap();
    assert!(made.get("token").is_none(), "{made}");
    place.admin.delete("/connections/corp/tokens?dryRun=true").await.unwrap();
    assert_eq!((place.revision().await, place.admin.get("/connections").await.unwrap()), before);
    assert_eq!(status(&corp).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_manage_connections() {
    let place = Place::new().await;
    let made = place.admin.post("/connections", &json!({"name": "corp"})).await.unwrap();
    let edge = place.server.token(ORG, &["edge"]).unwrap();
    for token in [text(&made, "token"), &edge] {
        let other = Client::management(&place.server.url, ORG, token);
        for (method, path) in [
            (Method::GET, "/connections"),
            (Method::POST, "/connections"),
            (Method::GET, "/connections/corp"),
            (Method::PATCH, "/connections/corp"),
            (Method::GET, "/connections/corp/tokens"),
            (Method::POST, "/connections/corp/tokens"),
            (Method::DELETE, "/connections/corp/tokens"),
            (Method::GET, "/tokens"),
            (Method::DELETE, "/tokens/0011223344556677"),
        ] {
            check_status(&other.send(method, path, Some(&json!({}))).await.unwrap(), 403);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rotated_tokens_overlap_until_the_time_named() {
    let place = Place::new().await;
    let first = place.connection("corp", "okta").await;
    let until = jiff::Timestamp::now().as_millisecond() + 2_000;
    let rotation = json!({"overlapUntil": timestamp(until)});
    let second = place.admin.post("/connections/corp/tokens", &rotation).await.unwrap();
    let second = place.client(text(&second, "token"));
    assert_eq!((status(&first).await, status(&second).await), (200, 200));
    let tokens = place.admin.get("/connections/corp/tokens").await.unwrap();
    let ends: Vec<bool> =
        tokens["tokens"].as_array().unwrap().iter().map(|token| token.get("endsAt").is_some()).collect();
    assert_eq!(ends, [true, false], "{tokens}");

    let over = async {
        while status(&first).await != 401 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, over).await.expect("the first token ends");
    assert!(jiff::Timestamp::now().as_millisecond() >= until, "it ended before its time");
    assert_eq!(status(&second).await, 200);
    let tokens = place.admin.get("/connections/corp/tokens").await.unwrap();
    assert_eq!(tokens["tokens"].as_array().unwrap().len(), 1, "{tokens}");

    let third = place.admin.post("/connections/corp/tokens", &json!({})).await.unwrap();
    assert_eq!(status(&second).await, 401, "without an overlap it ends at once");
    assert_eq!(status(&place.client(text(&third, "token"))).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn revoked_connection_comes_back_with_everything() {
    let place = Place::new().await;
    let corp = place.connection("corp", "okta").await;
    let ada = made(&corp, "/Users", &json!({"schemas": [USER], "userName": "ada"})).await;
    place.admin.delete("/connections/corp/tokens").await.unwrap();
    assert_eq!(status(&corp).await, 401);
    let read = place.admin.get("/connections/corp").await.unwrap();
    assert_eq!(read["tokens"], json!([]), "{read}");
    assert_eq!(text(&place.admin.get("/users/ada").await.unwrap(), "id"), ada);
    let again = place.admin.post("/connections/corp/tokens", &json!({})).await.unwrap();
    let again = place.client(text(&again, "token"));
    assert_eq!(text(&again.get(&format!("/Users/{ada}")).await.unwrap(), "userName"), "ada");

    let audit = place.admin.get("/audit").await.unwrap();
    let actions: Vec<&str> =
        audit["records"].as_array().unwrap().iter().map(|record| text(record, "action")).collect();
    let expected =
        ["org.create", "connection.create", "scim.user.create", "connection.revoke", "connection.rotate"];
    assert_eq!(actions, expected);
    assert!(!audit.to_string().contains("cohort_scim_"), "no record tells a token");
}

/// The stream that a token opened ends with the token, and so does a request that waits for news.
#[tokio::test(flavor = "multi_thread")]
async fn revoking_a_token_ends_its_watchers() {
    let place = Place::new().await;
    let tokens = [place.server.token(ORG, &["edge"]).unwrap(), place.server.token(ORG, &["edge"]).unwrap()];
    let watch = |token: &str| {
        let url = format!("{}/orgs/{ORG}/edge/v1/watch", place.server.url);
        reqwest::Client::new().get(url).bearer_auth(token).send()
    };
    let (mut gone, mut kept) = (watch(&tokens[0]).await.unwrap(), watch(&tokens[1]).await.unwrap());
    let present = format!("data: {{\"revision\":{}}}", place.revision().await);
    for stream in [&mut gone, &mut kept] {
        let event = stream.chunk().await.unwrap().unwrap();
        assert!(String::from_utf8_lossy(&event).contains(&present), "{event:?}");
    }
    let edge = Client::edge(&place.server.url, ORG, &tokens[0]);
    let from = place.revision().await;
    let path = format!("/delta?from={from}&wait=30");
    let waiting = tokio::spawn(async move { edge.send(Method::GET, &path, None).await.unwrap() });

    let listed = place.admin.get("/tokens").await.unwrap();
    let edges = listed["tokens"].as_array().unwrap().iter().filter(|token| text(token, "access") == "edge");
    let ids: Vec<String> = edges.map(|token| text(token, "id").to_owned()).collect();
    assert_eq!(ids.len(), 2, "{listed}");
    // Both were made in the same moment, perhaps: the one whose token stops working is the one.
    for id in ids {
        place.admin.delete(&format!("/tokens/{id}")).await.unwrap();
        let first = Client::edge(&place.server.url, ORG, &tokens[0]);
        if first.send(Method::GET, "/snapshot", None).await.unwrap().status.as_u16() == 401 {
            break;
        }
    }
    // Well before anybody looks of himself, every 15 seconds.
    let ended = async { while gone.chunk().await.unwrap().is_some() {} };
    timeout(Duration::from_secs(10), ended).await.expect("the stream ends");
    let answer = timeout(Duration::from_secs(10), waiting).await.expect("the wait ends").unwrap();
    check_status(&answer, 401);
}

/// Whoever has the folder takes a token back while the server runs: the next request is refused, and a stream ends
/// when the server next looks.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_takes_tokens_back_beside_the_server() {
    let place = Place::new().await;
    let data = place.server.folder().to_string_lossy().into_owned();
    let cohort = |words: &[&str]| {
        let mut arguments = vec![words[0], "--data", &data, "--org", ORG];
        arguments.extend(&words[1..]);
        Programs::built().cohort(&arguments)
    };
    let before = cohort(&["tokens"]).unwrap();
    let token = place.server.token(ORG, &["edge"]).unwrap();
    place.connection("corp", "okta").await;
    let listed = cohort(&["tokens"]).unwrap();
    assert!(listed.lines().any(|line| line.contains(" scim corp ")), "{listed}");
    assert!(!listed.contains("cohort_"), "no list tells a token: {listed}");
    let edges: Vec<&str> = listed.lines().filter(|line| line.contains(" edge - ")).collect();
    assert_eq!((edges.len(), before.contains(" edge ")), (1, false), "{listed}");
    let id = edges[0].split(' ').next().unwrap();

    let url = format!("{}/orgs/{ORG}/edge/v1/watch", place.server.url);
    let mut stream = reqwest::Client::new().get(url).bearer_auth(&token).send().await.unwrap();
    assert!(stream.chunk().await.unwrap().is_some());
    cohort(&["revoke", "--token", id]).unwrap();
    let edge = Client::edge(&place.server.url, ORG, &token);
    check_status(&edge.send(Method::GET, "/snapshot", None).await.unwrap(), 401);
    let ended = async { while stream.chunk().await.unwrap().is_some() {} };
    timeout(PATIENCE, ended).await.expect("the stream ends");
    let gone = cohort(&["revoke", "--token", id]).unwrap_err().to_string();
    assert!(gone.contains(&format!("no token `{id}`")), "{gone}");
}

/// Where two sources have one user name, the primary connection's user is meant.
#[tokio::test(flavor = "multi_thread")]
async fn primary_connection_says_who_is_meant() {
    let place = Place::new().await;
    let (corp, partner) =
        (place.connection("corp", "okta").await, place.connection("partner", "entra").await);
    let body = json!({"schemas": [USER], "userName": "ada"});
    let (ada, _) = (made(&corp, "/Users", &body).await, made(&partner, "/Users", &body).await);
    let ambiguous = refused(&place, Method::GET, "/users/ada", None).await;
    assert_eq!(ambiguous, (409, "ambiguous".to_owned()));
    place.admin.patch("/connections/corp", &json!({"primary": true})).await.unwrap();
    assert_eq!(text(&place.admin.get("/users/ada").await.unwrap(), "id"), ada);
    assert_eq!(values(&corp.get("/Users").await.unwrap(), "Resources").len(), 1);
}
