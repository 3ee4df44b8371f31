//! A feed with a key and a freshness bound of its own: what the server's would take a quarter of an hour to show.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cohort_core::encode;
use cohort_core::graph::Graph;
use cohort_core::id::{Instant, Revision};
use cohort_core::view::envelope::{Envelope, signed_message};
use cohort_verify::key_id;
use ed25519_dalek::{Signer, SigningKey};
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::build::Build;
use crate::failure::{Failure, io};
use crate::world;

/// A feed of one organisation that never changes.
pub struct OwnFeed {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    key: SigningKey,
    graph: Graph,
    fresh_millis: i64,
    answers: Mutex<bool>,
}

impl OwnFeed {
    /// Serves a world whose states may be used for `fresh_millis`.
    ///
    /// # Errors
    /// [`Failure`] when the world cannot be read, or no port be had.
    pub async fn start(text: &str, fresh_millis: i64) -> Result<Self, Failure> {
        let mut build = Build::default();
        for line in world::read(text)? {
            let told = build.carry_out(&line.statement);
            told.map_err(|cause| Failure::Program { said: format!("line {}: {cause:?}", line.number) })?;
        }
        Self::of(build.graph, fresh_millis).await
    }

    /// The same of an organisation.
    ///
    /// # Errors
    /// [`Failure`] when no port can be had.
    pub async fn of(graph: Graph, fresh_millis: i64) -> Result<Self, Failure> {
        let key = SigningKey::from_bytes(&[9; 32]);
        let shared = Arc::new(Shared { key, graph, fresh_millis, answers: Mutex::new(true) });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(io("listening for the feed"))?;
        let address = listener.local_addr().map_err(io("asking for the feed's address"))?;
        // It serves until the program ends.
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, shared })
    }

    /// The public key, in hexadecimal.
    #[must_use]
    pub fn public_key(&self) -> String {
        self.shared.key.verifying_key().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Answers from now on, or is silent.
    pub fn set_answering(&self, answering: bool) {
        *self.shared.answers.lock().unwrap_or_else(PoisonError::into_inner) = answering;
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let is_delta = request.uri().path().ends_with("/delta");
    if is_delta {
        sleep(Duration::from_millis(200)).await;
    }
    if !*shared.answers.lock().unwrap_or_else(PoisonError::into_inner) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let now = Instant::from_millis(jiff::Timestamp::now().as_millisecond());
    let validity = encode::Validity::from_now(now, shared.fresh_millis);
    let (org, revision) = (shared.graph.org(), Revision::new(1));
    let payload = match is_delta {
        true => encode::delta(org, revision, revision, validity, &[]),
        false => encode::snapshot(org, revision, validity, shared.graph.facts()),
    };
    shared.sealed(&payload).into_response()
}

impl Shared {
    fn sealed(&self, payload: &[u8]) -> Vec<u8> {
        let key_id = key_id(self.key.verifying_key().as_bytes());
        let signature = self.key.sign(&signed_message(&key_id, payload)).to_bytes();
        Envelope { key_id, signature, payload }.to_bytes()
    }
}
