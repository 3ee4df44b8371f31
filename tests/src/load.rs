//! Eight identity providers at once against one server, and what has to be there afterwards.
//!
//! Each provider has a connection of its own and two workers that share its groups; each worker looks after people of its
//! own and remembers what it told of them, one after the other. Workers of one provider change the same groups at the
//! same time, but never the same member, so whatever order the server takes their requests in, the sum of what the
//! workers remember is the only right state. Every answer is checked when it comes, and everything once more at the end.

mod burst;
mod habit;
mod worker;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use self::habit::HABITS;
use self::worker::{Person, Worker};
use crate::client::Client;
use crate::failure::Failure;
use crate::program::{Programs, Scratch, Server};

pub use self::burst::{Burst, BurstReport, burst};

const ORG: &str = "acme";
const GROUPS: usize = 3;
const WORKERS: usize = 2;
const PAGE: usize = 100;

/// What to do.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Requests, all together.
    pub requests: usize,
    /// What the workers draw from.
    pub seed: u64,
}

/// What was done; the state was right.
#[derive(Clone, Debug)]
pub struct Report {
    /// Requests by the status of their answers.
    pub statuses: BTreeMap<u16, usize>,
    /// How long it took without the last check.
    pub took: Duration,
    /// Users and memberships that were compared at the end.
    pub compared: (usize, usize),
    /// Memory of the server after half of the requests and at the end, in bytes, where the system tells.
    pub resident: Option<(u64, u64)>,
}

impl Report {
    /// All requests that were sent.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.statuses.values().sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = usize_to_f64(self.requests()) / self.took.as_secs_f64().max(0.001);
        writeln!(out, "{} requests in {:.1} s, {rate:.0}/s", self.requests(), self.took.as_secs_f64())?;
        for (status, count) in &self.statuses {
            writeln!(out, "  {status}: {count}")?;
        }
        let (users, memberships) = self.compared;
        write!(out, "final state as it must be: {users} users, {memberships} memberships")?;
        if let Some((half, end)) = self.resident {
            let mib = |bytes: u64| bytes / (1024 * 1024);
            write!(
                out,
                "\nmemory of the server: {} MiB after half of it, {} MiB at the end",
                mib(half),
                mib(end)
            )?;
        }
        Ok(())
    }
}

/// One provider's side of the server.
struct Provider {
    client: Client,
    groups: Vec<String>,
}

/// Plays the plan on a fresh server.
///
/// # Errors
/// [`Failure`] naming the first answer that was not as expected, or what of the final state is wrong.
pub async fn run(programs: &Programs, plan: Plan) -> Result<Report, Failure> {
    let folder = Scratch::new();
    let server = Server::fresh(programs, &folder.path().join("data"), ORG, &[]).await?;
    let admin = Client::management(&server.url, ORG, &server.token(ORG, &["admin"])?);
    let mut providers = Vec::new();
    for habit in HABITS {
        providers.push(provider(&server, &admin, habit.name, habit.dialect).await?);
    }
    let started = Instant::now();
    let half = Arc::new(Barrier::new(HABITS.len() * WORKERS + 1));
    let mut working = JoinSet::new();
    for (number, (habit, provider)) in HABITS.iter().zip(&providers).enumerate() {
        for worker in 0..WORKERS {
            let place = number * WORKERS + worker;
            let share = plan.requests / (HABITS.len() * WORKERS);
            let seed = plan.seed ^ u64::try_from(place).unwrap_or_default().wrapping_mul(0x9e37_79b9);
            let (client, groups) = (provider.client.clone(), provider.groups.clone());
            let worker = Worker::new(habit, client, groups, worker, seed);
            working.spawn(worked(number, worker, share, Arc::clone(&half)));
        }
    }
    half.wait().await;
    let resident_half = server.resident_bytes();
    let mut told = vec![Vec::new(); providers.len()];
    let mut statuses = BTreeMap::new();
    while let Some(done) = working.join_next().await {
        let (number, worker) = done.map_err(|cause| said(format!("a worker ended: {cause}")))??;
        for (status, count) in &worker.statuses {
            *statuses.entry(*status).or_default() += count;
        }
        if let Some(told) = told.get_mut(number) {
            told.push(worker);
        }
    }
    let (took, resident_end) = (started.elapsed(), server.resident_bytes());
    let mut compared = (0, 0);
    for (provider, workers) in providers.iter().zip(&told) {
        let (users, memberships) = compare(provider, workers).await?;
        compared = (compared.0 + users, compared.1 + memberships);
    }
    Ok(Report { statuses, took, compared, resident: resident_half.zip(resident_end) })
}

