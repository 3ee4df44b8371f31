//! Filters (RFC 7644 section 3.4.2.2): each over the same people, with the names that match.

use cohort_tests::client::Client;
use reqwest::Method;
use serde_json::{Value, json};

use super::{ENTERPRISE, GROUP, Place, USER, check_refused, made, text};

async fn people(place: &Place, dialect: &str) -> Client {
    let client = place.connection(dialect, dialect).await;
    for body in [
        json!({"schemas": [USER, ENTERPRISE], "userName": "Ada", "displayName": "Ada \"L\" Lovelace", "title": "Engineer",
            "active": true, "externalId": "e1", "name": {"familyName": "Lovelace"},
            "emails": [{"value": "ada@work.org", "type": "work", "primary": true}, {"value": "ada@home.org", "type": "home"}],
            ENTERPRISE: {"department": "Engines", "manager": {"value": "m1"}}}),
        json!({"schemas": [USER, ENTERPRISE], "userName": "bob", "displayName": "Bob", "active": false,
            "emails": [{"value": "bob@home.org", "type": "home"}], ENTERPRISE: {"department": "Sales"}}),
        json!({"schemas": [USER], "userName": "eve", "title": "Clerk", "active": true}),
    ] {
        made(&client, "/Users", &body).await;
    }
    client
}

fn encoded(filter: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    filter
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

async fn names(client: &Client, filter: &str) -> Vec<String> {
    let list = client.get(&format!("/Users?filter={}", encoded(filter))).await.unwrap();
    let resources = list.get("Resources").and_then(Value::as_array).cloned().unwrap_or_default();
    assert_eq!(list["totalResults"], resources.len(), "{filter}");
    resources.iter().map(|user| text(user, "userName").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_match_whom_they_mean() {
    let place = Place::new().await;
    let client = people(&place, "default").await;
    let (all, none): (&[&str], &[&str]) = (&["Ada", "bob", "eve"], &[]);
    for (filter, expected) in [
        ("userName eq \"ada\"", &["Ada"][..]),
        ("userName EQ \"ADA\"", &["Ada"]),
        ("userName ne \"ada\"", &["bob", "eve"]),
        ("userName co \"D\"", &["Ada"]),
        ("userName sw \"b\"", &["bob"]),
        ("userName ew \"E\"", &["eve"]),
        ("title pr", &["Ada", "eve"]),
        ("not (title pr)", &["bob"]),
        ("userName gt \"b\"", &["bob", "eve"]),
        ("userName ge \"bob\"", &["bob", "eve"]),
        ("userName lt \"b\"", &["Ada"]),
        ("userName le \"bob\"", &["Ada", "bob"]),
        ("active eq true", &["Ada", "eve"]),
        ("active eq false", &["bob"]),
        // A missing value is equal to nothing, and different from everything.
        ("title eq \"Engineer\"", &["Ada"]),
        ("title ne \"Engineer\"", &["bob", "eve"]),
        // `and` binds closer than `or`, `not` closer than both.
        ("userName eq \"eve\" or userName eq \"bob\" and active eq true", &["eve"]),
        ("(userName eq \"eve\" or userName eq \"bob\") and active eq false", &["bob"]),
        ("not (active eq true) or title eq \"clerk\"", &["bob", "eve"]),
        ("not (active eq true or title pr)", &["bob"]),
        // One element has to meet all conditions between brackets.
        ("emails[type eq \"work\" and value co \"ada\"]", &["Ada"]),
        ("emails[type eq \"work\" and value co \"home\"]", none),
        ("emails.type eq \"work\" and emails.value co \"home\"", &["Ada"]),
        ("emails[not (type eq \"work\")]", &["Ada", "bob"]),
        ("emails[type eq \"work\"].value eq \"ada@work.org\"", &["Ada"]),
        ("emails eq \"bob@home.org\"", &["bob"]),
        ("emails co \"home.org\"", &["Ada", "bob"]),
        ("name.familyName eq \"lovelace\"", &["Ada"]),
        ("name pr", &["Ada"]),
        ("displayName eq \"Ada \\\"L\\\" Lovelace\"", &["Ada"]),
        ("displayName eq \"\\u0042ob\"", &["bob"]),
        ("urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"bob\"", &["bob"]),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"sales\"", &["bob"]),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq \"m1\"", &["Ada"]),
        ("meta.resourceType eq \"User\"", all),
        ("meta.created gt \"2020-01-01T00:00:00Z\"", all),
        ("meta.lastModified gt \"2020-01-01T02:00:00+02:00\"", all),
        ("meta.lastModified lt \"2020-01-01T00:00:00Z\"", none),
        ("externalId eq \"e1\"", &["Ada"]),
        ("externalId eq \"E1\"", none),
    ] {
        assert_eq!(names(&client, filter).await, expected, "{filter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_that_are_none_are_refused() {
    let place = Place::new().await;
    let client = people(&place, "default").await;
    let long = format!("userName eq \"{}\"", "x".repeat(50_000));
    let deep = format!("{}userName pr{}", "(".repeat(5_000), ")".repeat(5_000));
    let wide = vec!["userName pr"; 2_000].join(" or ");
    for filter in [
        "userName",
        "userName eq",
        "userName eq ada",
        "userName xx \"ada\"",
        "userName eq \"ada\" and",
        "userName eq \"ada",
        "(userName eq \"ada\"",
        "userName eq \"ada\")",
        "emails[type eq \"work\"",
        "eq \"ada\"",
        "active gt true",
        "userName eq \"\\x\"",
        "x509Certificates.value gt \"a\"",
        "",
    ] {
        let reply =
            client.send(Method::GET, &format!("/Users?filter={}", encoded(filter)), None).await.unwrap();
        if filter.is_empty() && reply.status.as_u16() == 200 {
            continue;
        }
        check_refused(&reply, 400, Some("invalidFilter"));
    }
    for filter in [long, deep, wide] {
        let reply =
            client.send(Method::GET, &format!("/Users?filter={}", encoded(&filter)), None).await.unwrap();
        let status = reply.status.as_u16();
        assert!([400, 413, 414, 431].contains(&status), "{status}: {}", reply.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_attributes_in_filters_are_refused() {
    let place = Place::new().await;
    let client = people(&place, "strict").await;
    for filter in ["shoeSize eq 43", "name.shoe pr", "urn:example:x eq \"1\""] {
        let reply =
            client.send(Method::GET, &format!("/Users?filter={}", encoded(filter)), None).await.unwrap();
        check_refused(&reply, 400, Some("invalidFilter"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_found_by_their_members() {
    let place = Place::new().await;
    let client = people(&place, "default").await;
    let users = client.get("/Users").await.unwrap();
    let ada = text(&users["Resources"][0], "id").to_owned();
    let group =
        |name: &str, members: Value| json!({"schemas": [GROUP], "displayName": name, "members": members});
    let sales = made(&client, "/Groups", &group("Sales", json!([{"value": ada}]))).await;
    made(&client, "/Groups", &group("Empty", json!([]))).await;
    for filter in [
        format!("members[value eq \"{ada}\"]"),
        format!("members.value eq \"{ada}\""),
        format!("members eq \"{ada}\""),
        format!("id eq \"{sales}\""),
        "displayName eq \"sales\"".to_owned(),
        "members pr".to_owned(),
    ] {
        let list = client.get(&format!("/Groups?filter={}", encoded(&filter))).await.unwrap();
        assert_eq!(list["totalResults"], 1, "{filter}: {list}");
        assert_eq!(text(&list["Resources"][0], "id"), sales, "{filter}");
    }
}
