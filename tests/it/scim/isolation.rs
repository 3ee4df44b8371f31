//! What one connection pushed is not there for another: its answers are those for an id that nobody ever had.

use cohort_tests::client::{Client, Reply};
use reqwest::Method;
use serde_json::{Value, json};

use super::{GROUP, ORG, PATCH_OP, Place, USER, check_status, made, text};

const RANDOM: &str = "01a20159-d608-7b20-8be9-fe62e6fe6b94";

/// Everything of an answer that a client can see but the time, with `name` taken out.
fn seen(reply: &Reply, name: &str) -> (u16, Vec<(String, String)>, String) {
    let mut headers: Vec<(String, String)> = reply
        .headers
        .iter()
        .filter(|(header, _)| !matches!(header.as_str(), "date" | "content-length"))
        .map(|(header, value)| (header.to_string(), value.to_str().unwrap().replace(name, "NAME")))
        .collect();
    headers.sort();
    (reply.status.as_u16(), headers, reply.text.replace(name, "NAME"))
}

/// Sends a request about `name` and the same about `random`: the answers are one.
async fn check(client: &Client, method: &Method, ask: &dyn Fn(&str) -> (String, Value), names: (&str, &str)) {
    let (name, random) = names;
    let mut answers = Vec::new();
    for asked in [name, random] {
        let (path, body) = ask(asked);
        let body = (!body.is_null()).then_some(&body);
        let reply = client.send(method.clone(), &path, body).await.unwrap();
        assert!(reply.status.as_u16() < 500, "{}: {}", reply.request, reply.text);
        answers.push(seen(&reply, asked));
    }
    assert_eq!(answers[0], answers[1], "{method} about {name}");
}

/// Two connections of one organisation, the first with a user and a group.
struct Stage {
    place: Place,
    own: Client,
    other: Client,
    user: String,
    group: String,
}

impl Stage {
    async fn new() -> Self {
        let place = Place::new().await;
        let (own, other) =
            (place.connection("own", "default").await, place.connection("other", "default").await);
        let ada = json!({"schemas": [USER], "userName": "ada", "externalId": "e-ada", "displayName": "Ada"});
        let user = made(&own, "/Users", &ada).await;
        let sales = json!({"schemas": [GROUP], "displayName": "Sales", "externalId": "e-sales",
            "members": [{"value": user}]});
        let group = made(&own, "/Groups", &sales).await;
        Self { place, own, other, user, group }
    }

    /// What its owner sees of both.
    async fn state(&self) -> (Value, Value, u64) {
        let user = self.own.get(&format!("/Users/{}", self.user)).await.unwrap();
        let group = self.own.get(&format!("/Groups/{}", self.group)).await.unwrap();
        (user, group, self.place.revision().await)
    }
}

