//! Filters (RFC 7644 section 3.4.2.2), and how many rows a request touches.

use serde_json::{Value, json};

use crate::support::{Client, Server, refusal, text, texts};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

async fn found(client: &Client, endpoint: &str, filter: &str, attribute: &str) -> Vec<String> {
    let reply = client.post(&format!("{endpoint}/.search"), &json!({ "filter": filter })).await;
    assert!(reply.status.is_success(), "{filter}: {}", reply.text);
    // By cursor, the same resources are found in the same order.
    let body = json!({"filter": filter, "cursor": "", "count": 200});
    let by_cursor = client.post(&format!("{endpoint}/.search"), &body).await;
    assert_eq!(by_cursor.body["Resources"], reply.body["Resources"], "{filter} by cursor");
    texts(&reply.body, attribute)
}

async fn staff(client: &Client) {
    let users = [
        json!({"userName": "Ada", "externalId": "x1", "displayName": "Ada L", "title": "Countess",
            "emails": [{"value": "ada@work.example", "type": "work", "primary": true},
                       {"value": "ada@home.example", "type": "home"}],
            ENTERPRISE: {"department": "Engines", "employeeNumber": "7"}}),
        json!({"userName": "bob", "externalId": "X1", "active": false, "emails": [{"value": "bob@home.example", "type": "home"}]}),
        json!({"userName": "eve", "title": "", "name": {"familyName": "Ève \"E\""}}),
    ];
    for user in users {
        client.made("/Users", &user).await;
    }
}

