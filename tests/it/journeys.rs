//! From a request over TCP to a decision in the module, with the real programs.

use std::path::Path;

use cohort_core::decide::{Query, decide};
use cohort_core::view::Snapshot;
use cohort_tests::client::Client;
use cohort_tests::demo::{Options, play};
use cohort_tests::program::{Host, HostStart, Programs, Scratch, Server};
use cohort_tests::provision::{Tenant, timestamp};
use cohort_tests::proxy::Proxy;
use cohort_tests::world;
use cohort_verify::{TrustedKey, verify};
use serde_json::{Value, json};

const WORLD: &str = r#"
user ada from okta department="legal"
user bob from entra department="sales"
group approvers from okta title="Approvers"
group sellers from entra title="Sellers"
group sales when department = "sales"
group all-staff has approvers, sales
role approver grants invoice:approve
role quoter grants quote:create
role reader grants doc:read
grant approver to approvers on project:42
grant quoter to sales
grant reader to all-staff
grant quoter to sellers on project:7
"#;

const ORG: &str = "acme";

/// A served organisation with the world above, and what it takes to follow it.
struct Stage {
    server: Server,
    tenant: Tenant,
    key: String,
    folder: Scratch,
}

impl Stage {
    async fn new(more: &[&str]) -> Self {
        let folder = Scratch::new();
        let server = Server::fresh(Programs::built(), &folder.path().join("data"), ORG, more).await.unwrap();
        let mut tenant = Tenant::new(&server, ORG).unwrap();
        for connection in ["okta", "entra"] {
            tenant.connect(&server, connection).unwrap();
        }
        for line in world::read(WORLD).unwrap() {
            tenant.carry_out(&line).await.unwrap();
        }
        std::fs::write(folder.path().join("edge.token"), server.token(ORG, &["edge"]).unwrap()).unwrap();
        let key = server.public_key().unwrap();
        Self { server, tenant, key, folder }
    }

    /// A host that follows `url` with these questions, once it has opened the snapshot.
    async fn host(&self, url: &str, asks: &[&str]) -> Host {
        let asks: Vec<String> = asks.iter().map(ToString::to_string).collect();
        let token_file = self.folder.path().join("edge.token");
        let start = HostStart { url, org: ORG, token_file: &token_file, key: &self.key, asks: &asks };
        let mut host = Host::follow(Programs::built(), &start).unwrap();
        host.wait_for("opened").await.unwrap();
        host
    }

    async fn tell(&mut self, words: &str) {
        for line in world::read(words).unwrap() {
            self.tenant.carry_out(&line).await.unwrap();
        }
    }
}

#[track_caller]
fn check(event: &Value, outcome: &str, text: &str) {
    assert_eq!((word(event, "outcome"), word(event, "text")), (outcome, text), "{event}");
}

fn word<'a>(event: &'a Value, field: &str) -> &'a str {
    event.get(field).and_then(Value::as_str).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn patch_flips_edge() {
    let mut stage = Stage::new(&[]).await;
    let mut host = stage.host(&stage.server.url, &["ada invoice:approve on project:42"]).await;
    check(&host.wait_for("answer").await.unwrap(), "deny", "deny: no path");

    stage.tell("member ada of approvers").await;
    let flip = host.wait_for("flip").await.unwrap();
    check(&flip, "allow", "allow: scim approvers < approver");
    assert_eq!(word(&flip, "by"), "delta");

    stage.tell("disable approvers").await;
    check(&host.wait_for("flip").await.unwrap(), "deny", "deny: no path near disabled approvers");
    stage.tell("enable approvers").await;
    check(&host.wait_for("flip").await.unwrap(), "allow", "allow: scim approvers < approver");

    stage.tell("unmember ada of approvers").await;
    check(&host.wait_for("flip").await.unwrap(), "deny", "deny: no path");
}

#[tokio::test(flavor = "multi_thread")]
async fn profile_moves_member() {
    let mut stage = Stage::new(&[]).await;
    let mut host =
        stage.host(&stage.server.url, &["ada quote:create", "bob quote:create on project:1"]).await;
    check(&host.wait_for("answer").await.unwrap(), "deny", "deny: no path");
    check(&host.wait_for("answer").await.unwrap(), "allow", "allow: rule sales < quoter");

    // Okta replaces the whole profile, Entra names the attribute.
    stage.tell("set ada department=\"Sales\"").await;
    check(&host.wait_for("flip").await.unwrap(), "allow", "allow: rule sales < quoter");
    stage.tell("set bob department=\"legal\"").await;
    check(&host.wait_for("flip").await.unwrap(), "deny", "deny: no path");

    let audit = stage.tenant.management.get("/audit").await.unwrap().to_string();
    assert!(audit.contains("joined") && audit.contains("left"), "{audit}");
}

