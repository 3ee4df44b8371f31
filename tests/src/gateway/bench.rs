//! What the filter costs: requests a second, latency and CPU time, with and without it, in one run.

use std::fmt;
use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use cohort_core::decide::decide;
use cohort_core::encode::{self, Validity};
use cohort_core::graph::Graph;
use cohort_core::id::{Instant as Moment, Revision};
use cohort_core::view::Snapshot;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::scenarios::Place;
use super::{Asker, Envoy, Identity, OwnFeed, Setup, Upstream, cohort_filter};
use crate::bench::cores;
use crate::failure::Failure;
use crate::organisation::{Organisation, Question, Random, Size};
use crate::program::Scratch;

/// Questions that are asked in turn, each by a route of its own.
const QUESTIONS: usize = 64;
/// Connections that ask at once.
const CONNECTIONS: usize = 4;
/// Requests on one connection, one after the other.
const IN_TURN: usize = 3_000;
/// How long requests pour in.
const POURING: Duration = Duration::from_secs(4);
/// How often each gateway is measured, in turns.
const ROUNDS: usize = 3;

/// Milliseconds for which the state may be used: longer than a run.
const FRESH_MILLIS: i64 = 3_600_000;

/// What one gateway did, the middle of its rounds.
#[derive(Clone, Copy, Debug)]
struct Row {
    per_second: f64,
    middle_micros: f64,
    late_micros: f64,
    cpu_micros: f64,
}

/// Figures of one run.
#[derive(Debug)]
pub struct Figures {
    rows: Vec<(&'static str, Row)>,
}

/// Measures a gateway without the filter, and with it.
///
/// # Errors
/// [`Failure`] when something does not run, or an answer is not 200.
pub async fn measure(place: Place<'_>) -> Result<Figures, Failure> {
    let (folder, upstream, organisation) =
        (Scratch::new(), Upstream::start().await?, Organisation::new(Size::S, 1));
    let graph = built(&organisation)?;
    let questions = allowed(&organisation, &graph);
    let feed = OwnFeed::of(graph, FRESH_MILLIS).await?;
    let configuration = configuration(&questions, &feed.public_key());
    let (upstream, feed) = (upstream.address, &feed);
    let filter = cohort_filter(place.filter, &configuration);
    let start = |name: &str, filter| {
        let folder = folder.path().join(name);
        async move {
            let (program, upstream, feed) = (place.envoy, upstream, feed.address);
            Envoy::start(&Setup { program, filter, upstream, feed, folder: &folder }).await
        }
    };
    let without = start("without", None).await?;
    let with = start("with", Some(&filter)).await?;
    let requests = requests(&questions);
    if let Some((target, more)) = requests.first() {
        with.wait_until_loaded(target, more).await?;
    }
    let mut rounds = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        for (envoy, rows) in [&without, &with].into_iter().zip(&mut rounds) {
            eprintln!("round {} of {ROUNDS} ...", round + 1);
            rows.push(measured(envoy, &requests).await?);
        }
    }
    let [without, with] = rounds.map(|rows| middle(&rows));
    Ok(Figures { rows: vec![("without the filter", without), ("with the filter", with)] })
}

fn built(organisation: &Organisation) -> Result<Graph, Failure> {
    let mut graph = Graph::new(organisation.id());
    for change in organisation.changes() {
        graph.apply(&change).map_err(|cause| Failure::Program { said: format!("{cause:?}") })?;
    }
    Ok(graph)
}

/// Questions to which the answer is yes.
fn allowed(organisation: &Organisation, graph: &Graph) -> Vec<Question> {
    let now = Moment::from_millis(jiff::Timestamp::now().as_millisecond());
    let validity = Validity::from_now(now, FRESH_MILLIS);
    let bytes = encode::snapshot(graph.org(), Revision::new(1), validity, graph.facts());
    let Ok(state) = Snapshot::open(&bytes) else { return Vec::new() };
    let mut random = Random::new(1);
    let drawn = std::iter::repeat_with(|| organisation.question(&mut random)).take(100 * QUESTIONS);
    drawn.filter(|question| decide(&state, &question.query(now)).outcome.is_allow()).take(QUESTIONS).collect()
}

fn configuration(questions: &[Question], key: &str) -> Value {
    let route = |(at, question): (usize, &Question)| {
        let (path, permission) = (format!("/q{at}"), &question.permission);
        match &question.scope {
            Some(scope) => {
                json!({"methods": ["GET"], "path": path, "permission": permission, "scope": scope})
            }
            None => json!({"methods": ["GET"], "path": path, "permission": permission}),
        }
    };
    let routes: Vec<Value> = questions.iter().enumerate().map(route).collect();
    json!({
        "server": {"cluster": "cohort", "authority": "cohort.internal", "org": "acme", "token": "any"},
        "keys": [key],
        "subject": {"claim": ["envoy.filters.http.jwt_authn", "payload", "sub"]},
        "routes": routes
    })
}

/// Paths and header lines.
type Requests = Arc<[(String, String)]>;

fn requests(questions: &[Question]) -> Requests {
    let identity = Identity::default();
    let request = |(at, question): (usize, &Question)| {
        (format!("/q{at}"), format!("authorization: Bearer {}\r\n", identity.token(&question.subject)))
    };
    questions.iter().enumerate().map(request).collect()
}