fn patch(operation: &Value) -> Value {
    json!({"schemas": [PATCH_OP], "Operations": [operation]})
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_ids_are_like_random_ones() {
    let stage = Stage::new().await;
    let before = stage.state().await;
    for (kind, id, body) in [
        ("Users", &stage.user, json!({"schemas": [USER], "userName": "eve"})),
        ("Groups", &stage.group, json!({"schemas": [GROUP], "displayName": "Spies"})),
    ] {
        let names = (id.as_str(), RANDOM);
        let at = |body: Value| move |id: &str| (format!("/{kind}/{id}"), body.clone());
        let rename = patch(&json!({"op": "replace", "path": "displayName", "value": "x"}));
        check(&stage.other, &Method::GET, &at(Value::Null), names).await;
        check(&stage.other, &Method::PUT, &at(body), names).await;
        check(&stage.other, &Method::PATCH, &at(rename), names).await;
        check(&stage.other, &Method::DELETE, &at(Value::Null), names).await;
        let gone = stage.other.send(Method::GET, &format!("/{kind}/{id}"), None).await.unwrap();
        check_status(&gone, 404);
    }
    assert_eq!(stage.state().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_names_match_no_filter() {
    let stage = Stage::new().await;
    for (kind, attribute, name) in [
        ("Users", "userName", "ada"),
        ("Users", "externalId", "e-ada"),
        ("Users", "displayName", "Ada"),
        ("Users", "id", stage.user.as_str()),
        ("Groups", "displayName", "Sales"),
        ("Groups", "externalId", "e-sales"),
        ("Groups", "id", stage.group.as_str()),
        ("Groups", "members.value", stage.user.as_str()),
    ] {
        let ask = |name: &str| (format!("/{kind}?filter={attribute}%20eq%20%22{name}%22"), Value::Null);
        check(&stage.other, &Method::GET, &ask, (name, RANDOM)).await;
        let found = stage.own.get(&ask(name).0).await.unwrap();
        assert_eq!(found["totalResults"], 1, "{kind} {attribute}: the owner finds it");
    }
    for kind in ["Users", "Groups"] {
        let all = stage.other.get(&format!("/{kind}")).await.unwrap();
        assert_eq!(all["totalResults"], 0, "{all}");
    }
}

/// A foreign user as a member waits as one does whom nobody knows, and never becomes a member.
#[tokio::test(flavor = "multi_thread")]
async fn foreign_ids_are_no_members() {
    let stage = Stage::new().await;
    let spies = made(&stage.other, "/Groups", &json!({"schemas": [GROUP], "displayName": "Spies"})).await;
    let before = stage.state().await.0;
    for op in ["add", "remove", "replace"] {
        for foreign in [&stage.user, &stage.group] {
            let ask = |id: &str| {
                let operation = json!({"op": op, "path": "members", "value": [{"value": id}]});
                (format!("/Groups/{spies}"), patch(&operation))
            };
            check(&stage.other, &Method::PATCH, &ask, (foreign, RANDOM)).await;
            let found = stage.other.get(&format!("/Groups/{spies}")).await.unwrap();
            assert!(found.get("members").is_none(), "{found}");
        }
    }
    assert_eq!(stage.state().await.0, before);
}

/// The names of one connection are free in another, so that a conflict tells nothing.
#[tokio::test(flavor = "multi_thread")]
async fn foreign_names_are_free() {
    let stage = Stage::new().await;
    let before = stage.state().await;
    let ada = json!({"schemas": [USER], "userName": "ada", "externalId": "e-ada"});
    let twin = made(&stage.other, "/Users", &ada).await;
    assert_ne!(twin, stage.user);
    let sales = json!({"schemas": [GROUP], "displayName": "Sales", "externalId": "e-sales"});
    made(&stage.other, "/Groups", &sales).await;
    let after = stage.state().await;
    assert_eq!((after.0, after.1), (before.0, before.1));
}

/// To a token of another organisation, this one is like one that does not exist.
#[tokio::test(flavor = "multi_thread")]
async fn foreign_organisations_are_like_random_ones() {
    let stage = Stage::new().await;
    let data = stage.place.server.folder().to_string_lossy().into_owned();
    let programs = cohort_tests::program::Programs::built();
    programs.cohort(&["init", "--data", &data, "--org", "rival"]).unwrap();
    for purpose in ["scim", "admin", "edge"] {
        let token = stage.place.server.token("rival", &[purpose]).unwrap();
        for path in [
            format!("scim/v2/Users/{}", stage.user),
            "scim/v2/Users?filter=userName%20eq%20%22ada%22".to_owned(),
            "scim/v2/ServiceProviderConfig".to_owned(),
            "api/v1/users/ada".to_owned(),
            "api/v1/connections/own".to_owned(),
            "edge/v1/snapshot".to_owned(),
        ] {
            let mut answers = Vec::new();
            for org in [ORG, "nobody"] {
                let url = format!("{}/orgs/{org}/{path}", stage.place.server.url);
                let answer = reqwest::Client::new().get(url).bearer_auth(&token).send().await.unwrap();
                let (status, body) = (answer.status().as_u16(), answer.text().await.unwrap());
                assert!(!body.contains("Ada") && !body.contains(&stage.user) || status == 404, "{body}");
                answers.push((status, body.replace(org, "ORG")));
            }
            assert_eq!(answers[0], answers[1], "{purpose} {path}");
        }
    }
    let own = stage.own.get(&format!("/Users/{}", stage.user)).await.unwrap();
    assert_eq!(text(&own, "userName"), "ada");
}

/// A cursor of one connection is to another what a text is that was never a cursor.
#[tokio::test(flavor = "multi_thread")]
async fn foreign_cursors_are_like_random_ones() {
    let stage = Stage::new().await;
    for name in ["bob", "eve", "joe"] {
        made(&stage.own, "/Users", &json!({"schemas": [USER], "userName": name})).await;
    }
    let first = stage.own.get("/Users?cursor&count=2").await.unwrap();
    let cursor = text(&first, "nextCursor");
    let flipped = if cursor.ends_with('A') { "B" } else { "A" };
    let random = format!("{}{flipped}", cursor.get(..cursor.len() - 1).unwrap());
    let next = stage.own.get(&format!("/Users?cursor={cursor}&count=2")).await.unwrap();
    assert_eq!(next["Resources"].as_array().unwrap().len(), 2, "its owner goes on with it: {next}");
    let ask = |cursor: &str| (format!("/Users?cursor={cursor}&count=2"), Value::Null);
    check(&stage.other, &Method::GET, &ask, (cursor, &random)).await;
    let refused = stage.other.send(Method::GET, &ask(cursor).0, None).await.unwrap();
    super::check_refused(&refused, 400, Some("invalidCursor"));
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_ids_in_bulk_are_like_random_ones() {
    let stage = Stage::new().await;
    let spies = made(&stage.other, "/Groups", &json!({"schemas": [GROUP], "displayName": "Spies"})).await;
    let before = stage.state().await.0;
    for foreign in [&stage.user, &stage.group] {
        for kind in ["Users", "Groups"] {
            let ask = |id: &str| {
                let title = json!({"op": "replace", "path": "displayName", "value": "x"});
                let member = json!({"op": "add", "path": "members", "value": [{"value": id}]});
                let operations = json!([
                    {"method": "PATCH", "path": format!("/{kind}/{id}"), "data": patch(&title)},
                    {"method": "DELETE", "path": format!("/{kind}/{id}")},
                    {"method": "PATCH", "path": format!("/Groups/{spies}"), "data": patch(&member)},
                ]);
                let schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
                ("/Bulk".to_owned(), json!({"schemas": schemas, "Operations": operations}))
            };
            check(&stage.other, &Method::POST, &ask, (foreign, RANDOM)).await;
        }
    }
    assert!(stage.other.get(&format!("/Groups/{spies}")).await.unwrap().get("members").is_none());
    assert_eq!(stage.state().await.0, before);
}
