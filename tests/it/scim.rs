//! SCIM over TCP against the real program: one file for each topic of the RFCs and for each provider's flow.

mod connections;
mod create;
mod discovery;
mod filter;
mod flows;
mod isolation;
mod lifecycle;
mod load;
mod log;
mod page;
mod patch;
mod projection;
mod query;
mod replace;
mod representation;
mod search;
mod transport;
mod versions;

use cohort_tests::client::{Client, Reply};
use cohort_tests::program::{Programs, Scratch, Server};
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) const ORG: &str = "acme";
pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub(crate) const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A served organisation that nobody was told of yet; the folder goes with it.
pub(crate) struct Place {
    pub(crate) server: Server,
    pub(crate) admin: Client,
    _folder: Scratch,
}

impl Place {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// The same, served with more arguments.
    pub(crate) async fn with(more: &[&str]) -> Self {
        let folder = Scratch::new();
        let server = Server::fresh(Programs::built(), &folder.path().join("data"), ORG, more).await.unwrap();
        let token = server.token(ORG, &["admin"]).unwrap();
        let admin = Client::management(&server.url, ORG, &token);
        Self { server, admin, _folder: folder }
    }

    /// A new connection, made as an administrator makes it.
    pub(crate) async fn connection(&self, name: &str, dialect: &str) -> Client {
        let made = self.admin.post("/connections", &json!({"name": name, "dialect": dialect})).await.unwrap();
        self.client(text(&made, "token"))
    }

    /// Whoever holds this SCIM token.
    pub(crate) fn client(&self, token: &str) -> Client {
        Client::scim(&self.server.url, ORG, token)
    }

    /// The revision that the organisation is at.
    pub(crate) async fn revision(&self) -> u64 {
        let reply = self.admin.send(Method::GET, "/org", None).await.unwrap();
        reply.headers["x-cohort-revision"].to_str().unwrap().parse().unwrap()
    }
}

/// The text in a field; empty if there is none.
pub(crate) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// The id of a resource that was just made.
pub(crate) async fn made(client: &Client, path: &str, body: &Value) -> String {
    let made = client.post(path, body).await.unwrap();
    let id = text(&made, "id").to_owned();
    assert_eq!(client.get(&format!("{path}/{id}")).await.unwrap(), made, "POST {path} and GET differ");
    id
}

/// What a GET says after a PATCH that has to succeed; what the PATCH itself said has to be the same.
pub(crate) async fn patched(client: &Client, path: &str, operations: Value) -> Value {
    let body = json!({"schemas": [PATCH_OP], "Operations": operations});
    let reply = client.send(Method::PATCH, path, Some(&body)).await.unwrap();
    let found = client.get(path).await.unwrap();
    match reply.status.as_u16() {
        200 => assert_eq!(reply.json(), found, "PATCH {path} and GET differ"),
        204 => assert_eq!(reply.text, "", "a 204 has no body"),
        _ => panic!("PATCH {path} answered {}: {}", reply.status, reply.text),
    }
    found
}

/// What a GET says after a PUT that has to succeed; what the PUT itself said has to be the same.
pub(crate) async fn replaced(client: &Client, path: &str, body: &Value) -> Value {
    let reply = client.send(Method::PUT, path, Some(body)).await.unwrap();
    assert_eq!(reply.status.as_u16(), 200, "PUT {path}: {}", reply.text);
    let found = client.get(path).await.unwrap();
    assert_eq!(reply.json(), found, "PUT {path} and GET differ");
    found
}

/// The values of a list of objects, in order.
pub(crate) fn values(resource: &Value, list: &str) -> Vec<String> {
    let items = resource.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
    items.iter().map(|item| text(item, "value").to_owned()).collect()
}

#[track_caller]
pub(crate) fn check_status(reply: &Reply, status: u16) {
    assert_eq!(reply.status.as_u16(), status, "{}: {}", reply.request, reply.text);
}

/// A refusal in the form of RFC 7644 section 3.12.
#[track_caller]
pub(crate) fn check_refused(reply: &Reply, status: u16, scim_type: Option<&str>) {
    check_status(reply, status);
    let body = reply.json();
    assert_eq!(text(&body, "status"), status.to_string(), "{}: {}", reply.request, reply.text);
    assert_eq!(body.get("scimType").and_then(Value::as_str), scim_type, "{}: {}", reply.request, reply.text);
    assert!(!text(&body, "detail").is_empty(), "{}: {}", reply.request, reply.text);
}

/// The only resource of a list that matches; none if there is none, and then the list is well formed too.
pub(crate) async fn matched(client: &Client, path: &str) -> Option<Value> {
    let list = client.get(path).await.unwrap();
    assert_eq!(list["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]), "{path}");
    match list["totalResults"].as_u64() {
        Some(0) => assert!(list["Resources"].as_array().is_none_or(Vec::is_empty), "{path}: {list}"),
        Some(1) => return Some(list["Resources"][0].clone()),
        _ => panic!("{path}: {list}"),
    }
    None
}

/// Carries a pass out twice: what it leaves behind is so already the second time, and no revision is made.
pub(crate) async fn twice(place: &Place, pass: impl AsyncFn()) {
    pass().await;
    let after = place.revision().await;
    pass().await;
    assert_eq!(place.revision().await, after, "the second pass changed something");
}
