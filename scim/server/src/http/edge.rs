//! The edge face, `/orgs/{org}/edge/v1`: the signed feed, for gateways and hosts that decide on their own.
//!
//! Nobody who waits holds a thread: waiters sleep on the news of their organisation.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use cohort_core::id::{Revision, ScopeId, check_permission};
use cohort_directory::limits::FRESH_MILLIS;
use cohort_directory::{Caller, FeedBytes, SliceAsked, SliceBytes};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;

use crate::app::App;
use crate::auth::Follower;
use crate::config::{EVENT_COMMENT_EVERY, LONG_POLL_SECONDS_MAX};
use crate::error::Refusal;
use crate::reply::{is_known, with_etag, with_revision};
use crate::request::Query;
use crate::stopping::Stopping;

const ENVELOPE: HeaderValue = HeaderValue::from_static("application/vnd.cohort.snapshot");

/// For how long one tag names a snapshot, in milliseconds: whoever is told that his copy is still good has one
/// that may be used for two thirds of the freshness bound more.
const TAG_MILLIS: i64 = FRESH_MILLIS / 3;

/// Bytes of a slice's hash in its tag.
const TAG_BYTES: usize = 16;

/// `GET /snapshot`: the whole state, signed; 304 if the client has it and it is fresh.
pub(crate) async fn snapshot(
    State(app): State<App>,
    Follower(caller): Follower,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let found = app
        .run(move |directory| {
            let age = directory.now().as_millis().div_euclid(TAG_MILLIS);
            let tag = |revision: Revision| format!("W/\"r{revision}.{age}\"");
            let published = directory.published(&caller)?;
            if is_known(&headers, &tag(published)) {
                return Ok::<_, Refusal>((tag(published), published, None));
            }
            let FeedBytes { envelope, revision } = directory.feed_snapshot(&caller)?;
            Ok((tag(revision), revision, Some(envelope)))
        })
        .await?;
    let (tag, revision, envelope) = found;
    let response = match envelope {
        Some(envelope) => bytes(envelope),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    Ok(with_etag(with_revision(response, revision), &tag))
}

/// `GET /slice?user=ADA&permissions=P,Q&scopes=S,T`: what one user may do, signed; 304 if the client has it and it is
/// fresh.
pub(crate) async fn slice(
    State(app): State<App>,
    Follower(caller): Follower,
    headers: HeaderMap,
    query: Query,
) -> Result<Response, Refusal> {
    let asked = slice_asked(&query)?;
    let found = app.run(move |directory| {
        let age = directory.now().as_millis().div_euclid(TAG_MILLIS);
        directory.feed_slice(&caller, &asked).map(|slice| (slice, age))
    });
    let (SliceBytes { bytes: FeedBytes { envelope, revision }, content }, age) = found.await?;
    let content: String = content.iter().take(TAG_BYTES).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("W/\"s{content}.{age}\"");
    let response =
        if is_known(&headers, &tag) { StatusCode::NOT_MODIFIED.into_response() } else { bytes(envelope) };
    Ok(with_etag(with_revision(response, revision), &tag))
}

fn slice_asked(query: &Query) -> Result<SliceAsked, Refusal> {
    let missing = |name, expected| Refusal::MissingParameter { name, expected };
    let list =
        |name| query.value(name).into_iter().flat_map(|list| list.split(',')).filter(|one| !one.is_empty());
    let user = query.value("user").ok_or(missing("user", "whose slice, an id or userName"))?.to_owned();
    let permission = |name: &str| match check_permission(name) {
        Ok(()) => Ok(name.to_owned()),
        Err(_) => Err(Refusal::Parameter {
            name: "permissions",
            found: name.into(),
            expected: "names such as `invoice:approve`, with commas between",
        }),
    };
    let permissions = list("permissions").map(permission).collect::<Result<Vec<_>, _>>()?;
    if permissions.is_empty() {
        return Err(missing("permissions", "what shall be answered about, with commas between"));
    }
    let scope = |text: &str| {
        ScopeId::parse(text).map_err(|_| Refusal::Parameter {
            name: "scopes",
            found: text.into(),
            expected: "scopes such as `project:42`, with commas between",
        })
    };
    Ok(SliceAsked { user, permissions, scopes: list("scopes").map(scope).collect::<Result<Vec<_>, _>>()? })
}

/// `GET /delta?from=N&wait=SECONDS`: what changed since revision N, signed; without news, a heartbeat.
pub(crate) async fn delta(
    State(app): State<App>,
    Follower(caller): Follower,
    query: Query,
) -> Result<Response, Refusal> {
    let missing = Refusal::MissingParameter { name: "from", expected: "the revision that the edge has" };
    let from = Revision::new(query.number("from")?.ok_or(missing)?);
    let wait = query.number("wait")?.unwrap_or(0).min(LONG_POLL_SECONDS_MAX);
    if wait > 0 {
        tokio::select! {
            waited = wait_for_news(&app, &caller, from, Duration::from_secs(wait)) => waited?,
            () = app.shut_out(&caller) => {}
        }
        // The news may be that the token was taken back.
        let asked = caller.clone();
        if !app.run(move |directory| directory.still_holds(&asked)).await? {
            return Err(Refusal::Unauthenticated);
        }
    }
    let FeedBytes { envelope, revision } =
        app.run(move |directory| directory.feed_delta(&caller, from)).await?;
    Ok(with_revision(bytes(envelope), revision))
}

/// `GET /watch`: an event with the present revision, then one whenever a later one is published, for as long as the
/// token opens the door.
pub(crate) async fn watch(State(app): State<App>, Follower(caller): Follower) -> Result<Response, Refusal> {
    // Subscribed before the present revision is read, so that none falls between.
    let news = app.news(caller.org());
    let asked = caller.clone();
    let present = app.run(move |directory| directory.published(&asked)).await?;
    let (events, stream) = mpsc::channel(1);
    tokio::spawn(async move {
        tokio::select! {
            () = tell(events, news, present, app.stopping()) => {}
            () = app.shut_out(&caller) => {}
        }
    });
    let alive = KeepAlive::new().interval(EVENT_COMMENT_EVERY).text("");
    let mut response = Sse::new(ReceiverStream::new(stream)).keep_alive(alive).into_response();
    // Proxies that buffer answers would hold events back.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// Sends revisions until the client is gone or the server stops; a slow client only misses those in between.
async fn tell(
    events: mpsc::Sender<Result<Event, Infallible>>,
    mut news: watch::Receiver<Revision>,
    present: Revision,
    mut stopping: Stopping,
) {
    let mut last = present;
    loop {
        let event = Event::default().event("revision").data(format!("{{\"revision\":{last}}}"));
        if events.send(Ok(event)).await.is_err() {
            return;
        }
        let next = tokio::select! {
            next = news.wait_for(|revision| *revision > last) => next.map(|revision| *revision),
            () = stopping.begun() => return,
            () = events.closed() => return,
        };
        let Ok(next) = next else { return };
        last = next;
    }
}

/// Returns when a revision after `from` is published, `most` is over, or the server stops.
async fn wait_for_news(app: &App, caller: &Caller, from: Revision, most: Duration) -> Result<(), Refusal> {
    let mut news = app.news(caller.org());
    let asked = caller.clone();
    let present = app.run(move |directory| directory.published(&asked)).await?;
    if present != from {
        return Ok(());
    }
    let mut stopping = app.stopping();
    let news = async {
        tokio::select! {
            _ = news.wait_for(|revision| *revision > from) => {}
            () = stopping.begun() => {}
        }
    };
    // Time over is no failure: the delta is then a heartbeat.
    let _ = timeout(most, news).await;
    Ok(())
}

fn bytes(envelope: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(envelope));
    response.headers_mut().insert(CONTENT_TYPE, ENVELOPE);
    // What is true of a feed now is not in a while: shared caches must ask.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}
