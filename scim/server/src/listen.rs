//! Connections: accepted up to a bound, given a time for each request's head, and drained when the server stops.
//!
//! `axum::serve` waits for a head for ever and for the last connection for ever; hence a loop of our own.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use crate::config::{CONNECTIONS_MAX, DRAIN_TIME_MAX, HEAD_TIME_MAX};
use crate::routes::tidied;
use crate::stopping::Stopping;

/// Pause after a failed `accept`: its usual cause, no free file handle, does not pass by trying again at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves `router` on `listener` until `stopping` begins, then waits for requests under way.
///
/// Gives the number of connections that were still busy after [`DRAIN_TIME_MAX`]; they end with the program.
pub(crate) async fn run(listener: TcpListener, router: Router, mut stopping: Stopping) -> usize {
    let free = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let stop = stopping.clone();
    loop {
        let accepted = tokio::select! {
            biased;
            () = stopping.begun() => break,
            accepted = accept(&listener, &free) => accepted,
        };
        let Some((stream, permit)) = accepted else { continue };
        tokio::spawn(serve(stream, router.clone(), stop.clone(), permit));
    }
    drop(listener);
    let all = u32::try_from(CONNECTIONS_MAX).unwrap_or(u32::MAX);
    match timeout(DRAIN_TIME_MAX, free.acquire_many(all)).await {
        Ok(_) => 0,
        Err(_) => CONNECTIONS_MAX - free.available_permits(),
    }
}

/// The next connection, once there is room for it; `None` if accepting failed.
async fn accept(listener: &TcpListener, free: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let permit = free.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, permit)),
        Err(cause) => {
            tracing::warn!(%cause, "cannot accept a connection");
            sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

/// Answers the requests of one connection; when the server stops, the one under way is the last.
async fn serve(stream: TcpStream, router: Router, mut stopping: Stopping, _permit: OwnedSemaphorePermit) {
    // Answers are small and a change should reach an edge at once.
    let _ = stream.set_nodelay(true);
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME_MAX);
    let routed = TowerToHyperService::new(router);
    let service = service_fn(move |request| routed.call(tidied(request)));
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopping.begun() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(cause) = ended {
        tracing::debug!(%cause, "connection ended early");
    }
}
