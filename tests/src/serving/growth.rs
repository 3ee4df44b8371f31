//! Filling, and whether the last user costs what the first did; and many who change one group at once.

use std::collections::BTreeSet;
use std::time::Instant;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::fill::{self, Filled, NEWCOMERS};
use super::report::Rule;
use super::{Place, patch, said, text};
use crate::client::Client;
use crate::failure::Failure;

/// Users at the beginning and at the end that are made one by one.
const SINGLE: usize = 1_000;
/// Connections that change one group at the same time.
const PARALLEL: usize = 8;
/// Members that each of them adds.
const EACH: usize = 100;

/// What filling took.
pub(super) struct Filling {
    pub(super) seconds: f64,
    /// Users per second of CPU, of the first and of the last that were made one by one.
    rates: Option<(f64, f64)>,
}

impl Filling {
    /// Whether the last were made as fast as the first.
    pub(super) fn rule(&self, users: usize) -> Option<Rule> {
        let (first, last) = self.rates?;
        Some(Rule {
            name: format!("creates per CPU second: the last {SINGLE} of {users} >= 0.8 x the first {SINGLE}"),
            holds: last >= 0.8 * first,
            figures: format!("{last:.0} and {first:.0}"),
        })
    }
}

/// Makes the users and groups; where there are enough users, the first and the last are made one by one and measured.
pub(super) async fn filled(place: &Place, count: usize) -> Result<(Filled, Filling), Failure> {
    let started = Instant::now();
    let (mut users, mut rates) = (Vec::with_capacity(count), None);
    if count < 10 * SINGLE {
        users.extend(fill::users(place, 0..count).await?);
    } else {
        let (first, ids) = singly(place, 0).await?;
        users.extend(ids);
        users.extend(fill::users(place, SINGLE..count - SINGLE).await?);
        let (last, ids) = singly(place, count - SINGLE).await?;
        users.extend(ids);
        rates = Some((first, last));
    }
    let groups = fill::groups(place, &users).await?;
    let newcomers = fill::users(place, count..count + NEWCOMERS).await?;
    let seconds = started.elapsed().as_secs_f64();
    Ok((Filled { users, newcomers, groups }, Filling { seconds, rates }))
}

/// Makes users one by one from this number on; how many in a second of CPU, and their ids.
async fn singly(place: &Place, from: usize) -> Result<(f64, Vec<String>), Failure> {
    let before = place.meter.settled().await?;
    let mut ids = Vec::with_capacity(SINGLE);
    for number in from..from + SINGLE {
        let made = place.client.post("/Users", &fill::user(number, "Engineer")).await?;
        ids.push(text(&made, "id").to_owned());
    }
    let micros = place.meter.settled().await?.micros_since(&before);
    Ok((super::real(SINGLE as u64) * 1e6 / micros, ids))
}

/// Has several connections add different members to one group at the same time; all have to be there.
///
/// # Errors
/// [`Failure::Program`] naming how many are missing.
pub(super) async fn nobody_lost(place: &Place, filled: &Filled) -> Result<Rule, Failure> {
    let everybody: Vec<&String> = filled.users.iter().chain(&filled.newcomers).collect();
    let present = fill::group(place, "changed by many", &[]).await?;
    let mut adding = JoinSet::new();
    let share = EACH.min(everybody.len() / PARALLEL);
    for (client, ids) in place.clients(PARALLEL)?.into_iter().zip(everybody.chunks(share)) {
        let ids = ids.iter().map(ToString::to_string).collect();
        adding.spawn(add_all(client, format!("/Groups/{present}"), ids));
    }
    let mut expected = BTreeSet::new();
    while let Some(added) = adding.join_next().await {
        expected.extend(added.map_err(|cause| said(cause.to_string()))??);
    }
    let group = place.client.get(&format!("/Groups/{present}")).await?;
    let listed = group.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
    let found: BTreeSet<String> = listed.iter().map(|member| text(member, "value").to_owned()).collect();
    if found != expected || listed.len() != expected.len() || expected.len() != PARALLEL * share {
        return Err(said(format!(
            "{} members after parallel PATCHes; expected {}",
            listed.len(),
            expected.len()
        )));
    }
    Ok(Rule {
        name: format!("no member lost under {PARALLEL} parallel connections, {} users", filled.users.len()),
        holds: true,
        figures: format!("{} there of {} added", found.len(), expected.len()),
    })
}

async fn add_all(client: Client, path: String, ids: Vec<String>) -> Result<Vec<String>, Failure> {
    for id in &ids {
        let body = patch(&json!({"op": "add", "path": "members", "value": [{"value": id}]}));
        client.expect(Method::PATCH, &path, Some(&body)).await?;
    }
    Ok(ids)
}
