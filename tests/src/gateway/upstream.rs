//! What the gateway stands before: it says which request came through.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::{Request, State};
use tokio::net::TcpListener;

use crate::failure::{Failure, io};

/// An application on loopback.
#[derive(Debug)]
pub struct Upstream {
    /// Where it listens.
    pub address: SocketAddr,
    served: Arc<AtomicUsize>,
}

impl Upstream {
    /// Listens on a free port.
    ///
    /// # Errors
    /// [`Failure::Io`] when no port can be had.
    pub async fn start() -> Result<Self, Failure> {
        let served = Arc::new(AtomicUsize::new(0));
        let router = Router::new().fallback(echo).with_state(Arc::clone(&served));
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(io("listening for the upstream"))?;
        let address = listener.local_addr().map_err(io("asking for the upstream's address"))?;
        // It serves until the program ends.
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, served })
    }

    /// How many requests came through.
    #[must_use]
    pub fn served(&self) -> usize {
        self.served.load(Ordering::SeqCst)
    }
}

/// `METHOD TARGET REVISION`, as it arrived.
async fn echo(State(served): State<Arc<AtomicUsize>>, request: Request) -> String {
    served.fetch_add(1, Ordering::SeqCst);
    let revision = request.headers().get("x-cohort-revision").and_then(|value| value.to_str().ok());
    format!("{} {} {}", request.method(), request.uri(), revision.unwrap_or("-"))
}