#[tokio::test(flavor = "multi_thread")]
async fn suspended_user_is_refused_and_comes_back_with_everything() {
    let mut stage = Stage::new(&[]).await;
    let mut host = stage.host(&stage.server.url, &["bob quote:create"]).await;
    check(&host.wait_for("answer").await.unwrap(), "allow", "allow: rule sales < quoter");
    stage.tell("set bob inactive").await;
    check(&host.wait_for("flip").await.unwrap(), "deny", "deny: inactive user");
    stage.tell("set bob active").await;
    check(&host.wait_for("flip").await.unwrap(), "allow", "allow: rule sales < quoter");
}

/// A membership ends by the host's own clock while there is no server.
#[tokio::test(flavor = "multi_thread")]
async fn membership_expires_while_the_host_is_alone() {
    let mut stage = Stage::new(&[]).await;
    stage.tell("group guests\ngrant reader to guests").await;
    let ada = stage.tenant.user_id("ada").unwrap().to_string();
    let until = jiff::Timestamp::now().as_millisecond() + 10_000;
    let body = json!({"userId": ada, "expiresAt": timestamp(until)});
    stage.tenant.management.post("/groups/guests/members", &body).await.unwrap();

    let mut host = stage.host(&stage.server.url, &["ada doc:read"]).await;
    check(&host.wait_for("answer").await.unwrap(), "allow", "allow: manual guests < reader");
    stage.server.kill().await.unwrap();
    let flip = host.wait_for("flip").await.unwrap();
    check(&flip, "deny", "deny: no path near expired guests");
    assert_eq!(word(&flip, "by"), "clock");
    let late = jiff::Timestamp::now().as_millisecond() - until;
    assert!(late >= 0, "flipped {late} ms before the end");
}

