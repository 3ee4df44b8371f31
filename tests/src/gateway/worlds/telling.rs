//! A feed that tells what it is told to, and knows when that has arrived.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cohort_core::encode::{self, Validity};
use cohort_core::id::{Instant, OrgId, Revision, Span};
use cohort_core::view::envelope::{Envelope, signed_message};
use cohort_core::view::{Fact, FactChange, Facts, GrantFact, Snapshot};
use cohort_verify::key_id;
use ed25519_dalek::{Signer, SigningKey};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::failure::{Failure, io};
use crate::program::PATIENCE;

/// Those who follow: each thread of the gateway does, the main one too.
const FOLLOWERS: usize = 2;
/// Whose facts they are said to be, whatever world they are from.
const ORG: OrgId = OrgId::from_u128(1);
/// How long a request for news waits.
const WAIT: Duration = Duration::from_secs(20);

/// The feed.
#[derive(Debug)]
pub(super) struct Telling {
    pub(super) address: SocketAddr,
    key: Arc<SigningKey>,
    told: watch::Sender<Told>,
    arrived: watch::Receiver<(u64, usize)>,
    facts: Facts,
}

/// What is told at present.
#[derive(Clone, Debug)]
struct Told {
    revision: u64,
    snapshot: Arc<Vec<u8>>,
    delta: Arc<Vec<u8>>,
}

struct Shared {
    told: watch::Receiver<Told>,
    /// A revision, and how often news after it was asked for.
    arrived: watch::Sender<(u64, usize)>,
}

impl Telling {
    pub(super) async fn start() -> Result<Self, Failure> {
        let nothing = Told { revision: 0, snapshot: Arc::default(), delta: Arc::default() };
        let ((told, receiver), (sender, arrived)) = (watch::channel(nothing), watch::channel((0, 0)));
        let router =
            Router::new().fallback(answer).with_state(Arc::new(Shared { told: receiver, arrived: sender }));
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(io("listening for the feed"))?;
        let address = listener.local_addr().map_err(io("asking for the feed's address"))?;
        // It serves until the program ends.
        tokio::spawn(async move { axum::serve(listener, router).await });
        let key = Arc::new(SigningKey::from_bytes(&[11; 32]));
        Ok(Self { address, key, told, arrived, facts: Facts::new() })
    }

    pub(super) fn public_key(&self) -> String {
        self.key.verifying_key().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Tells the facts of `state`, all times moved by `by` milliseconds, and waits until all who follow have them.
    pub(super) async fn tell(&mut self, state: &Snapshot, now: i64, by: i64) -> Result<(), Failure> {
        let facts: Facts = state.facts().into_iter().map(|(key, fact)| (key, moved(fact, by))).collect();
        let revision = self.told.borrow().revision + 1;
        let valid_until = moved_instant(state.header().valid_until, by);
        let validity = Validity { created: Instant::from_millis(now), horizon: Instant::MAX, valid_until };
        let (from, to) = (Revision::new(revision - 1), Revision::new(revision));
        let snapshot = Arc::new(self.sealed(&encode::snapshot(ORG, to, validity, &facts)));
        let delta =
            Arc::new(self.sealed(&encode::delta(ORG, from, to, validity, &changes(&self.facts, &facts))));
        self.facts = facts;
        self.told.send_replace(Told { revision, snapshot, delta });
        let all_have = |arrived: &(u64, usize)| arrived.0 == revision && arrived.1 >= FOLLOWERS;
        let waiting = timeout(PATIENCE, self.arrived.wait_for(all_have)).await;
        let late = || Failure::Late { waited_for: format!("revision {revision} to arrive at the gateway") };
        waiting.ok().and_then(Result::ok).map(|_| ()).ok_or_else(late)
    }

    fn sealed(&self, payload: &[u8]) -> Vec<u8> {
        let key_id = key_id(self.key.verifying_key().as_bytes());
        let signature = self.key.sign(&signed_message(&key_id, payload)).to_bytes();
        Envelope { key_id, signature, payload }.to_bytes()
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let mut told = shared.told.clone();
    let from =
        request.uri().query().and_then(|query| query.strip_prefix("from=")?.split('&').next()?.parse().ok());
    let Some(from) = from else {
        let told = told.borrow().clone();
        return match told.revision {
            0 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            _ => told.snapshot.to_vec().into_response(),
        };
    };
    shared.arrived.send_modify(|arrived| {
        *arrived = if arrived.0 == from { (from, arrived.1 + 1) } else { (from, 1) };
    });
    let news = timeout(WAIT, told.wait_for(|told| told.revision > from)).await;
    match news.ok().and_then(Result::ok).map(|told| told.clone()) {
        Some(told) if told.revision == from + 1 => told.delta.to_vec().into_response(),
        _ => StatusCode::GONE.into_response(),
    }
}

/// What has to be put and dropped.
fn changes(before: &Facts, after: &Facts) -> Vec<FactChange> {
    let mut changes: Vec<FactChange> = after
        .iter()
        .filter(|(key, fact)| before.get(key) != Some(fact))
        .map(|(key, fact)| FactChange { key: key.clone(), fact: Some(fact.clone()) })
        .collect();
    let gone = before.keys().filter(|key| !after.contains_key(key));
    changes.extend(gone.map(|key| FactChange { key: key.clone(), fact: None }));
    changes.sort_by(|a, b| a.key.cmp(&b.key));
    changes
}

fn moved(fact: Fact, by: i64) -> Fact {
    match fact {
        Fact::Edge { spans } => {
            Fact::Edge { spans: spans.into_iter().map(|span| moved_span(span, by)).collect() }
        }
        Fact::Grant(grant) => Fact::Grant(GrantFact { span: moved_span(grant.span, by), ..grant }),
        other => other,
    }
}

fn moved_span(span: Span, by: i64) -> Span {
    let bound = |instant: Instant, open| Some(moved_instant(instant, by)).filter(|_| instant != open);
    // Moved bounds are as far apart as before.
    Span::new(bound(span.from(), Instant::MIN), bound(span.until(), Instant::MAX)).unwrap_or(span)
}

fn moved_instant(instant: Instant, by: i64) -> Instant {
    if instant == Instant::MAX || instant == Instant::MIN { instant } else { instant.plus_millis(by) }
}
