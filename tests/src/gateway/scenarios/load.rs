//! Changes while requests pour in: each answer tells its revision, and must be the one that the oracle gives there.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cohort_oracle::{Outcome, Question, Scope, World};

use super::stage::Stage;
use super::{Place, Problem};
use crate::failure::Failure;
use crate::gateway::Asker;

const CONNECTIONS: usize = 4;
const CHANGES: usize = 40;
const APPROVE: (&str, &str) = ("POST", "/projects/42/approvals");

/// An answer: the revision that gave it, and whether it was yes.
type Seen = Vec<(u64, bool)>;

/// Ada is put into a group and taken out of it, again and again, while four connections ask whether she may.
pub(super) async fn changes_under_load(place: Place<'_>) -> Result<(), Problem> {
    let mut stage = Stage::new().await?;
    let envoy = stage.gateway(place, &stage.configuration()?).await?;
    stage.until(&envoy, ("ada", "GET /docs/1"), "403 no_path").await?;
    let (token, stop) = (stage.identity.token("ada"), Arc::new(AtomicBool::new(false)));
    let askers: Vec<_> = (0..CONNECTIONS)
        .map(|_| tokio::spawn(asked(envoy.address, token.clone(), Arc::clone(&stop))))
        .collect();
    let expected = changed(&mut stage).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.store(true, Ordering::SeqCst);
    let mut seen = Seen::new();
    for asker in askers {
        let answers = asker.await.map_err(|cause| Problem(cause.to_string()))?;
        seen.extend(answers?);
    }
    judged(&expected?, &seen)
}

/// Asks until it is told to stop.
async fn asked(address: std::net::SocketAddr, token: String, stop: Arc<AtomicBool>) -> Result<Seen, Failure> {
    let (mut asker, mut seen) = (Asker::connect(address).await?, Seen::new());
    while !stop.load(Ordering::SeqCst) {
        let reply = asker.ask(APPROVE.0, APPROVE.1, &token).await?;
        let yes = reply.status == 200;
        let revision =
            if yes { reply.body.rsplit(' ').next() } else { Some(reply.header("x-cohort-revision")) };
        let number = revision.and_then(|text| text.parse().ok());
        let unclear = || Failure::Answer {
            request: APPROVE.1.to_owned(),
            status: reply.status,
            body: reply.body.clone(),
        };
        seen.push((number.ok_or_else(unclear)?, yes));
    }
    Ok(seen)
}

/// Makes the changes; what the oracle says at each revision.
async fn changed(stage: &mut Stage) -> Result<BTreeMap<u64, bool>, Problem> {
    let refused = |cause: cohort_oracle::ReadError| Problem(cause.to_string());
    let mut oracle = World::new();
    oracle.feed(super::stage::WORLD).map_err(refused)?;
    let mut expected = BTreeMap::from([(revision(stage).await?, says(&oracle))]);
    for change in 0..CHANGES {
        let words = if change % 2 == 0 { "member ada of approvers" } else { "unmember ada of approvers" };
        stage.tell(words).await?;
        oracle.feed(words).map_err(refused)?;
        let now = revision(stage).await?;
        if !expected.contains_key(&(now - 1)) {
            return Err(Problem(format!("`{words}` led to revision {now}; expected one more than before")));
        }
        expected.insert(now, says(&oracle));
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    Ok(expected)
}

fn says(oracle: &World) -> bool {
    let question = Question {
        scope: Scope::read("project:42").unwrap_or_else(Scope::org),
        ..Question::new("ada", "invoice:approve")
    };
    oracle.ask(&question).outcome == Outcome::Allow
}

async fn revision(stage: &Stage) -> Result<u64, Problem> {
    let reply = stage.tenant.management.send(reqwest::Method::GET, "/org", None).await?;
    let number = reply.headers.get("x-cohort-revision").and_then(|value| value.to_str().ok()?.parse().ok());
    number.ok_or_else(|| Problem("the server tells no revision".to_owned()))
}

/// Compares each answer with what the oracle says at its revision; changes must have been seen, and of both kinds.
fn judged(expected: &BTreeMap<u64, bool>, seen: &Seen) -> Result<(), Problem> {
    for (revision, yes) in seen {
        if expected.get(revision) != Some(yes) {
            let oracle = expected.get(revision);
            return Err(Problem(format!(
                "at revision {revision} the answer was {yes}; the oracle says {oracle:?}"
            )));
        }
    }
    let kinds = [true, false].map(|kind| seen.iter().filter(|(_, yes)| *yes == kind).count());
    let mut revisions: Vec<u64> = seen.iter().map(|(revision, _)| *revision).collect();
    revisions.sort_unstable();
    revisions.dedup();
    println!("{} answers at {} revisions, {} of them yes", seen.len(), revisions.len(), kinds[0]);
    let enough = revisions.len() > CHANGES / 2 && kinds.iter().all(|count| *count > 20);
    if enough {
        Ok(())
    } else {
        Err(Problem(format!("{kinds:?} answers at {} revisions show too little", revisions.len())))
    }
}
