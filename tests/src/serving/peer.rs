//! Another SCIM server, measured by the same requests: scim2-server of PyPI, written in Python, which keeps everything in
//! memory and looks at all of it.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::client::Client;
use crate::failure::{Failure, io};
use crate::program::PATIENCE;

/// Users up to which it is measured: what it does takes time in proportion to them.
pub(crate) const USERS_MAX: usize = 10_000;

/// Pause between two attempts to reach a server that has just been started.
const PAUSE: Duration = Duration::from_millis(50);

/// What it takes for a token; it listens on loopback alone and has nothing that is worth one.
const TOKEN: &str = "benchmark";

/// A running scim2-server; killed when dropped.
pub(super) struct Peer {
    child: Child,
    base: String,
}

impl Peer {
    /// Starts the program on a free port of loopback, and returns when it answers.
    ///
    /// # Errors
    /// [`Failure::Io`] when it cannot be started, [`Failure::Late`] when it does not answer.
    pub(super) async fn start(program: &Path) -> Result<Self, Failure> {
        let port = free_port().map_err(io("looking for a free port"))?;
        let mut command = Command::new(program);
        command.args(["--hostname", "127.0.0.1", "--bearer-token", TOKEN, "--port"]).arg(port.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let child = command.spawn().map_err(io("starting scim2-server"))?;
        let peer = Self { child, base: format!("http://127.0.0.1:{port}/v2") };
        let late = |_| Failure::Late { waited_for: "scim2-server to answer".into() };
        timeout(PATIENCE, peer.answers()).await.map_err(late)?;
        Ok(peer)
    }

    async fn answers(&self) {
        while self.client().get("/ServiceProviderConfig").await.is_err() {
            sleep(PAUSE).await;
        }
    }

    pub(super) fn client(&self) -> Client {
        Client::scim_below(self.base.clone(), TOKEN)
    }

    pub(super) fn process_id(&self) -> Option<u32> {
        self.child.id()
    }
}

/// A port that nobody listens on; the program cannot say which one it would choose by itself.
fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