async fn measured(envoy: &Envoy, requests: &Requests) -> Result<Row, Failure> {
    let mut micros = in_turn(envoy, requests).await?;
    micros.sort_by(f64::total_cmp);
    let at = |share: f64| micros.get((micros.len() as f64 * share) as usize).copied().unwrap_or_default();
    let (before, started) = (cpu(envoy), Instant::now());
    let mut pouring = JoinSet::new();
    for from in 0..CONNECTIONS {
        pouring.spawn(poured(envoy.address, Arc::clone(requests), from));
    }
    let counts: Result<Vec<usize>, Failure> = pouring.join_all().await.into_iter().collect();
    let (took, count) = (started.elapsed(), counts?.iter().sum::<usize>() as f64);
    let cpu_micros = (cpu(envoy) - before) * 1e6 / count;
    Ok(Row {
        per_second: count / took.as_secs_f64(),
        middle_micros: at(0.5),
        late_micros: at(0.99),
        cpu_micros,
    })
}

/// Seconds of CPU that all threads of the gateway took so far; 0 where the system does not say.
fn cpu(envoy: &Envoy) -> f64 {
    let tasks = envoy.process_id().and_then(|id| fs::read_dir(format!("/proc/{id}/task")).ok());
    let nanos = |task: fs::DirEntry| -> Option<u64> {
        fs::read_to_string(task.path().join("schedstat")).ok()?.split(' ').next()?.parse().ok()
    };
    let sum: u64 = tasks.into_iter().flatten().filter_map(|task| nanos(task.ok()?)).sum();
    sum as f64 / 1e9
}

/// The microseconds of each request on one connection.
async fn in_turn(envoy: &Envoy, requests: &[(String, String)]) -> Result<Vec<f64>, Failure> {
    let mut asker = Asker::connect(envoy.address).await?;
    let mut micros = Vec::with_capacity(IN_TURN);
    for (target, more) in requests.iter().cycle().take(IN_TURN) {
        let started = Instant::now();
        passed(&mut asker, target, more).await?;
        micros.push(started.elapsed().as_secs_f64() * 1e6);
    }
    Ok(micros)
}

/// How many requests one of several connections got through.
async fn poured(address: SocketAddr, requests: Requests, from: usize) -> Result<usize, Failure> {
    let mut asker = Asker::connect(address).await?;
    let (started, mut count) = (Instant::now(), 0);
    for (target, more) in requests.iter().cycle().skip(from * QUESTIONS / CONNECTIONS) {
        passed(&mut asker, target, more).await?;
        count += 1;
        if started.elapsed() >= POURING {
            break;
        }
    }
    Ok(count)
}

async fn passed(asker: &mut Asker, target: &str, more: &str) -> Result<(), Failure> {
    let reply = asker.send("GET", target, more).await?;
    if reply.status == 200 {
        return Ok(());
    }
    Err(Failure::Answer { request: target.to_owned(), status: reply.status, body: reply.told() })
}

/// The middle of each figure.
fn middle(rows: &[Row]) -> Row {
    let of = |figure: fn(&Row) -> f64| {
        let mut figures: Vec<f64> = rows.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures.get(figures.len() / 2).copied().unwrap_or_default()
    };
    Row {
        per_second: of(|row| row.per_second),
        middle_micros: of(|row| row.middle_micros),
        late_micros: of(|row| row.late_micros),
        cpu_micros: of(|row| row.cpu_micros),
    }
}

const HOW_TO_READ: &str = "\
An Envoy with one worker, its JWT filter before ours, an application behind it that says what it was asked, all on
loopback without TLS. Every request has a token and is allowed; 64 questions to an organisation of 1,000 users are asked in
turn, each by a route of its own, so that half of the routes are looked at before one fits. *Requests/s* and *CPU* are of
four connections at once, latencies of one connection, and all figures are the middle of three rounds in which the
gateways take turns. CPU time is that of Envoy, all threads, for one request. The client is a development build and shares
the machine: compare the rows with each other.";

impl fmt::Display for Figures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "# Benchmarks of the gateway filter\n")?;
        writeln!(
            out,
            "Written by `cargo xtask bench --envoy`; all figures are of one run. {} cores.\n",
            cores()
        )?;
        writeln!(out, "{HOW_TO_READ}\n")?;
        writeln!(out, "| gateway | requests/s | latency, middle | latency, 99 of 100 | CPU |")?;
        writeln!(out, "|---|--:|--:|--:|--:|")?;
        for (name, row) in &self.rows {
            let Row { per_second, middle_micros, late_micros, cpu_micros } = row;
            writeln!(
                out,
                "| {name} | {per_second:.0} | {middle_micros:.0} us | {late_micros:.0} us | {cpu_micros:.0} us |"
            )?;
        }
        let [(_, without), (_, with)] = self.rows.as_slice() else { return Ok(()) };
        let [middle, late, cpu] = [Row::middle, Row::late, Row::cpu].map(|of| of(with) - of(without));
        let share = 100.0 * (with.per_second / without.per_second - 1.0);
        writeln!(out, "| added | {share:+.0} % | {middle:+.0} us | {late:+.0} us | {cpu:+.0} us |")
    }
}

impl Row {
    const fn middle(&self) -> f64 {
        self.middle_micros
    }

    const fn late(&self) -> f64 {
        self.late_micros
    }

    const fn cpu(&self) -> f64 {
        self.cpu_micros
    }
}