/// Has the worker do its share, and wait for the others in the middle of it.
async fn worked(
    number: usize,
    mut worker: Worker,
    share: usize,
    half: Arc<Barrier>,
) -> Result<(usize, Worker), Failure> {
    let first = worker.work_until(share / 2).await;
    // Whoever fails lets the others go on, or all would wait for ever.
    half.wait().await;
    first?;
    worker.work_until(share).await?;
    Ok((number, worker))
}

async fn provider(server: &Server, admin: &Client, name: &str, dialect: &str) -> Result<Provider, Failure> {
    let made = admin.post("/connections", &json!({"name": name, "dialect": dialect})).await?;
    let client = Client::scim(&server.url, ORG, text(&made, "token"));
    let mut groups = Vec::new();
    for number in 0..GROUPS {
        let body = json!({"schemas": [habit::GROUP], "displayName": format!("shared {number}")});
        groups.push(text(&client.post("/Groups", &body).await?, "id").to_owned());
    }
    Ok(Provider { client, groups })
}

/// Compares everything that the server tells a provider with what its workers told the server.
async fn compare(provider: &Provider, workers: &[Worker]) -> Result<(usize, usize), Failure> {
    let expected: BTreeMap<&str, &Person> =
        workers.iter().flat_map(Worker::people).map(|person| (person.name.as_str(), person)).collect();
    let found = everything(&provider.client, "Users").await?;
    if found.len() != expected.len() {
        return Err(said(format!("{} users; expected {}", found.len(), expected.len())));
    }
    for user in &found {
        let person = expected.get(text(user, "userName"));
        let person = person.ok_or_else(|| said(format!("nobody told of {user}")))?;
        person.check(user)?;
    }
    let mut members: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for worker in workers {
        worker.add_memberships(&mut members);
    }
    let mut memberships = 0;
    let groups = everything(&provider.client, "Groups").await?;
    if groups.len() != members.len().max(GROUPS) {
        return Err(said(format!("{} groups; expected {}", groups.len(), members.len())));
    }
    for group in &groups {
        let listed = group.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
        let found: BTreeSet<&str> = listed.iter().map(|member| text(member, "value")).collect();
        let expected = members.get(text(group, "id")).cloned().unwrap_or_default();
        if found != expected || found.len() != listed.len() {
            let group = text(group, "displayName");
            return Err(said(format!("members of `{group}`: {found:?}; expected {expected:?}")));
        }
        memberships += found.len();
    }
    Ok((found.len(), memberships))
}

/// All resources of a type, page by page, each id once.
async fn everything(client: &Client, kind: &str) -> Result<Vec<Value>, Failure> {
    let mut all: Vec<Value> = Vec::new();
    let mut ids = BTreeSet::new();
    loop {
        let page = client.get(&format!("/{kind}?startIndex={}&count={PAGE}", all.len() + 1)).await?;
        let resources = page.get("Resources").and_then(Value::as_array).cloned().unwrap_or_default();
        if resources.is_empty() {
            return Ok(all);
        }
        if let Some(twin) = resources.iter().find(|one| !ids.insert(text(one, "id").to_owned())) {
            return Err(said(format!("listed twice: {twin}")));
        }
        all.extend(resources);
    }
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn said(said: impl Into<String>) -> Failure {
    Failure::Program { said: said.into() }
}

#[expect(clippy::cast_precision_loss, reason = "a rate is for people")]
const fn usize_to_f64(number: usize) -> f64 {
    number as f64
}
