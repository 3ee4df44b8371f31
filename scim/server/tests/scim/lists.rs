//! Lists: searches by POST, orders, counts, and the root (RFC 7644 sections 3.4.2 and 3.4.3).

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{Client, Server, refusal, text, texts};

const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// Three users and a group.
async fn staff(client: &Client) -> [String; 4] {
    let bob = client.made("/Users", &json!({"userName": "bob", "title": "clerk"})).await;
    let ada = client.made("/Users", &json!({"userName": "Ada", "title": "Countess"})).await;
    let eve = client.made("/Users", &json!({"userName": "eve"})).await;
    let group = client.made("/Groups", &json!({"displayName": "Board", "members": [{"value": ada}]})).await;
    [bob, ada, eve, group]
}

#[tokio::test]
async fn a_search_by_post_answers_as_the_same_query_by_get() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    staff(&okta).await;
    let cases = [
        (
            "/Users",
            "?filter=title+pr&sortBy=userName&attributes=userName",
            json!({
                "schemas": [SEARCH], "filter": "title pr", "sortBy": "userName", "attributes": ["userName"],
            }),
        ),
        ("/Users", "?startIndex=2&count=1", json!({"schemas": [SEARCH], "startIndex": 2, "count": 1})),
        (
            "/Groups",
            "?excludedAttributes=members,meta",
            json!({
                "schemas": [SEARCH], "excludedAttributes": ["members", "meta"],
            }),
        ),
        (
            "",
            "?filter=meta.resourceType+eq+%22Group%22",
            json!({
                "schemas": [SEARCH], "filter": "meta.resourceType eq \"Group\"",
            }),
        ),
    ];
    for (endpoint, parameters, body) in cases {
        let by_get = okta.get(&format!("{endpoint}{parameters}")).await;
        let by_post = okta.post(&format!("{endpoint}/.search"), &body).await;
        assert_eq!(by_post.status, StatusCode::OK, "{}", by_post.text);
        assert_eq!(by_post.text, by_get.text, "{body}");
        assert_ne!(by_get.body["totalResults"], 0, "{body}");
    }
}

#[tokio::test]
async fn a_search_that_cannot_be_read_is_refused() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    let refused = okta.post("/Users/.search", &json!({"filter": "favourite eq 1"})).await;
    assert_eq!(refusal(&refused).1, "invalidFilter");
    let refused = okta.post("/Users/.search", &json!({"filter": 7})).await;
    assert_eq!(refusal(&refused), (400, "invalidSyntax", "`filter` is number; expected a string"));
    let strict = server.client("strict", "strict");
    let refused = strict.post("/Users/.search", &json!({"count": 1})).await;
    assert_eq!(refusal(&refused).1, "invalidSyntax");
    assert_eq!(okta.get("/Users/.search").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

/// A page was given when there were others; a later walk that comes by its end tells nobody twice.
#[tokio::test]
async fn a_walk_does_not_go_on_where_an_earlier_page_ended() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    let [bob, ada, eve, _] = staff(&okta).await;
    let dan = okta.made("/Users", &json!({"userName": "dan"})).await;
    let page = okta.get("/Users?startIndex=1&count=3").await;
    assert_eq!(texts(&page.body, "id"), [bob.as_str(), &ada, &eve]);
    okta.send(Method::DELETE, &format!("/Users/{bob}"), &[], None).await;
    let all = okta.get("/Users?startIndex=1&count=100").await;
    assert_eq!(texts(&all.body, "id"), [ada.as_str(), &eve, &dan]);
    let rest = okta.get("/Users?startIndex=4&count=100").await;
    assert_eq!(rest.body["totalResults"], 3);
    assert_eq!(rest.body["Resources"].as_array().map_or(0, Vec::len), 0, "{}", rest.text);
}

