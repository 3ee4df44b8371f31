//! What becomes of news, and of its absence.

use std::time::Duration;

use super::stage::{Stage, configuration, start};
use super::{Place, Problem, expect};
use crate::gateway::{Asker, Identity, OwnFeed, Upstream};
use crate::program::Scratch;

/// How long a state may be used: several heartbeats, also on a busy machine.
const FRESH: Duration = Duration::from_secs(6);

const APPROVE: &str = "POST /projects/42/approvals";

/// A change at the server changes the gateway's answer, unless somebody meddled with it on the way.
pub(super) async fn changes_and_flipped_bits(place: Place<'_>) -> Result<(), Problem> {
    let mut stage = Stage::new().await?;
    let envoy = stage.gateway(place, &stage.configuration()?).await?;
    stage.until(&envoy, ("ada", APPROVE), "403 no_path").await?;
    stage.tell("member ada of approvers").await?;
    stage.until(&envoy, ("ada", APPROVE), "200").await?;
    stage.tell("disable approvers").await?;
    stage.until(&envoy, ("ada", APPROVE), "403 no_path").await?;

    stage.wire.set_flipping(true);
    stage.tell("enable approvers").await?;
    envoy.wait_for("refused_updates", 1).await?;
    if !envoy.log().contains("the signature does not fit the content") {
        return Err(Problem("the log does not say why news is refused".to_owned()));
    }
    expect("news with a flipped bit", &stage.ask(&envoy, "ada", APPROVE).await?.told(), "403 no_path")?;
    expect("the state of before", &stage.ask(&envoy, "bob", "GET /docs/1").await?.told(), "200")?;
    stage.wire.set_flipping(false);
    stage.until(&envoy, ("ada", APPROVE), "200").await?;

    // The server is gone and comes back on the same port: the gateway goes on answering.
    stage.server.kill().await?;
    envoy.wait_for("failed_updates", 1).await?;
    expect("without a server", &stage.ask(&envoy, "ada", APPROVE).await?.told(), "200")?;
    stage.server.restart(None).await?;
    stage.tell("unmember ada of approvers").await?;
    stage.until(&envoy, ("ada", APPROVE), "403 no_path").await
}

/// No state: the key is another, the token is none, or nobody listens.
pub(super) async fn not_loaded(place: Place<'_>) -> Result<(), Problem> {
    let mut stage = Stage::new().await?;
    let (token, key) = (stage.server.token("acme", &["edge"])?, stage.server.public_key()?);
    for (what, bad, metric, said) in [
        ("another key", configuration(&token, &"d7".repeat(32)), "refused_updates", "which is not trusted"),
        ("another token", configuration("nonsense", &key), "failed_updates", "the server answered 401"),
    ] {
        let envoy = stage.gateway(place, &bad).await?;
        envoy.wait_for(metric, 1).await?;
        expect(what, &stage.ask(&envoy, "bob", "GET /docs/1").await?.told(), "503 not_loaded")?;
        expect("the public route", &stage.ask(&envoy, "bob", "GET /health").await?.told(), "200")?;
        if !envoy.log().contains(said) || envoy.log().contains(&token) {
            return Err(Problem(format!("{what}: the log does not say `{said}`, or names the token")));
        }
    }
    stage.server.kill().await?;
    let envoy = stage.gateway(place, &configuration(&token, &key)).await?;
    envoy.wait_for("failed_updates", 1).await?;
    expect("no server", &stage.ask(&envoy, "bob", "GET /docs/1").await?.told(), "503 not_loaded")?;
    stage.server.restart(None).await?;
    stage.until(&envoy, ("bob", "GET /docs/1"), "200").await
}

/// The feed falls silent for longer than its states may be used, and speaks again.
pub(super) async fn stale(place: Place<'_>) -> Result<(), Problem> {
    let (upstream, folder, identity) = (Upstream::start().await?, Scratch::new(), Identity::default());
    let world = "user bob\nrole reader grants doc:read\ngrant reader to user:bob";
    let feed = OwnFeed::start(world, FRESH.as_millis() as i64).await?;
    let settings = configuration("any", &feed.public_key());
    let envoy = start(place, &settings, upstream.address, feed.address, folder.path()).await?;
    let token = identity.token("bob");
    let mut asker = Asker::connect(envoy.address).await?;
    until(&mut asker, &token, "200").await?;
    // Heartbeats keep it fresh for longer than one state may be used.
    let started = tokio::time::Instant::now();
    while started.elapsed() < FRESH + FRESH / 3 {
        expect("with heartbeats", &asker.ask("GET", "/docs/1", &token).await?.told(), "200")?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    feed.set_answering(false);
    let silent = tokio::time::Instant::now();
    until(&mut asker, &token, "503 stale").await?;
    if silent.elapsed() > 2 * FRESH {
        return Err(Problem(format!("stale only after {:?}; expected within {FRESH:?}", silent.elapsed())));
    }
    feed.set_answering(true);
    until(&mut asker, &token, "200").await
}

async fn until(asker: &mut Asker, token: &str, expected: &str) -> Result<(), Problem> {
    let started = tokio::time::Instant::now();
    loop {
        let found = asker.ask("GET", "/docs/1", token).await?.told();
        if found == expected {
            return Ok(());
        }
        if started.elapsed() > crate::program::PATIENCE {
            return Err(Problem(format!("{found}; waited in vain for {expected}")));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
