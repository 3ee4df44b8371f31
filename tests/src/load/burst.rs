//! Many additions to one large group at once, and a power cut in the middle.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::habit::{GROUP, USER, patch};
use super::{ORG, said, text};
use crate::client::Client;
use crate::failure::Failure;
use crate::program::{Programs, Scratch, Server};

/// Requests under way at once.
const PARALLEL: usize = 64;

/// People who are not in the group at first, and are put into it one by one.
const NEWCOMERS: usize = 512;

/// Members that one request adds while the group is filled.
const CHUNK: usize = 1_000;

/// How large a group.
#[derive(Clone, Copy, Debug)]
pub struct Burst {
    /// Members before the burst.
    pub members: usize,
    /// Answers after which the power is cut.
    pub cut_after: usize,
}

/// What came of it; nothing acknowledged was lost.
#[derive(Clone, Debug)]
pub struct BurstReport {
    /// Additions that were acknowledged before the cut.
    pub acknowledged: usize,
    /// Additions that were on disk without anybody having heard of it.
    pub unheard: usize,
    /// Members at the end.
    pub members: usize,
    /// The most rows that one addition touched, as the provisioning log tells.
    pub rows_max: u64,
    /// The most microseconds that one addition took, as the provisioning log tells.
    pub micros_max: u64,
}

impl fmt::Display for BurstReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} additions acknowledged before the cut, {} more on disk; {} members at the end; at most {} rows \
             and {} us for one addition",
            self.acknowledged, self.unheard, self.members, self.rows_max, self.micros_max
        )
    }
}

/// Fills a group, adds to it in parallel, cuts the power, starts again, and adds the rest.
///
/// # Errors
/// [`Failure`] naming what was acknowledged and is not there, or what else is wrong.
pub async fn burst(programs: &Programs, plan: Burst) -> Result<BurstReport, Failure> {
    let folder = Scratch::new();
    let mut server = Server::fresh(programs, &folder.path().join("data"), ORG, &[]).await?;
    let admin = Client::management(&server.url, ORG, &server.token(ORG, &["admin"])?);
    let made = admin.post("/connections", &json!({"name": "entra", "dialect": "entra"})).await?;
    let client = Client::scim(&server.url, ORG, text(&made, "token"));

    let people = people(&client, plan.members + NEWCOMERS).await?;
    let (present, newcomers) = people.split_at(plan.members);
    let group = client.post("/Groups", &json!({"schemas": [GROUP], "displayName": "staff"})).await?;
    let path = format!("/Groups/{}", text(&group, "id"));
    for chunk in present.chunks(CHUNK) {
        let listed: Vec<Value> = chunk.iter().map(|id| json!({"value": id})).collect();
        client.patch(&path, &patch(&json!([{"op": "Add", "path": "members", "value": listed}]))).await?;
    }

    let acknowledged = cut_in_the_middle(&mut server, &client, &path, newcomers, plan.cut_after).await?;
    server.restart(None).await?;
    let after: BTreeSet<String> = members(&client, &path).await?;
    let lost: Vec<&String> = acknowledged.iter().filter(|id| !after.contains(*id)).collect();
    if !lost.is_empty() {
        return Err(said(format!("acknowledged and lost: {lost:?}")));
    }
    if let Some(lost) = present.iter().find(|id| !after.contains(*id)) {
        return Err(said(format!("`{lost}` was a member before and is none")));
    }
    let unheard = after.len() - plan.members - acknowledged.len();

    let rest: Vec<String> = newcomers.iter().filter(|id| !after.contains(*id)).cloned().collect();
    let (answered, _) = added(&client, &path, &rest, usize::MAX).await?;
    let end = members(&client, &path).await?;
    if answered.len() != rest.len() || end.len() != people.len() {
        return Err(said(format!("{} members; expected {}", end.len(), people.len())));
    }
    let (rows_max, micros_max) = most(&admin, "rows", "durationMicros").await?;
    let (acknowledged, members) = (acknowledged.len(), end.len());
    Ok(BurstReport { acknowledged, unheard, members, rows_max, micros_max })
}

