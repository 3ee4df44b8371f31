//! The filter in the gateway: one root for each of its threads, and a context for each request.
//!
//! Header values are taken as bytes: as text they would end the filter when they are none. Where the gateway does not do
//! what it is asked, the request does not pass.

mod metrics;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, SystemTime};

use cohort_core::id::Instant;
use proxy_wasm::hostcalls;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, BufferType, ContextType, LogLevel, MapType};

use crate::config::{Config, SubjectSource};
use crate::feed::{ANSWER_SECONDS, BODY_BYTES_MAX, Feed, Taken, WAIT_SECONDS, Want};
use crate::verdict::{Kind, Request, Verdict, judge};
use metrics::Metrics;

/// Why a request does not pass.
const REASON: &str = "x-cohort-reason";
/// The revision that answered.
const REVISION: &str = "x-cohort-revision";

/// How often it is looked whether something is due.
const TICK: Duration = Duration::from_millis(100);

proxy_wasm::main! {{
    proxy_wasm::set_root_context(|_| Box::new(Root::default()));
}}

/// What a root and its requests share.
struct Shared {
    config: Config,
    feed: Feed,
    metrics: Metrics,
}

/// A request for bytes that is under way.
struct Call {
    id: u32,
    want: Want,
}

#[derive(Default)]
struct Root {
    shared: Option<Rc<RefCell<Shared>>>,
    call: Option<Call>,
    last_said: String,
}

fn now() -> Instant {
    let since =
        hostcalls::get_current_time().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    // Without a clock nothing is fresh.
    let millis = since.and_then(|since| i64::try_from(since.as_millis()).ok());
    Instant::from_millis(millis.unwrap_or(i64::MAX))
}

fn log(level: LogLevel, words: &str) {
    // A log that cannot be written is no reason to stop.
    let _ = hostcalls::log(level, words);
}

impl RootContext for Root {
    fn on_configure(&mut self, _: usize) -> bool {
        let bytes = hostcalls::get_buffer(BufferType::PluginConfiguration, 0, usize::MAX);
        match Config::parse(&bytes.ok().flatten().unwrap_or_default()) {
            Ok(config) => {
                let feed = Feed::new(config.keys.clone());
                self.shared =
                    Some(Rc::new(RefCell::new(Shared { config, feed, metrics: Metrics::defined() })));
                self.set_tick_period(TICK);
                true
            }
            Err(cause) => {
                log(LogLevel::Critical, &format!("cohort: {cause}"));
                false
            }
        }
    }

    fn on_tick(&mut self) {
        self.fetch_if_due();
    }

