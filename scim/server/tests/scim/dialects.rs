//! What each dialect reads and what it refuses: one table of requests, the same for all.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, PATCH_OP, Server, refusal, text};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const LENIENT: [&str; 6] = ["default", "okta", "entra", "entra-062020", "onelogin", "jumpcloud"];

/// A request body, and what a strict connection says of it.
struct Case {
    path: &'static str,
    body: Value,
    /// What the others make of it: an attribute of the resource, and its value.
    shows: (&'static str, Value),
    strict: (&'static str, &'static str),
}

fn creations() -> Vec<Case> {
    let case = |path, body, shows, strict| Case { path, body, shows, strict };
    vec![
        case(
            "/Users",
            json!({"schemas": [USER], "userName": "a", "shoeSize": 42}),
            ("shoeSize", Value::Null),
            ("invalidSyntax", "unknown attribute `shoeSize`"),
        ),
        case(
            "/Users",
            json!({"userName": "b"}),
            ("schemas", json!([USER])),
            ("invalidSyntax", "`schemas` is missing"),
        ),
        case(
            "/Users",
            json!({"schemas": ["urn:scim:schemas:core:2.0", USER], "userName": "c"}),
            ("schemas", json!([USER])),
            ("invalidSyntax", "unexpected schema `urn:scim:schemas:core:2.0`"),
        ),
        case(
            "/Users",
            json!({"schemas": [USER], "userName": "d", "active": "False"}),
            ("active", json!(false)),
            ("invalidValue", "`active` is string"),
        ),
        case(
            "/Users",
            json!({"schemas": [USER, ENTERPRISE], "userName": "e", ENTERPRISE: {"manager": "26118915"}}),
            (ENTERPRISE, json!({"manager": {"value": "26118915"}})),
            (
                "invalidValue",
                "`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager` is string",
            ),
        ),
        case(
            "/Groups",
            json!({"schemas": [GROUP], "displayName": "f", "members": [{"value": "nobody-yet"}]}),
            ("members", Value::Null),
            ("invalidValue", "member `nobody-yet` is unknown"),
        ),
    ]
}

#[tokio::test]
async fn bodies_beside_the_letter_are_read_or_refused() {
    let server = Server::start();
    for dialect in LENIENT {
        let client = server.client(dialect, dialect);
        for Case { path, body, shows: (attribute, value), .. } in creations() {
            let id = client.made(path, &body).await;
            let seen = client.get(&format!("{path}/{id}")).await.body;
            assert_eq!(seen.get(attribute).unwrap_or(&Value::Null), &value, "{dialect}: {body}");
        }
    }
    let strict = server.client("strict", "strict");
    for Case { path, body, strict: (keyword, detail), .. } in creations() {
        let reply = strict.post(path, &body).await;
        let (status, found, said) = refusal(&reply);
        assert_eq!((status, found), (400, keyword), "{body}");
        assert!(said.starts_with(detail), "{said}");
    }
    assert_eq!(strict.get("?count=0").await.body["totalResults"], 0);
}

/// A user with one address, and a group with them in it.
async fn pair(client: &Client) -> (String, String) {
    let user =
        json!({"schemas": [USER], "userName": "ada", "emails": [{"value": "a@x.org", "type": "work"}]});
    let user = client.made("/Users", &user).await;
    let group = json!({"schemas": [GROUP], "displayName": "Staff", "members": [{"value": user}]});
    (format!("/Users/{user}"), format!("/Groups/{}", client.made("/Groups", &group).await))
}

/// Operations on the user.
fn operations() -> Vec<Case> {
    let case = |body, shows, strict| Case { path: "", body, shows, strict };
    vec![
        case(
            json!({"op": "Replace", "value": {"active": false, "id": "other", "name.givenName": "Ada"}}),
            ("name", json!({"givenName": "Ada"})),
            ("invalidSyntax", "operation without path; expected a path in each operation"),
        ),
        case(
            json!({"op": "Replace", "path": "active", "value": "True"}),
            ("active", json!(true)),
            ("invalidValue", "`active` is string; expected true or false"),
        ),
        case(
            json!({"op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "1"}),
            ("phoneNumbers", json!([{"value": "1", "type": "mobile"}])),
            ("noTarget", "path: `phoneNumbers[type eq \"mobile\"].value` matches no value"),
        ),
        case(
            json!({"op": "replace", "path": "emails[type eq \"work\"]", "value": {"value": "b@x.org"}}),
            ("emails", json!([{"value": "b@x.org", "type": "work"}])),
            (
                "invalidPath",
                "path: `emails[type eq \"work\"]` selects whole values; expected a sub-attribute after `]`",
            ),
        ),
        case(
            json!({"op": "remove", "path": "emails", "value": [{"value": "b@x.org"}]}),
            ("emails", Value::Null),
            ("invalidSyntax", "remove of `emails` with a value; expected a path with a filter instead"),
        ),
        case(
            json!({"op": "add", "path": format!("{ENTERPRISE}:manager"), "value": "26118915"}),
            (ENTERPRISE, json!({"manager": {"value": "26118915"}})),
            (
                "invalidValue",
                "`urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager` is string",
            ),
        ),
    ]
}

#[tokio::test]
async fn patches_beside_the_letter_are_read_or_refused() {
    let server = Server::start();
    for dialect in LENIENT {
        let client = server.client(dialect, dialect);
        let (user, group) = pair(&client).await;
        for Case { body: operation, shows: (attribute, value), .. } in operations() {
            let seen = client.patched(&user, &json!([operation])).await;
            let mut shown = seen.get(attribute).cloned().unwrap_or_default();
            // The order of names in an object has no meaning, that of addresses is kept.
            shown.sort_all_objects();
            let mut value = value;
            value.sort_all_objects();
            assert_eq!(shown, value, "{dialect}: {operation}");
        }
        let id = user.strip_prefix("/Users/").expect("a path");
        let remove = json!([{"op": "Remove", "path": "members", "value": [{"value": id}]}]);
        assert_eq!(client.patched(&group, &remove).await.get("members"), None, "{dialect}");
    }
    let strict = server.client("strict", "strict");
    let (user, group) = pair(&strict).await;
    let before = strict.get(&user).await.text;
    for Case { body: operation, strict: (keyword, detail), .. } in operations() {
        let body = json!({"schemas": [PATCH_OP], "Operations": [operation]});
        let reply = strict.send(Method::PATCH, &user, &[], Some(body.to_string())).await;
        let (status, found, said) = refusal(&reply);
        assert_eq!((status, found), (400, keyword), "{operation}");
        assert!(said.starts_with(detail), "{said}");
        assert_eq!(strict.get(&user).await.text, before, "{operation}");
    }
    let id = user.strip_prefix("/Users/").expect("a path");
    let remove = json!([{"op": "remove", "path": format!("members[value eq \"{id}\"]")}]);
    assert_eq!(strict.patched(&group, &remove).await.get("members"), None);
}

#[tokio::test]
async fn a_path_that_no_schema_has_is_skipped_for_entra_alone() {
    let server = Server::start();
    let operations = json!([
        {"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:custom:2.0:User:badge", "value": "7"},
        {"op": "Add", "path": "title", "value": "Countess"},
    ]);
    for dialect in LENIENT.into_iter().chain(["strict"]) {
        let client = server.client(dialect, dialect);
        let (user, _) = pair(&client).await;
        let body = json!({"schemas": [PATCH_OP], "Operations": operations});
        let reply = client.send(Method::PATCH, &user, &[], Some(body.to_string())).await;
        let title = client.get(&user).await.body["title"].clone();
        if dialect.starts_with("entra") {
            assert_eq!((reply.status.as_u16(), title), (200, json!("Countess")), "{dialect}");
        } else {
            assert_eq!((refusal(&reply).1, title), ("invalidPath", Value::Null), "{dialect}");
        }
    }
}

#[tokio::test]
async fn members_are_named_by_their_external_id_where_the_dialect_says_so() {
    let server = Server::start();
    for (dialect, joined) in [
        ("default", true),
        ("onelogin", true),
        ("jumpcloud", true),
        ("okta", false),
        ("entra", false),
        ("entra-062020", false),
    ] {
        let client = server.client(dialect, dialect);
        let group = client.made("/Groups", &json!({"displayName": "Staff"})).await;
        let ada = client.made("/Users", &json!({"userName": "ada", "externalId": "x-1"})).await;
        let add = json!([{"op": "add", "path": "members", "value": [{"value": "x-1"}, {"value": "x-2"}]}]);
        client.patched(&format!("/Groups/{group}"), &add).await;
        let bob = client.made("/Users", &json!({"userName": "bob", "externalId": "x-2"})).await;
        let seen = client.get(&format!("/Groups/{group}")).await.body;
        let members = seen["members"].as_array().cloned().unwrap_or_default();
        let members: Vec<String> = members.iter().map(|member| text(member, "value")).collect();
        let expected = if joined { vec![ada, bob] } else { Vec::new() };
        assert_eq!(members, expected, "{dialect}");
    }
}