#[tokio::test]
async fn each_operator_finds_what_it_says() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    staff(&okta).await;
    let department = format!("{ENTERPRISE}:department eq \"ENGINES\"");
    let cases: &[(&str, &[&str])] = &[
        (r#"userName eq "ADA""#, &["Ada"]),
        (r#"USERNAME EQ "ada""#, &["Ada"]),
        (r#"userName ne "ada""#, &["bob", "eve"]),
        (r#"userName co "A""#, &["Ada"]),
        (r#"userName sw "B""#, &["bob"]),
        (r#"userName ew "E""#, &["eve"]),
        (r#"userName gt "ada""#, &["bob", "eve"]),
        (r#"userName ge "BOB""#, &["bob", "eve"]),
        (r#"userName lt "bob""#, &["Ada"]),
        (r#"userName le "bob""#, &["Ada", "bob"]),
        (r#"externalId eq "x1""#, &["Ada"]),
        (r#"externalId eq "X1""#, &["bob"]),
        ("title pr", &["Ada"]),
        ("not (title pr)", &["bob", "eve"]),
        ("externalId eq null", &["eve"]),
        (r#"title ne "Countess""#, &["bob", "eve"]),
        ("active eq false", &["bob"]),
        (r#"active eq "True""#, &["Ada", "eve"]),
        (r#"name.familyName eq "ève \"e\"""#, &["eve"]),
        (r#"name.familyName eq "\u00c8ve \u0022E\u0022""#, &["eve"]),
        ("name pr", &["eve"]),
        (r#"emails eq "ada@home.example""#, &["Ada"]),
        (r#"emails.value eq "ADA@work.example""#, &["Ada"]),
        (r#"emails.type eq "home""#, &["Ada", "bob"]),
        (r#"emails[type eq "home" and value sw "ada"]"#, &["Ada"]),
        (r#"emails[type eq "work" and value ew "home.example"]"#, &[]),
        (r#"emails[not (type eq "home")]"#, &["Ada"]),
        (r#"emails[type eq "work"].value eq "ada@work.example""#, &["Ada"]),
        ("emails[primary eq true].value pr", &["Ada"]),
        (r#"userName eq "bob" or userName eq "eve" and active eq false"#, &["bob"]),
        (r#"(userName eq "bob" or userName eq "eve") and active eq true"#, &["eve"]),
        (r#"userName eq "ada" and not (active eq false)"#, &["Ada"]),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "bob""#, &["bob"]),
        (&department, &["Ada"]),
        (r#"meta.created gt "2000-01-01T00:00:00+01:00""#, &["Ada", "bob", "eve"]),
        (r#"meta.lastModified lt "2000-01-01T00:00:00Z""#, &[]),
        (r#"meta.lastModified ge "2000-01-01T00:00:00Z" and userName eq "eve""#, &["eve"]),
        (r#"meta.resourceType eq "User" and displayName eq "ada l""#, &["Ada"]),
    ];
    for (filter, expected) in cases {
        assert_eq!(found(&okta, "/Users", filter, "userName").await, *expected, "{filter}");
    }
}

#[tokio::test]
async fn filters_that_cannot_be_evaluated_are_refused() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    for filter in [
        "active gt true",
        "emails.primary lt true",
        "x509Certificates.value co \"a\"",
        "userName",
        "userName eq \"a",
        "userName like \"a\"",
        "favourite pr",
        "password eq \"secret\"",
        "name eq \"x\"",
        "meta.created gt \"yesterday\"",
        "((userName pr)",
    ] {
        let reply = okta.post("/Users/.search", &json!({ "filter": filter })).await;
        assert_eq!((refusal(&reply).0, refusal(&reply).1), (400, "invalidFilter"), "{filter}");
    }
}

#[tokio::test]
async fn groups_are_found_by_their_members() {
    let server = Server::start();
    let okta = server.client("okta", "okta");
    let [ada, bob] = [okta.user("ada").await, okta.user("bob").await];
    let inner = okta.made("/Groups", &json!({"displayName": "Inner", "members": [{"value": ada}]})).await;
    let members = json!([{"value": ada}, {"value": inner}]);
    okta.made("/Groups", &json!({"displayName": "Outer", "members": members})).await;
    let cases = [
        (format!("members.value eq \"{ada}\""), vec!["Inner", "Outer"]),
        (format!("members eq \"{ada}\" and displayName eq \"OUTER\""), vec!["Outer"]),
        (format!("members[value eq \"{inner}\"]"), vec!["Outer"]),
        (format!("members[value eq \"{inner}\" and type eq \"Group\"]"), vec!["Outer"]),
        (format!("members.value eq \"{bob}\""), vec![]),
        ("members.value eq \"nobody\"".to_owned(), vec![]),
        (format!("not (members.value eq \"{inner}\")"), vec!["Inner"]),
        ("members pr".to_owned(), vec!["Inner", "Outer"]),
    ];
    for (filter, expected) in cases {
        assert_eq!(found(&okta, "/Groups", &filter, "displayName").await, expected, "{filter}");
    }
}

/// The rows that the last logged request of this method touched.
fn rows(server: &Server, method: &str) -> u64 {
    let log = server.log();
    let line =
        log.lines().rfind(|line| line.contains(&format!("method={method}"))).expect("a logged request");
    let rows = line.split(' ').find_map(|word| word.strip_prefix("rows=")).expect("a count of rows");
    rows.parse().expect("a number")
}

/// A group of this many users, by its path.
async fn crowd(client: &Client, name: &str, count: usize) -> String {
    let users: Vec<Value> = (0..count)
        .map(|number| {
            let data = json!({"userName": format!("{name}-{number}")});
            json!({"method": "POST", "path": "/Users", "bulkId": number.to_string(), "data": data})
        })
        .collect();
    let members: Vec<Value> = (0..count).map(|number| json!({"value": format!("bulkId:{number}")})).collect();
    let group = json!({"method": "POST", "path": "/Groups", "bulkId": "g",
        "data": {"displayName": name, "members": members}});
    let operations: Vec<Value> = users.into_iter().chain([group]).collect();
    let reply = client.post("/Bulk", &json!({ "Operations": operations })).await;
    let answers = reply.body["Operations"].as_array().expect("operations");
    let group = text(&answers[count], "location");
    group.strip_prefix(&client.base).expect("a URL of this server").to_owned()
}

#[tokio::test]
async fn the_rows_of_a_request_follow_what_it_is_about() {
    let server = Server::start();
    let okta = server.client("entra", "entra");
    let ada = okta.user("ada").await;
    let mut counts = Vec::new();
    for (name, size) in [("few", 3), ("many", 400)] {
        let group = crowd(&okta, name, size).await;
        let add = json!([{"op": "add", "path": "members", "value": [{"value": ada}]}]);
        let seen = okta.patched(&group, &add).await;
        assert_eq!(seen["members"].as_array().map(Vec::len), Some(size + 1));
        assert!(rows(&server, "GET") > size as u64, "the group was read");
        let added = rows(&server, "PATCH");
        let remove = json!([{"op": "remove", "path": format!("members[value eq \"{ada}\"]")}]);
        okta.patched(&group, &remove).await;
        let removed = rows(&server, "PATCH");
        let brief = okta.get(&format!("{group}?excludedAttributes=members")).await.body;
        assert_eq!(text(&brief, "displayName"), name);
        let mut row = vec![added, removed, rows(&server, "GET")];
        for path in [
            "/Users?filter=userName+eq+%22ada%22&excludedAttributes=groups".to_owned(),
            "/Users?filter=emails.value+eq+%22ada%22".to_owned(),
            format!("/Groups?filter=displayName+eq+%22{name}%22&excludedAttributes=members"),
            "/Users?count=2&excludedAttributes=groups".to_owned(),
            "/Users?count=2&cursor=&sortBy=userName&sortOrder=descending&excludedAttributes=groups"
                .to_owned(),
            "/Users?filter=meta.lastModified+gt+%222100-01-01T00:00:00Z%22".to_owned(),
        ] {
            assert!(okta.get(&path).await.status.is_success());
            row.push(rows(&server, "GET"));
        }
        counts.push(row);
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[1].iter().all(|rows| *rows <= 10), "{counts:?}");
}

#[tokio::test]
async fn patching_a_group_is_answered_without_many_members() {
    let server = Server::start();
    let (okta, entra) = (server.client("okta", "okta"), server.client("entra", "entra"));
    for (client, size, status) in [(&okta, 3, 200), (&okta, 99, 200), (&okta, 100, 204), (&entra, 3, 204)] {
        let group = crowd(client, &format!("{size}"), size).await;
        let ada = client.user(&format!("ada-{size}")).await;
        let body = json!({"Operations": [{"op": "add", "path": "members", "value": [{"value": ada}]}]});
        let send =
            async |path: &str| client.send(reqwest::Method::PATCH, path, &[], Some(body.to_string())).await;
        let answer = send(&group).await;
        assert_eq!(answer.status, status, "{size}: {}", answer.text);
        let told = answer.body["members"].as_array().map(Vec::len);
        assert_eq!(told, (status == 200).then_some(size + 1), "{size}");
        let asked = send(&format!("{group}?attributes=members.value")).await;
        let members = asked.body["members"].as_array().cloned().unwrap_or_default();
        assert_eq!((asked.status.as_u16(), members.len()), (200, size + 1));
        assert!(members.contains(&json!({"value": ada})));
    }
}
