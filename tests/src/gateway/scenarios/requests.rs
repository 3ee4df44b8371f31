//! What becomes of requests.

use serde_json::{Value, json};

use super::stage::{Stage, address_of, configuration, start};
use super::{Place, Problem, expect};
use crate::failure::Failure;
use crate::gateway::{Asker, Upstream};
use crate::program::Scratch;

/// Who, what, and the answer: status and reason.
const JUDGED: &[(&str, &str, &str)] = &[
    ("bob", "GET /docs/7", "200"),
    ("bob", "GET /docs/7?q=/../x", "200"),
    ("bob", "GET /docs/a%20b", "200"),
    ("ada", "GET /docs/7", "403 no_path"),
    ("nobody", "GET /docs/7", "403 unknown_user"),
    ("ada", "POST /projects/42/approvals", "403 no_path"),
    ("bob", "DELETE /docs/7", "403 condition_required"),
    ("bob", "DELETE /vouched/docs/7", "200"),
    ("bob", "GET /other", "403 unknown_route"),
    ("bob", "PUT /docs/7", "403 unknown_method"),
    ("bob", "HEAD /docs/7", "403 unknown_method"),
    ("bob", "GET /health", "200"),
    ("bob", "GET /docs/../docs/7", "403 ambiguous_path"),
    ("bob", "GET /docs/.%2e/docs/7", "403 ambiguous_path"),
    ("bob", "GET /docs/%2e%2e/docs/7", "403 ambiguous_path"),
    ("bob", "GET /docs/./7", "403 ambiguous_path"),
    ("bob", "GET /docs%2F7", "403 ambiguous_path"),
    ("bob", "GET /docs%2f7", "403 ambiguous_path"),
    ("bob", "GET /docs%5C7", "403 ambiguous_path"),
    ("bob", "GET /docs\\7", "403 ambiguous_path"),
    ("bob", "GET /docs/%252e", "403 ambiguous_path"),
    ("bob", "GET //docs/7", "403 ambiguous_path"),
    ("bob", "GET /docs//7", "403 ambiguous_path"),
    ("bob", "GET /docs/7/", "403 ambiguous_path"),
    ("bob", "GET /Docs/7", "403 ambiguous_path"),
    ("bob", "GET /%64ocs/7", "403 ambiguous_path"),
    ("bob", "GET /docs/7;v=1", "403 ambiguous_path"),
    ("bob", "GET /docs/*", "403 ambiguous_path"),
    ("bob", "GET /docs/%2A", "403 ambiguous_path"),
    ("bob", "GET /docs/%ff", "403 ambiguous_path"),
];

/// Every request of the table, those without a name, and what the gateway counts of them.
pub(super) async fn judged(place: Place<'_>) -> Result<(), Problem> {
    let stage = Stage::new().await?;
    let envoy = stage.gateway(place, &stage.configuration()?).await?;
    stage.until(&envoy, ("bob", "GET /docs/7"), "200").await?;
    let before = counted(&envoy).await?;
    let (mut asker, served) = (Asker::connect(envoy.address).await?, stage.upstream.served());
    for (user, request, expected) in JUDGED {
        let (method, target) = request.split_once(' ').unwrap_or(("GET", request));
        let reply = asker.ask(method, target, &stage.identity.token(user)).await?;
        expect(&format!("{user} {request}"), &reply.told(), expected)?;
        if reply.status == 200 && !reply.body.starts_with(&format!("{request} ")) {
            return Err(Problem(format!("{request} came through as `{}`", reply.body)));
        }
    }
    unnamed(&mut asker, &stage).await?;
    let allowed = JUDGED.iter().filter(|(_, _, expected)| *expected == "200").count();
    // The public route is asked once more without a name.
    expect(
        "requests that came through",
        &(stage.upstream.served() - served).to_string(),
        &(allowed + 1).to_string(),
    )?;
    let after = counted(&envoy).await?;
    let found: Vec<u64> = before.iter().zip(after).map(|(before, after)| after - before).collect();
    let expected = vec![allowed as u64 + 1, (JUDGED.len() - allowed) as u64, 4];
    expect("allowed, denied and unauthenticated", &format!("{found:?}"), &format!("{expected:?}"))?;
    silent(place, &stage).await
}

