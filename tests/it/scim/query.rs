//! GET of one and of many, page by page (RFC 7644 sections 3.4.1 and 3.4.2).

use cohort_tests::client::Client;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Place, USER, check_refused, made, text};

/// A connection with this many users, and their ids in the order in which they were made.
async fn people(place: &Place, count: usize) -> (Client, Vec<String>) {
    let client = place.connection("corp", "default").await;
    let mut ids = Vec::new();
    for number in 0..count {
        let body = json!({"schemas": [USER], "userName": format!("u{number:03}")});
        ids.push(text(&client.post("/Users", &body).await.unwrap(), "id").to_owned());
    }
    (client, ids)
}

fn ids(list: &Value) -> Vec<String> {
    let resources = list.get("Resources").and_then(Value::as_array).cloned().unwrap_or_default();
    resources.iter().map(|one| text(one, "id").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_not_found() {
    let place = Place::new().await;
    let (client, ids) = people(&place, 1).await;
    for path in ["/Users/none", "/Users/01a20159-d608-7b20-8be9-fe62e6fe6b94", "/Groups/none"] {
        check_refused(&client.send(Method::GET, path, None).await.unwrap(), 404, None);
    }
    // A user is no group.
    check_refused(&client.send(Method::GET, &format!("/Groups/{}", ids[0]), None).await.unwrap(), 404, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_match_is_an_empty_list() {
    let place = Place::new().await;
    let (client, _) = people(&place, 2).await;
    let list = client.get("/Users?filter=userName%20eq%20%22eve%22").await.unwrap();
    assert_eq!(list["totalResults"], 0);
    assert!(ids(&list).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_say_what_they_are() {
    let place = Place::new().await;
    let (client, made) = people(&place, 7).await;
    for (query, from, shown) in [
        ("startIndex=1&count=3", 1, &made[..3]),
        ("startIndex=4&count=3", 4, &made[3..6]),
        ("startIndex=7&count=3", 7, &made[6..]),
        ("startIndex=8&count=3", 8, &made[..0]),
        ("startIndex=0&count=2", 1, &made[..2]),
        ("startIndex=-5&count=2", 1, &made[..2]),
        ("count=100", 1, &made[..]),
        ("startIndex=2", 2, &made[1..]),
    ] {
        let list = client.get(&format!("/Users?{query}")).await.unwrap();
        assert_eq!(ids(&list), shown, "{query}");
        assert_eq!((&list["totalResults"], &list["startIndex"]), (&json!(7), &json!(from)), "{query}");
        assert_eq!(list["itemsPerPage"], shown.len(), "{query}");
    }
    for query in ["count=0", "count=-3"] {
        let list = client.get(&format!("/Users?{query}")).await.unwrap();
        assert_eq!((list["totalResults"].as_u64(), ids(&list).len()), (Some(7), 0), "{query}");
    }
    for query in ["startIndex=x", "count=many"] {
        let reply = client.send(Method::GET, &format!("/Users?{query}"), None).await.unwrap();
        check_refused(&reply, 400, Some("invalidValue"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filtered_list_is_paged_like_all() {
    let place = Place::new().await;
    let (client, made) = people(&place, 12).await;
    let filter = "filter=userName%20sw%20%22u0%22%20and%20not%20(userName%20eq%20%22u003%22)";
    let mut seen = Vec::new();
    while seen.len() < 11 {
        let list =
            client.get(&format!("/Users?{filter}&startIndex={}&count=4", seen.len() + 1)).await.unwrap();
        assert_eq!(list["totalResults"], 11);
        seen.extend(ids(&list));
    }
    let expected: Vec<String> =
        made.iter().enumerate().filter(|(at, _)| *at != 3).map(|(_, id)| id.clone()).collect();
    assert_eq!(seen, expected);
}

/// A page is at most as large as the server says, whatever is asked for, and a hundred are always given.
#[tokio::test(flavor = "multi_thread")]
async fn pages_have_a_limit() {
    let place = Place::new().await;
    let (client, made) = people(&place, 130).await;
    let config = client.get("/ServiceProviderConfig").await.unwrap();
    let most = config["filter"]["maxResults"].as_u64().unwrap() as usize;
    for (query, at_least) in [("", 100), ("?count=100", 100), ("?count=1000000", 100)] {
        let list = client.get(&format!("/Users{query}")).await.unwrap();
        let shown = ids(&list);
        assert!(shown.len() >= at_least && shown.len() <= most, "{query}: {}", shown.len());
        assert_eq!(shown, made[..shown.len()]);
        assert_eq!(list["totalResults"], 130);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_change_nothing() {
    let place = Place::new().await;
    let (client, _) = people(&place, 3).await;
    let before = place.revision().await;
    made(&client, "/Users", &json!({"schemas": [USER], "userName": "last"})).await;
    assert_eq!(place.revision().await, before + 1, "a POST is one revision, and its GET none");
    client.get("/Users?attributes=userName&count=2").await.unwrap();
    assert_eq!(place.revision().await, before + 1);
}