#[tokio::test]
async fn resources_are_sorted_by_any_attribute() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    let [bob, ..] = staff(&okta).await;
    okta.patched(&format!("/Users/{bob}"), &json!([{"op": "add", "path": "title", "value": "cook"}])).await;
    let cases = [
        ("sortBy=userName", ["Ada", "bob", "eve"]),
        ("sortBy=userName&sortOrder=descending", ["eve", "bob", "Ada"]),
        ("sortBy=title", ["bob", "Ada", "eve"]),
        ("sortBy=title&sortOrder=descending", ["eve", "Ada", "bob"]),
        ("sortBy=meta.lastModified", ["Ada", "eve", "bob"]),
        ("sortBy=meta.lastModified&sortOrder=Descending", ["bob", "eve", "Ada"]),
        ("sortBy=meta.created", ["bob", "Ada", "eve"]),
        ("sortBy=userName&filter=active+eq+true", ["Ada", "bob", "eve"]),
    ];
    for (parameters, expected) in cases {
        let page = okta.get(&format!("/Users?{parameters}")).await;
        assert_eq!(texts(&page.body, "userName"), expected, "{parameters}");
        let second = okta.get(&format!("/Users?{parameters}&startIndex=2&count=1")).await;
        assert_eq!(texts(&second.body, "userName"), expected[1..2], "{parameters}");
        assert_eq!(second.body["totalResults"], 3);
    }
    let refused = okta.get("/Users?sortBy=name").await;
    assert_eq!(refusal(&refused).1, "invalidValue");
}

#[tokio::test]
async fn of_several_values_the_primary_one_sorts() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    let emails = |first: &str, second: &str, primary: bool| json!([{"value": first, "type": "home"}, {"value": second, "type": "work", "primary": primary}]);
    for (name, emails) in [
        ("first", emails("b@x.org", "a@x.org", false)),
        ("primary", emails("c@x.org", "A@x.org", true)),
        ("none", json!([])),
    ] {
        okta.made("/Users", &json!({"userName": name, "emails": emails})).await;
    }
    for by in ["emails", "emails.value"] {
        let page = okta.get(&format!("/Users?sortBy={by}")).await.body;
        assert_eq!(texts(&page, "userName"), ["primary", "first", "none"], "{by}");
    }
}

#[tokio::test]
async fn a_count_of_nothing_gives_the_total_alone() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    staff(&okta).await;
    for (path, total) in [
        ("/Users?count=0", 3),
        ("/Users?count=-3", 3),
        ("/Users?count=0&filter=title+pr", 2),
        ("/Users?count=0&filter=userName+eq+%22ada%22", 1),
        ("/Users?count=0&sortBy=title", 3),
        ("/Groups?count=0", 1),
        ("?count=0", 4),
    ] {
        let page = okta.get(path).await.body;
        assert_eq!((&page["totalResults"], &page["Resources"]), (&json!(total), &json!([])), "{path}");
    }
}

#[tokio::test]
async fn the_root_lists_all_types() {
    let server = Server::start();
    let (okta, entra) = (server.client("okta", "okta"), server.client("entra", "entra"));
    let [bob, ada, eve, board] = staff(&okta).await;
    let page = okta.get("").await.body;
    assert_eq!(texts(&page, "id"), [&bob, &ada, &eve, &board].map(String::as_str));
    let page = okta.get("?filter=displayName+eq+%22board%22+or+userName+eq+%22eve%22").await.body;
    assert_eq!(texts(&page, "id"), [&eve, &board].map(String::as_str));
    let page = okta.get("?sortBy=meta.created&sortOrder=descending&count=2").await.body;
    assert_eq!(texts(&page, "id"), [&board, &eve].map(String::as_str));
    assert_eq!(okta.get("?filter=favourite+pr").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(entra.get("").await.body["totalResults"], 0);
}

#[tokio::test]
async fn nobody_is_me() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let reply = okta.send(method, "/Me", &[], Some("{}".to_owned())).await;
        let (status, _, detail) = refusal(&reply);
        assert_eq!(status, 501);
        assert!(detail.starts_with("the token stands for a provider's connection"), "{detail}");
    }
    let stranger = Client { token: "none".to_owned(), ..okta };
    assert_eq!(stranger.get("/Me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn another_version_of_the_protocol_is_named() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    let base = okta.base.replace("/scim/v2", "/scim");
    let other = Client { base, ..okta };
    let refused = other.get("/v1/Users").await;
    assert_eq!(refusal(&refused), (400, "invalidVers", "protocol version `v1`; expected v2"));
    assert_eq!(other.get("/v2.1/Users").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(other.get("/vain/Users").await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.get("/v2/Users").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_config_announces_orders_and_pages() {
    let server = Server::start();
    let config = server.client("okta", "okta").get("/ServiceProviderConfig").await.body;
    assert_eq!(config["sort"]["supported"], true);
    assert_eq!(text(&config["pagination"], "defaultPaginationMethod"), "index");
}