/// Requests that name nobody, or not as the gateway was told.
async fn unnamed(asker: &mut Asker, stage: &Stage) -> Result<(), Problem> {
    let reply = asker.send("GET", "/docs/7", "").await?;
    expect("no token", &reply.told(), "401 no_subject")?;
    expect("www-authenticate", reply.header("www-authenticate"), "Bearer")?;
    for (what, more) in [
        ("a header that nobody was told to trust", "x-user: bob\r\n"),
        ("a revision from outside", "x-cohort-revision: 99\r\n"),
        ("metadata from outside", "payload: {\"sub\":\"bob\"}\r\n"),
    ] {
        expect(what, &asker.send("GET", "/docs/7", more).await?.told(), "401 no_subject")?;
    }
    let open = asker.send("GET", "/health", "x-cohort-revision: 99\r\n").await?;
    if open.body.ends_with(" 99") {
        return Err(Problem(format!("a revision from outside came through: `{}`", open.body)));
    }
    // The gateway's own filter refuses it, before ours is asked.
    let forged = format!("{}x", stage.identity.token("bob"));
    let reply = asker.ask("GET", "/docs/7", &forged).await?;
    expect("a forged token", &reply.told(), "401")
}

async fn counted(envoy: &crate::gateway::Envoy) -> Result<[u64; 3], Failure> {
    Ok([
        envoy.metric("allowed").await?,
        envoy.metric("denied").await?,
        envoy.metric("unauthenticated").await?,
    ])
}

/// Without reasons, with names from a header, and with unknown paths let through.
async fn silent(place: Place<'_>, stage: &Stage) -> Result<(), Problem> {
    let mut other = stage.configuration()?;
    for (name, value) in [
        ("reasonHeader", json!(false)),
        ("subject", json!({"header": "x-user"})),
        ("unknownRoute", json!("allow")),
    ] {
        other.as_object_mut().map(|object| object.insert(name.to_owned(), value));
    }
    let feed = address_of(&stage.wire.url)?;
    let folder = stage.folder.path().join("silent");
    let envoy = start(place, &other, stage.upstream.address, feed, &folder).await?;
    envoy.wait_until_loaded("/docs/7", "x-user: ada\r\n").await?;
    let mut asker = Asker::connect(envoy.address).await?;
    for (request, more, expected) in [
        ("GET /docs/7", "x-user: ada\r\n", "403"),
        ("GET /docs/7", "x-user: bob\r\nx-user: bob\r\n", "401"),
        ("GET /docs/7", "x-user: \u{e9}\r\n", "403"),
        ("GET /other", "", "200"),
        ("GET /DOCS/7", "", "403"),
        ("PUT /docs/7", "", "403"),
    ] {
        let (method, target) = request.split_once(' ').unwrap_or(("GET", request));
        expect(&format!("{request} {more}"), &asker.send(method, target, more).await?.told(), expected)?;
    }
    Ok(())
}

/// Each of these keeps the gateway from starting, and its log says where, without the token.
pub(super) async fn refused_configurations(place: Place<'_>) -> Result<(), Problem> {
    let (scratch, upstream) = (Scratch::new(), Upstream::start().await?);
    let good = configuration("s3cret", &"d7".repeat(32));
    let cases: [(&str, Value, &str); 4] = [
        ("/keys/0", json!("abc"), "`keys[0]` of the configuration"),
        ("/routes/1/scope", json!("{id}"), "`routes[1].scope` of the configuration"),
        ("/server/token", json!({"s3cret": 1}), "the configuration: expected a string"),
        ("/subject", json!({}), "either `claim` or `header`"),
    ];
    for (at, value, expected) in cases {
        let mut bad = good.clone();
        if let Some(place) = bad.pointer_mut(at) {
            *place = value;
        }
        match start(place, &bad, upstream.address, upstream.address, scratch.path()).await {
            Err(Failure::Program { said }) if said.contains(expected) && !said.contains("s3cret") => {}
            Err(failure) => return Err(Problem(format!("{at}: {failure}; expected words with {expected}"))),
            Ok(_) => return Err(Problem(format!("{at}: it started"))),
        }
    }
    Ok(())
}