/// Users by their ids, made many at a time.
async fn people(client: &Client, count: usize) -> Result<Vec<String>, Failure> {
    let free = Arc::new(Semaphore::new(PARALLEL));
    let mut making = JoinSet::new();
    for number in 0..count {
        let permit = Arc::clone(&free).acquire_owned().await.map_err(|cause| said(cause.to_string()))?;
        let client = client.clone();
        making.spawn(async move {
            let body = json!({"schemas": [USER], "userName": format!("u{number}")});
            let made = client.post("/Users", &body).await.map(|made| (number, text(&made, "id").to_owned()));
            drop(permit);
            made
        });
    }
    let mut made = BTreeMap::new();
    while let Some(one) = making.join_next().await {
        let (number, id) = one.map_err(|cause| said(cause.to_string()))??;
        made.insert(number, id);
    }
    Ok(made.into_values().collect())
}

/// Adds people until so many were acknowledged, then kills the server; those who were.
async fn cut_in_the_middle(
    server: &mut Server,
    client: &Client,
    path: &str,
    newcomers: &[String],
    cut_after: usize,
) -> Result<Vec<String>, Failure> {
    let count = Arc::new(AtomicUsize::new(0));
    let (adding, heard) = (added_counted(client, path, newcomers, cut_after, Arc::clone(&count)), count);
    let cutting = async {
        while heard.load(Ordering::SeqCst) < cut_after {
            sleep(Duration::from_millis(1)).await;
        }
        server.kill().await
    };
    let (added, killed) = tokio::join!(adding, cutting);
    killed?;
    Ok(added?.0)
}

/// Adds people one by one, many at a time; those who were acknowledged, and how many were not.
async fn added(
    client: &Client,
    path: &str,
    ids: &[String],
    cut_after: usize,
) -> Result<(Vec<String>, usize), Failure> {
    added_counted(client, path, ids, cut_after, Arc::new(AtomicUsize::new(0))).await
}

async fn added_counted(
    client: &Client,
    path: &str,
    ids: &[String],
    cut_after: usize,
    count: Arc<AtomicUsize>,
) -> Result<(Vec<String>, usize), Failure> {
    let free = Arc::new(Semaphore::new(PARALLEL));
    let mut adding = JoinSet::new();
    for id in ids {
        let (client, path, id) = (client.clone(), path.to_owned(), id.clone());
        let (free, count) = (Arc::clone(&free), Arc::clone(&count));
        adding.spawn(async move {
            let permit = free.acquire_owned().await;
            let body = patch(&json!([{"op": "Add", "path": "members", "value": [{"value": id}]}]));
            let answer = client.send(Method::PATCH, &path, Some(&body)).await;
            drop(permit);
            match answer {
                Ok(reply) if reply.status.as_u16() == 204 => {
                    count.fetch_add(1, Ordering::SeqCst);
                    Ok(Some(id))
                }
                Ok(reply) => Err(Failure::Answer {
                    request: reply.request,
                    status: reply.status.as_u16(),
                    body: reply.text,
                }),
                // Expected of those under way when the power is cut, and of nobody else.
                Err(_) if count.load(Ordering::SeqCst) >= cut_after => Ok(None),
                Err(failure) => Err(failure),
            }
        });
    }
    let (mut answered, mut unanswered) = (Vec::new(), 0);
    while let Some(one) = adding.join_next().await {
        match one.map_err(|cause| said(cause.to_string()))?? {
            Some(id) => answered.push(id),
            None => unanswered += 1,
        }
    }
    Ok((answered, unanswered))
}

async fn members(client: &Client, path: &str) -> Result<BTreeSet<String>, Failure> {
    let group = client.get(&format!("{path}?attributes=members.value")).await?;
    let listed = group.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
    let ids: BTreeSet<String> = listed.iter().map(|member| text(member, "value").to_owned()).collect();
    if ids.len() == listed.len() { Ok(ids) } else { Err(said("a member is listed twice")) }
}

/// The largest numbers of these fields over the additions that changed something, as far as the log has them.
async fn most(admin: &Client, rows: &str, micros: &str) -> Result<(u64, u64), Failure> {
    let page = admin.get("/connections/entra/requests?limit=1000").await?;
    let all = page.get("requests").and_then(Value::as_array).cloned().unwrap_or_default();
    let one_fact = |request: &&Value| {
        let changes = request.get("changes").and_then(Value::as_array);
        let facts = changes.and_then(|changes| changes.first()?.get("facts")?.as_u64());
        text(request, "method") == "PATCH" && facts == Some(1)
    };
    let additions: Vec<&Value> = all.iter().filter(one_fact).collect();
    let most = |field: &str| additions.iter().filter_map(|one| one.get(field)?.as_u64()).max();
    let none = || said("the provisioning log has no addition");
    Ok((most(rows).ok_or_else(none)?, most(micros).ok_or_else(none)?))
}
