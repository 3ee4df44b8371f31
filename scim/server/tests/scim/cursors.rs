//! Pages by cursor (RFC 9865).

use serde_json::{Value, json};

use crate::support::{Client, Server, refusal, text, texts};

/// All pages of a query with parameters, each with its resources' ids.
async fn walk(client: &Client, path: &str) -> Vec<Vec<String>> {
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}&cursor={cursor}")).await;
        assert!(page.status.is_success(), "{}", page.text);
        assert_eq!(page.body.get("startIndex"), None);
        pages.push(texts(&page.body, "id"));
        match page.body.get("nextCursor") {
            Some(Value::String(next)) => cursor.clone_from(next),
            None => return pages,
            Some(other) => panic!("{other} is no cursor"),
        }
        assert!(pages.len() < 100, "an endless walk");
    }
}

async fn users(client: &Client, names: &[&str]) -> Vec<String> {
    let mut ids = Vec::new();
    for name in names {
        ids.push(client.user(name).await);
    }
    ids
}

#[tokio::test]
async fn a_walk_gives_each_resource_once_in_order() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    let ids = users(&okta, &["d", "b", "e", "a", "c"]).await;
    let [d, b, e, a, c] = [0, 1, 2, 3, 4].map(|at| ids[at].clone());
    let made = [&d, &b, &e, &a, &c].map(Clone::clone);
    let named = [&a, &b, &c, &d, &e].map(Clone::clone);
    let mut unnamed = named.clone();
    unnamed.reverse();
    let cases = [
        ("/Users?count=2", &made),
        ("/Users?count=2&sortBy=userName", &named),
        ("/Users?count=2&sortBy=userName&sortOrder=descending", &unnamed),
        ("/Users?count=2&sortBy=meta.lastModified", &made),
        ("/Users?count=2&sortBy=id", &made),
        ("/Users?count=2&filter=active+eq+true", &made),
        ("/Users?count=2&filter=active+eq+true&sortBy=userName", &named),
        ("/Users?count=2&filter=meta.lastModified+gt+%222000-01-01T00:00:00Z%22", &made),
        ("?count=2&sortBy=meta.created", &made),
    ];
    for (path, expected) in cases {
        let pages = walk(&okta, path).await;
        let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
        assert_eq!(
            (sizes.as_slice(), pages.concat().as_slice()),
            ([2, 2, 1].as_slice(), expected.as_slice()),
            "{path}"
        );
    }
    assert_eq!(walk(&okta, "/Users?count=5").await.len(), 1);
    assert_eq!(walk(&okta, "/Groups?count=5").await, [Vec::<String>::new()]);
}

/// Walks along `path` while on each page everybody who `goes` is removed and somebody new is made.
///
/// `path` ends where the cursor or the index of a page is to be written.
async fn walk_among_changes(client: &Client, path: &str) {
    let (mut stays, mut goes) = (Vec::new(), Vec::new());
    for number in 0..30 {
        goes.push(client.user(&format!("goes-{number:02}")).await);
        stays.push(client.user(&format!("stays-{number:02}")).await);
    }
    let by_index = path.ends_with("startIndex=");
    let (mut seen, mut next) = (Vec::new(), if by_index { "1" } else { "" }.to_owned());
    loop {
        let page = client.get(&format!("{path}{next}")).await.body;
        let ids = texts(&page, "id");
        // The row on which the page ends goes too.
        for id in ids.iter().filter(|id| goes.contains(id)) {
            let gone = client.send(reqwest::Method::DELETE, &format!("/Users/{id}"), &[], None).await;
            assert_eq!(gone.status, 204);
        }
        goes.push(client.user(&format!("later-{}", goes.len())).await);
        let is_full = ids.len() == 7;
        seen.extend(ids);
        match page.get("nextCursor") {
            Some(_) => next = text(&page, "nextCursor"),
            None if by_index && is_full => next = (seen.len() + 1).to_string(),
            None => break,
        }
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), seen.len(), "{path}: somebody was listed twice");
    assert!(stays.iter().all(|id| seen.contains(id)), "{path}: somebody was left out");
}

#[tokio::test]
async fn a_walk_is_complete_while_others_come_and_go() {
    let server = Server::start();
    for (number, path) in [
        "/Users?count=7&cursor=",
        "/Users?count=7&sortBy=userName&cursor=",
        "/Users?count=7&filter=active+eq+true&cursor=",
        "/Users?count=7&startIndex=",
        "/Users?count=7&sortBy=userName&sortOrder=descending&startIndex=",
    ]
    .into_iter()
    .enumerate()
    {
        walk_among_changes(&server.client(&format!("provider-{number}"), "okta"), path).await;
    }
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_query_and_connection() {
    let server = Server::start();
    let (okta, entra) = (server.client("okta", "okta"), server.client("entra", "entra"));
    for client in [&okta, &entra] {
        users(client, &["a", "b", "c"]).await;
        client.made("/Groups", &json!({"displayName": "g"})).await;
        client.made("/Groups", &json!({"displayName": "h"})).await;
    }
    let first = okta.get("/Users?count=1&cursor").await.body;
    assert_eq!(first["totalResults"], 3);
    let cursor = text(&first, "nextCursor");
    assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)), "{cursor}");
    assert_eq!(
        texts(&okta.get(&format!("/Users?count=2&cursor={cursor}")).await.body, "userName"),
        ["b", "c"]
    );
    let searched = okta.post("/Users/.search", &json!({"count": 2, "cursor": cursor})).await.body;
    assert_eq!(texts(&searched, "userName"), ["b", "c"]);

    let forged = okta.get(&format!("/Users?cursor={}", "0".repeat(cursor.len()))).await;
    assert_eq!((refusal(&forged).0, refusal(&forged).1), (400, "invalidCursor"));
    for path in [
        format!("/Groups?cursor={cursor}"),
        format!("?cursor={cursor}"),
        format!("/Users?sortBy=userName&cursor={cursor}"),
        format!("/Users?filter=title+pr&cursor={cursor}"),
        format!("/Users?cursor={cursor}00"),
        "/Users?cursor=x".to_owned(),
    ] {
        assert_eq!(okta.get(&path).await.text, forged.text, "{path}");
    }
    let foreign = entra.get(&format!("/Users?cursor={cursor}")).await;
    assert_eq!(foreign.text, forged.text);
}

#[tokio::test]
async fn a_page_by_cursor_has_a_positive_count() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    for count in ["0", "-1", "some"] {
        let refused = okta.get(&format!("/Users?cursor=&count={count}")).await;
        assert_eq!(refusal(&refused).1, "invalidCount", "{count}");
    }
}
