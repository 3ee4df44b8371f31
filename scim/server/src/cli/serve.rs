//! `cohort serve`

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use cohort_directory::{Directory, Retention, Settings, System};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::failure::Failure;
use super::{ServeArgs, print};
use crate::app::App;
use crate::config::{BLOCKING_THREADS_MAX, ServeConfig, public_url};
use crate::{listen, routes, stopping};

const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Runs the server until a signal stops it.
pub(crate) fn run(args: ServeArgs) -> Result<ExitCode, Failure> {
    let config = ServeConfig {
        folder: args.folder.data,
        listen: args.listen,
        settings: Settings {
            gather: Duration::from_millis(args.gather),
            retention: Retention { age: args.log_days * DAY, count: args.log_count },
        },
        public_url: args.public_url.map(checked_url).transpose()?,
        scim_rate: NonZeroU32::new(args.scim_rate).unwrap_or(NonZeroU32::MIN),
    };
    start_log();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS_MAX)
        .build()
        .map_err(|cause| Failure::System { what: "start threads", cause })?;
    let served = runtime.block_on(serve(config));
    // Whatever still blocks on the store has had its time.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served.map(|()| ExitCode::SUCCESS)
}

async fn serve(config: ServeConfig) -> Result<(), Failure> {
    // The port first: a start that fails for it leaves no folder behind.
    let listener = bound(config.listen).await?;
    let directory = Directory::open_with(&config.folder, Arc::new(System), config.settings)?;
    let address = listener.local_addr().map_err(|cause| Failure::Listen { address: config.listen, cause })?;
    warn_of_open_door(address, config.public_url.as_deref());
    if let Some(path) = directory.fresh_admin_token() {
        welcome(&config.folder, path);
    }

    let (stop, stopping) = stopping::signal();
    let signals = Signals::new().map_err(|cause| Failure::System { what: "listen for signals", cause })?;
    let router = routes::router(App::new(directory, config.public_url, config.scim_rate, stopping.clone()));
    print(&format!("listening on http://{address}\n"))?;
    tokio::spawn(async move {
        signals.any().await;
        tracing::info!("stopping");
        stop.now();
    });
    let busy = listen::run(listener, router, stopping).await;
    if busy > 0 {
        tracing::warn!(connections = busy, "stopped with requests under way");
    }
    Ok(())
}

async fn bound(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|cause| match cause.kind() {
        io::ErrorKind::AddrInUse => Failure::AddressInUse { address },
        _ => Failure::Listen { address, cause },
    })
}

/// What somebody who starts with an empty folder needs to know next.
fn welcome(folder: &Path, token: &Path) {
    eprintln!("new data folder {}; the administrator's token is in {}", folder.display(), token.display());
    eprintln!("hint: `cohort init --data {} --org NAME` makes its first organisation", folder.display());
}

/// Tokens cross the network in the clear unless somebody in front of the server speaks TLS.
fn warn_of_open_door(address: SocketAddr, public_url: Option<&str>) {
    let behind_tls = public_url.is_some_and(|url| url.starts_with("https://"));
    if !address.ip().is_loopback() && !behind_tls {
        eprintln!("warning: {address} is reachable from other machines and speaks plain HTTP");
        eprintln!("hint: put a proxy that terminates TLS in front, and name it by --public-url https://...");
    }
}

fn checked_url(text: String) -> Result<String, Failure> {
    match public_url(&text) {
        Some(url) => Ok(url.to_owned()),
        None => Err(Failure::PublicUrl { found: text }),
    }
}

/// One line per event on standard error; `COHORT_LOG` chooses which.
fn start_log() {
    let filter = EnvFilter::try_from_env("COHORT_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // Fails only if there is a log already, which then serves as well.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_target(false)
        .with_ansi(false)
        .try_init();
}

/// The signals that stop a server.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self { interrupt, terminate: signal(SignalKind::terminate())? })
    }

    async fn any(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