/// What was acknowledged before a kill reaches the waiting host after a restart, without a new write.
#[tokio::test(flavor = "multi_thread")]
async fn kill_between_answer_and_publication_loses_nothing() {
    let mut stage = Stage::new(&[]).await;
    let mut host = stage.host(&stage.server.url, &["ada invoice:approve on project:42"]).await;
    check(&host.wait_for("answer").await.unwrap(), "deny", "deny: no path");

    // From now on the server gathers news for a minute before it wakes anybody.
    stage.server.kill().await.unwrap();
    stage.server.restart(Some(&["--gather", "60000"])).await.unwrap();
    // A server that was gone between two of its requests only, the host did not miss.
    host.wait_for_any(&["connected", "heartbeat"]).await.unwrap();
    stage.tell("member ada of approvers").await;
    stage.server.kill().await.unwrap();
    stage.server.restart(Some(&[])).await.unwrap();
    check(&host.wait_for("flip").await.unwrap(), "allow", "allow: scim approvers < approver");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_bit_in_a_delta_is_refused_by_name() {
    let mut stage = Stage::new(&[]).await;
    let proxy = Proxy::before(&stage.server.url).await.unwrap();
    let mut host = stage.host(&proxy.url, &["ada invoice:approve on project:42"]).await;
    let answer = host.wait_for("answer").await.unwrap();
    check(&answer, "deny", "deny: no path");

    proxy.set_flipping(true);
    stage.tell("member ada of approvers").await;
    let refused = host.wait_for("refused").await.unwrap();
    assert!(word(&refused, "cause").contains("signature does not fit"), "{refused}");
    assert_eq!(refused.get("revision"), answer.get("revision"), "{refused}");
    assert!(proxy.flipped() > 0);

    proxy.set_flipping(false);
    check(&host.wait_for("flip").await.unwrap(), "allow", "allow: scim approvers < approver");
}

/// What the page of a signed-in user gets: a slice that answers for her, is not sent twice, and tells of nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn browser_check() {
    let mut stage = Stage::new(&[]).await;
    let feed = format!("{}/orgs/{ORG}/edge/v1/slice", stage.server.url);
    let token = stage.server.token(ORG, &["edge"]).unwrap();
    let fetch = async |query: &str, known: &str| {
        let request = reqwest::Client::new().get(format!("{feed}?{query}")).bearer_auth(&token);
        request.header("if-none-match", known).send().await.unwrap()
    };
    let asked = "user=ada&permissions=invoice:approve,quote:create,no:such&scopes=project:42";
    let key = stage.key.clone();
    let answers = async |reply: reqwest::Response| {
        assert_eq!((reply.status().as_u16(), reply.headers().contains_key("etag")), (200, true));
        let envelope = reply.bytes().await.unwrap();
        let trusted = [TrustedKey::from_bytes(&key_bytes(&key)).unwrap()];
        let slice = Snapshot::open(verify(&envelope, &trusted).unwrap()).unwrap();
        assert!(!envelope.windows(3).any(|bytes| bytes == b"bob"));
        let at = slice.header().created;
        let ask = |name| decide(&slice, &Query::new("ada", name, at).on("project:42")).outcome.word();
        ["invoice:approve", "quote:create", "doc:read", "no:such"].map(ask)
    };

    let first = fetch(asked, "").await;
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(answers(first).await, ["deny", "deny", "indeterminate", "deny"]);
    assert_eq!(fetch(asked, &tag).await.status(), 304);
    stage.tell("member bob of sellers").await;
    assert_eq!(fetch(asked, &tag).await.status(), 304, "nothing happened to ada");
    stage.tell("member ada of approvers").await;
    assert_eq!(answers(fetch(asked, &tag).await).await, ["allow", "deny", "indeterminate", "deny"]);

    for (query, status, word) in [
        ("permissions=doc:read", 400, "`user`"),
        ("user=ada", 400, "`permissions`"),
        ("user=ada&permissions=not%20one", 400, "not one"),
        ("user=ada&permissions=doc:read&scopes=project", 400, "`project`"),
        ("user=nobody&permissions=doc:read", 404, "nobody"),
    ] {
        let refused = fetch(query, "").await;
        assert_eq!(refused.status(), status, "{query}");
        let text = refused.text().await.unwrap();
        assert!(text.contains(word), "{query}: {text}");
    }
}

fn key_bytes(hex: &str) -> [u8; 32] {
    std::array::from_fn(|at| u8::from_str_radix(hex.get(2 * at..2 * at + 2).unwrap(), 16).unwrap())
}

/// The three calls that an administrator's first script makes.
#[tokio::test(flavor = "multi_thread")]
async fn first_three_management_calls() {
    let stage = Stage::new(&[]).await;
    let token = stage.server.token(ORG, &["admin"]).unwrap();
    let admin = Client::management(&stage.server.url, ORG, &token);
    let group = json!({"name": "Engineering", "slug": "engineering", "description": "Engineering team"});
    let group = admin.post("/groups", &group).await.unwrap();
    assert_eq!((word(&group, "slug"), word(&group, "name")), ("engineering", "Engineering"), "{group}");
    let path = format!("/groups/{}", word(&group, "id"));
    let ada = stage.tenant.user_id("ada").unwrap();
    admin.post(&format!("{path}/members"), &json!({"userId": ada})).await.unwrap();
    admin.post(&format!("{path}/roles"), &json!({"roleId": "approver"})).await.unwrap();
    let question = json!({"subject": "ada", "permission": "invoice:approve"});
    let answer = admin.post("/explain", &question).await.unwrap();
    assert_eq!(word(&answer, "text"), "allow: manual engineering < approver", "{answer}");
}

/// The demo itself, with one literal of its world changed: that row is counted, and no other.
#[tokio::test(flavor = "multi_thread")]
async fn demo_counts_what_is_not_as_written() {
    let acme = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/worlds/acme.world");
    let acme = std::fs::read_to_string(acme).unwrap();
    let literal = "ask sophie.martin badge:us         = deny: no path";
    assert!(acme.contains(literal));
    let folder = Scratch::new();
    std::fs::create_dir_all(folder.path()).unwrap();
    let world = folder.path().join("wrong.world");
    std::fs::write(&world, acme.replace(literal, "ask sophie.martin badge:us = allow")).unwrap();
    let programs = Programs::built().clone();
    let options = Options { programs, world, folder: folder.path().join("demo"), once: true };
    assert_eq!(play(&options).await.unwrap(), 1);
}
