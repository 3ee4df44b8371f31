//! A wire between a host and a server that can be made to flip bits.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::failure::{Failure, io};

/// Forwards connections of loopback; on demand it flips one bit of each envelope that comes back.
#[derive(Debug)]
pub struct Proxy {
    /// Where it listens.
    pub url: String,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    flipping: AtomicBool,
    flipped: AtomicUsize,
}

impl Proxy {
    /// Listens on a free port and forwards to `upstream`, such as `http://127.0.0.1:4321`.
    ///
    /// # Errors
    /// [`Failure::Io`] when no port can be had.
    pub async fn before(upstream: &str) -> Result<Self, Failure> {
        let upstream = upstream.trim_start_matches("http://").to_string();
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(io("listening for the proxy"))?;
        let address: SocketAddr = listener.local_addr().map_err(io("asking for the proxy's address"))?;
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&upstream).await else { continue };
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::spawn(forward(from_client, to_server, None));
                tokio::spawn(forward(from_server, to_client, Some(Arc::clone(&shared))));
            }
        });
        Ok(Self { url: format!("http://{address}"), state })
    }

    /// Flips a bit in every envelope from now on, or no more.
    pub fn set_flipping(&self, flipping: bool) {
        self.state.flipping.store(flipping, Ordering::SeqCst);
    }

    /// How many envelopes were changed.
    #[must_use]
    pub fn flipped(&self) -> usize {
        self.state.flipped.load(Ordering::SeqCst)
    }
}

async fn forward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: Option<Arc<State>>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count) = from.read(&mut buffer).await {
        let Some(bytes) = buffer.get_mut(..count).filter(|bytes| !bytes.is_empty()) else { return };
        if let Some(state) = state.as_ref().filter(|state| state.flipping.load(Ordering::SeqCst)) {
            flip_envelope(bytes, state);
        }
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}

/// Flips the lowest bit of the last byte, if an envelope begins in `bytes`.
fn flip_envelope(bytes: &mut [u8], state: &State) {
    if !bytes.windows(4).any(|window| window == b"COHE") {
        return;
    }
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
        state.flipped.fetch_add(1, Ordering::SeqCst);
    }
}