    fn create_http_context(&self, _: u32) -> Option<Box<dyn HttpContext>> {
        let shared = Rc::clone(self.shared.as_ref()?);
        Some(Box::new(Judge { shared }))
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

impl Context for Root {
    fn on_http_call_response(&mut self, id: u32, headers: usize, body_bytes: usize, _: usize) {
        let Some(call) = self.call.take_if(|call| call.id == id) else { return };
        let status = if headers == 0 { None } else { status() };
        let body = if body_bytes > BODY_BYTES_MAX { None } else { body(body_bytes) };
        if status.is_some() && body.is_none() {
            log(
                LogLevel::Warn,
                &format!("cohort: an answer of {body_bytes} bytes; expected at most {BODY_BYTES_MAX}"),
            );
        }
        self.take(&call, status, &body.unwrap_or_default());
        self.fetch_if_due();
    }
}

impl Root {
    fn take(&mut self, call: &Call, status: Option<u32>, body: &[u8]) {
        let Some(shared) = &self.shared else { return };
        let mut shared = shared.borrow_mut();
        let now = now();
        let taken = shared.feed.take(
            call.want,
            status,
            body,
            now,
            now.as_millis().cast_unsigned() ^ u64::from(call.id),
        );
        shared.metrics.take(&taken);
        let (level, words) = match taken {
            Taken::Opened(revision) => (LogLevel::Info, format!("cohort: opened revision {revision}")),
            Taken::Moved(_) | Taken::Fresh => (LogLevel::Debug, String::new()),
            Taken::Refused(refusal) => (LogLevel::Warn, format!("cohort: not used: {refusal}")),
        };
        // What repeats itself is said once.
        if words != self.last_said {
            if !words.is_empty() {
                log(level, &words);
            }
            self.last_said = words;
        }
    }

    fn fetch_if_due(&mut self) {
        let Some(shared) = self.shared.clone().filter(|_| self.call.is_none()) else { return };
        let Some(want) = shared.borrow().feed.due(now()) else { return };
        let server = shared.borrow().config.server.clone();
        let (path, seconds) = match want {
            Want::Snapshot => (format!("/orgs/{}/edge/v1/snapshot", server.org), ANSWER_SECONDS),
            Want::Delta(from) => (
                format!("/orgs/{}/edge/v1/delta?from={from}&wait={WAIT_SECONDS}", server.org),
                ANSWER_SECONDS + WAIT_SECONDS,
            ),
        };
        let bearer = format!("Bearer {}", server.token);
        let headers = vec![
            (":method", "GET"),
            (":path", path.as_str()),
            (":authority", server.authority.as_str()),
            ("authorization", bearer.as_str()),
        ];
        let sent = hostcalls::dispatch_http_call(
            &server.cluster,
            headers,
            None,
            vec![],
            Duration::from_secs(seconds),
        );
        match sent {
            Ok(id) => self.call = Some(Call { id, want }),
            // No such cluster, or none that is ready: as if no answer came.
            Err(_) => self.take(&Call { id: 0, want }, None, &[]),
        }
    }
}

fn status() -> Option<u32> {
    let bytes = hostcalls::get_map_value_bytes(MapType::HttpCallResponseHeaders, ":status").ok()??;
    str::from_utf8(&bytes).ok()?.parse().ok()
}

fn body(bytes: usize) -> Option<Vec<u8>> {
    if bytes == 0 {
        return Some(Vec::new());
    }
    hostcalls::get_buffer(BufferType::HttpCallResponseBody, 0, bytes).ok()?
}

/// Judges one request.
struct Judge {
    shared: Rc<RefCell<Shared>>,
}

impl Context for Judge {}

impl HttpContext for Judge {
    fn on_http_request_headers(&mut self, _: usize, _: bool) -> Action {
        let shared = self.shared.borrow();
        let header =
            |name: &str| hostcalls::get_map_value_bytes(MapType::HttpRequestHeaders, name).ok().flatten();
        let (method, target) = (header(":method").unwrap_or_default(), header(":path").unwrap_or_default());
        let subject = subject(&shared.config.subject);
        let request = Request { method: &method, target: &target, subject: subject.as_deref(), at: now() };
        let verdict = judge(&shared.config, shared.feed.state(), &request);
        shared.metrics.judge(&verdict);
        let revision = shared.feed.state().filter(|_| shared.config.tells_revision);
        let revision = revision.map(|state| state.header().revision.to_string());
        match verdict {
            Verdict::Pass => {
                if shared.config.tells_revision {
                    // Also without a revision: what a client sends under this name is no word of the filter.
                    let _ =
                        hostcalls::set_map_value(MapType::HttpRequestHeaders, REVISION, revision.as_deref());
                }
                Action::Continue
            }
            Verdict::Refuse { kind, reason } => {
                refuse(kind, shared.config.tells_reason.then_some(reason), revision.as_deref());
                Action::Pause
            }
        }
    }
}

/// Who asks. A header that came twice names nobody.
fn subject(source: &SubjectSource) -> Option<Vec<u8>> {
    match source {
        SubjectSource::Claim(path) => {
            let mut whole = vec!["metadata", "filter_metadata"];
            whole.extend(path.iter().map(String::as_str));
            hostcalls::get_property(whole).ok()?
        }
        SubjectSource::Header(name) => {
            let headers = hostcalls::get_map_bytes(MapType::HttpRequestHeaders).ok()?;
            let mut named = headers.into_iter().filter(|(one, _)| one == name);
            let (_, value) = named.next()?;
            named.next().is_none().then_some(value)
        }
    }
}

/// Answers in place of the upstream.
fn refuse(kind: Kind, reason: Option<&str>, revision: Option<&str>) {
    let mut headers = vec![("content-type", "text/plain"), ("cache-control", "no-store")];
    headers.extend(reason.map(|reason| (REASON, reason)));
    headers.extend(revision.map(|revision| (REVISION, revision)));
    headers.extend((kind == Kind::Unauthenticated).then_some(("www-authenticate", "Bearer")));
    headers.extend((kind == Kind::Unavailable).then_some(("retry-after", "1")));
    let body = format!("{}\n", kind.word());
    // The request stays where it is if this fails: it does not pass.
    let _ = hostcalls::send_http_response(kind.status(), headers, Some(body.as_bytes()));
}
