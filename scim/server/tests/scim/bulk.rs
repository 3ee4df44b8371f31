//! Many operations in one request (RFC 7644 section 3.7).

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Reply, Server, refusal, text, texts};

const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

async fn sent(client: &Client, more: Value, operations: Value) -> Reply {
    let mut body = json!({"schemas": [BULK], "Operations": operations});
    body.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
    client.post("/Bulk", &body).await
}

/// The operations of the answer, which is 200 whatever became of them.
async fn bulk(client: &Client, operations: Value) -> Vec<Value> {
    let reply = sent(client, Value::Null, operations).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    assert_eq!(reply.body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:BulkResponse"]));
    reply.body["Operations"].as_array().expect("operations").clone()
}

fn statuses(answers: &[Value]) -> Vec<String> {
    answers.iter().map(|answer| text(answer, "status")).collect()
}

fn user(bulk_id: &str) -> Value {
    json!({"method": "POST", "path": "/Users", "bulkId": bulk_id, "data": {"userName": bulk_id}})
}

fn group(bulk_id: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
    let data = json!({"displayName": bulk_id, "members": members});
    json!({"method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": data})
}

/// The part of the path that an answer's location names, as a GET wants it.
fn path(client: &Client, answer: &Value) -> String {
    text(answer, "location").strip_prefix(&client.base).expect("a URL of this server").to_owned()
}

/// The names of a group's members, sorted.
async fn members(client: &Client, group: &str) -> Vec<String> {
    let group = client.get(&format!("{group}?attributes=members.display")).await.body;
    let members = group["members"].as_array().cloned().unwrap_or_default();
    let mut names: Vec<String> = members.iter().map(|member| text(member, "display")).collect();
    names.sort();
    names
}

#[tokio::test]
async fn each_operation_is_answered_for_itself() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    let (bob, eve) = (okta.user("bob").await, okta.user("eve").await);
    let version = text(&okta.get(&format!("/Users/{bob}")).await.body["meta"], "version");
    let answers = bulk(&okta, json!([
        user("ada"),
        {"method": "PUT", "path": format!("/Users/{bob}"), "version": version, "data": {"userName": "bob", "title": "a"}},
        {"method": "PATCH", "path": format!("/Users/{bob}"), "version": version,
         "data": [{"op": "replace", "path": "title", "value": "b"}]},
        {"method": "patch", "path": format!("/Users/{bob}"), "bulkId": "mine",
         "data": {"Operations": [{"op": "add", "path": "nickName", "value": "c"}]}},
        {"method": "DELETE", "path": format!("/Users/{eve}")},
        {"method": "DELETE", "path": format!("/Users/{eve}")},
        user("BOB"),
        {"method": "POST", "path": "/Users", "bulkId": "bad", "data": {"title": "x"}},
    ])).await;
    assert_eq!(statuses(&answers), ["201", "200", "412", "200", "204", "404", "409", "400"]);
    assert_eq!(answers[0]["bulkId"], "ada");
    let ada = okta.get(&path(&okta, &answers[0])).await.body;
    assert_eq!((&ada["userName"], &ada["meta"]["version"]), (&json!("ada"), &answers[0]["version"]));
    let bob_seen = okta.get(&format!("/Users/{bob}")).await.body;
    assert_eq!((&bob_seen["title"], &bob_seen["nickName"]), (&json!("a"), &json!("c")));
    assert_eq!(
        (&answers[3]["bulkId"], &answers[3]["version"]),
        (&json!("mine"), &bob_seen["meta"]["version"])
    );
    assert_eq!(text(&answers[2], "location"), format!("{}/Users/{bob}", okta.base));
    assert_eq!(answers[2]["response"]["status"], "412");
    assert_eq!(answers[6]["response"]["scimType"], "uniqueness");
    assert_eq!(answers[6].get("location"), None);
    assert_eq!(answers[7]["response"]["scimType"], "invalidValue");
    assert!(answers[0].get("response").is_none());
    assert_eq!(texts(&okta.get("/Users").await.body, "userName"), ["bob", "ada"]);
}

#[tokio::test]
async fn post_names_what_it_makes_by_a_name_of_its_own() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    let twice = sent(&okta, Value::Null, json!([user("a"), user("b"), user("a")])).await;
    let detail = "`bulkId` `a` of two operations; expected a name of its own for each POST";
    assert_eq!(refusal(&twice), (400, "invalidSyntax", detail));
    let nameless = json!({"method": "POST", "path": "/Users", "data": {"userName": "c"}});
    let answers = bulk(&okta, json!([nameless, user("d")])).await;
    assert_eq!(statuses(&answers), ["400", "201"]);
    assert_eq!(texts(&okta.get("/Users").await.body, "userName"), ["d"]);
}

#[tokio::test]
async fn references_are_resolved_backward_forward_and_in_circles() {
    let server = Server::start();
    let strict = server.client("strict", "okta");
    let mut boss = user("boss");
    boss["data"][ENTERPRISE] = json!({"manager": {"value": "bulkId:deputy"}});
    let mut deputy = user("deputy");
    deputy["data"][ENTERPRISE] = json!({"manager": {"value": "bulkId:boss"}});
    let answers = bulk(
        &strict,
        json!([
            user("ada"),
            group("backward", &["bulkId:ada"]),
            group("forward", &["bulkId:eve", "bulkId:ada"]),
            user("eve"),
            group("yin", &["bulkId:yang", "bulkId:ada"]),
            group("yang", &["bulkId:yin", "bulkId:yang", "bulkId:late"]),
            {"method": "PATCH", "path": "/Groups/bulkId:backward",
             "data": [{"op": "add", "path": "members", "value": [{"value": "bulkId:late"}]},
                      {"op": "remove", "path": "members[value eq \"bulkId:ada\"]"}]},
            user("late"),
            boss,
            deputy,
        ]),
    )
    .await;
    assert_eq!(statuses(&answers), ["201", "201", "201", "201", "201", "201", "200", "201", "201", "201"]);
    let groups = [1, 2, 4, 5].map(|at| path(&strict, &answers[at]));
    let expected: [&[&str]; 4] = [&["late"], &["ada", "eve"], &["ada", "yang"], &["late", "yang", "yin"]];
    for (group, expected) in groups.iter().zip(expected) {
        assert_eq!(members(&strict, group).await, expected);
    }
    for (answer, at) in answers.iter().zip(0..) {
        let seen = strict.get(&path(&strict, answer)).await.body;
        // The PATCH changed what the second operation had made.
        let last = if at == 1 { &answers[6] } else { answer };
        assert_eq!(seen["meta"]["version"], last["version"], "operation {at}");
    }
    let (boss, deputy) = (path(&strict, &answers[8]), path(&strict, &answers[9]));
    let manager = |user: &Value| text(&user[ENTERPRISE]["manager"], "value");
    let (boss, deputy) = (strict.get(&boss).await.body, strict.get(&deputy).await.body);
    assert_eq!((manager(&boss), manager(&deputy)), (text(&deputy, "id"), text(&boss, "id")));
}

#[tokio::test]
async fn what_refers_to_a_failure_fails() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    okta.user("taken").await;
    let answers = bulk(&okta, json!([
        user("taken"),
        group("needs", &["bulkId:taken"]),
        group("yin", &["bulkId:yang"]),
        group("yang", &["bulkId:yin", "bulkId:needs"]),
        group("one", &["bulkId:two"]),
        {"method": "POST", "path": "/Groups", "bulkId": "two", "data": {"members": [{"value": "bulkId:one"}]}},
        group("strange", &["bulkId:nobody"]),
        group("fine", &[]),
    ])).await;
    assert_eq!(statuses(&answers), ["409", "409", "409", "409", "409", "400", "400", "201"]);
    let detail = |at: usize| text(&answers[at]["response"], "detail");
    assert_eq!(detail(1), "the operation with `bulkId` `taken`, which this one refers to, failed");
    assert_eq!(detail(2), "the operation with `bulkId` `needs`, which this one refers to, failed");
    assert_eq!(detail(4), "the operation with `bulkId` `two`, which this one refers to, failed");
    assert_eq!(detail(5), "`displayName` is missing or empty; expected a value");
    assert_eq!(detail(6), "no POST of this request has the `bulkId` `nobody`");
    assert_eq!(texts(&okta.get("/Groups").await.body, "displayName"), ["fine"]);
}

#[tokio::test]
async fn a_circle_is_made_as_a_whole_or_not() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    okta.made("/Groups", &json!({"displayName": "YANG"})).await;
    let circle = json!([group("yin", &["bulkId:yang"]), group("yang", &["bulkId:yin"])]);
    let answers = bulk(&okta, circle).await;
    assert_eq!(statuses(&answers), ["409", "409"]);
    assert_eq!(answers[1]["response"]["scimType"], "uniqueness");
    assert_eq!(texts(&okta.get("/Groups").await.body, "displayName"), ["YANG"]);
}

#[tokio::test]
async fn the_rest_is_not_tried_after_enough_failures() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    okta.user("taken").await;
    let mut second = user("taken");
    second["bulkId"] = json!("again");
    let operations = json!([user("a"), user("taken"), user("b"), second, user("c")]);
    let reply = sent(&okta, json!({"failOnErrors": 2}), operations).await;
    assert_eq!(
        statuses(reply.body["Operations"].as_array().expect("operations")),
        ["201", "409", "201", "409"]
    );
    assert_eq!(texts(&okta.get("/Users").await.body, "userName"), ["taken", "a", "b"]);
}

#[tokio::test]
async fn limits_are_announced_and_enforced() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    let config = okta.get("/ServiceProviderConfig").await.body;
    assert_eq!(
        config["bulk"],
        json!({"supported": true, "maxOperations": 1000, "maxPayloadSize": 8_388_608})
    );
    let operations: Vec<Value> = (0..=1000).map(|number| user(&number.to_string())).collect();
    let refused = sent(&okta, Value::Null, json!(operations)).await;
    assert_eq!(refusal(&refused), (413, "", "`Operations` has 1001 entries; expected at most 1000"));
    let refused = okta.send(Method::POST, "/Bulk", &[], Some(" ".repeat(8_388_609))).await;
    assert_eq!(refusal(&refused), (413, "", "body of more than 8388608 bytes; expected at most that many"));
    assert_eq!(okta.get("/Users?count=0").await.body["totalResults"], 0);
    let answers = bulk(&okta, json!(operations.get(..1000))).await;
    assert!(statuses(&answers).iter().all(|status| status == "201"));
    assert_eq!(okta.get("/Users?count=0").await.body["totalResults"], 1000);
}

#[tokio::test]
async fn another_connections_resources_are_not_there_in_bulk_either() {
    let server = Server::start();
    let (okta, entra) = (server.client("okta", "okta"), server.client("entra", "entra"));
    let ada = okta.user("ada").await;
    let nobody = ada.replace(|digit: char| digit.is_ascii_hexdigit(), "0");
    for id in [ada, nobody] {
        let answers = bulk(&entra, json!([
            {"method": "PATCH", "path": format!("/Users/{id}"), "data": [{"op": "add", "path": "title", "value": "x"}]},
            {"method": "DELETE", "path": format!("/Users/{id}")},
        ])).await;
        assert_eq!(statuses(&answers), ["404", "404"]);
        let detail = format!("no User with id `{id}`");
        assert_eq!(text(&answers[0]["response"], "detail"), detail);
    }
}
