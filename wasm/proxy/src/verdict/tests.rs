use super::{Kind, Request, Verdict, judge};
use crate::config::Config;
use cohort_core::id::Instant;
use cohort_core::view::Snapshot;
use serde_json::json;

const SNAPSHOT: &[u8] = include_bytes!("../../../../tests/data/snapshots/small.snapshot");
/// 2026-03-01T09:30:00Z, when the state may be used.
const NOW: i64 = 1_772_357_400_000;

fn config(unknown_route: &str) -> Config {
    let text = json!({
        "server": {"cluster": "cohort", "authority": "cohort.internal", "org": "acme", "token": "t"},
        "keys": ["d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"],
        "subject": {"header": "x-user"},
        "unknownRoute": unknown_route,
        "routes": [
            {"path": "/health", "public": true},
            {"methods": ["POST"], "path": "/projects/{id}/quotes", "permission": "quote:create", "scope": "project:{id}"},
            {"methods": ["GET"], "path": "/projects/{id}/quotes", "permission": "quote:read", "scope": "project:{id}"},
            {"path": "/tasks/{id}", "permission": "quote:create", "scope": "task:{id}", "parent": "project:42"},
            {"path": "/typo", "permission": "quote:destroy"},
            {"path": "/whole", "permission": "quote:create"},
        ],
    });
    Config::parse(text.to_string().as_bytes()).unwrap()
}

struct Asked<'a> {
    method: &'a str,
    target: &'a str,
    subject: Option<&'a [u8]>,
    at: i64,
}

impl Asked<'_> {
    fn judged(&self, config: &Config, state: Option<&Snapshot>) -> Verdict {
        let request = Request {
            method: self.method.as_bytes(),
            target: self.target.as_bytes(),
            subject: self.subject,
            at: Instant::from_millis(self.at),
        };
        judge(config, state, &request)
    }
}

#[track_caller]
fn is_judged(request: &str, subject: &str, expected: &str) {
    let (method, target) = request.split_once(' ').unwrap();
    let subject = Some(subject.as_bytes()).filter(|subject| !subject.is_empty());
    let asked = Asked { method, target, subject, at: NOW };
    let state = Snapshot::open(SNAPSHOT).unwrap();
    assert_eq!(words(asked.judged(&config("deny"), Some(&state))), expected, "{request} by {subject:?}");
}

fn words(verdict: Verdict) -> String {
    match verdict {
        Verdict::Pass => "pass".to_owned(),
        Verdict::Refuse { kind, reason } => format!("{} {reason}", kind.status()),
    }
}

#[test]
fn a_request_passes_when_the_core_allows_it() {
    is_judged("POST /projects/42/quotes", "ada", "pass");
    is_judged("POST /projects/43/quotes", "ada", "403 no_path");
    is_judged("GET /projects/42/quotes", "eve", "pass");
    is_judged("POST /tasks/1", "ada", "pass");
    is_judged("GET /whole", "ada", "403 no_path");
    is_judged("GET /typo", "ada", "403 unknown_permission");
    is_judged("POST /projects/42/quotes", "bob", "403 unknown_user");
}

#[test]
fn who_is_not_named_is_nobody() {
    is_judged("POST /projects/42/quotes", "", "401 no_subject");
    is_judged("POST /projects/42/quotes", "a\u{0}da", "401 no_subject");
    is_judged("POST /projects/42/quotes", &"a".repeat(257), "401 no_subject");
    is_judged("GET /health", "", "pass");
    let state = Snapshot::open(SNAPSHOT).unwrap();
    let asked = Asked { method: "GET", target: "/whole", subject: Some(b"\xff"), at: NOW };
    assert_eq!(words(asked.judged(&config("deny"), Some(&state))), "401 no_subject");
}

#[test]
fn what_no_route_knows_does_not_pass() {
    is_judged("GET /other", "ada", "403 unknown_route");
    is_judged("DELETE /projects/42/quotes", "ada", "403 unknown_method");
    is_judged("post /projects/42/quotes", "ada", "403 unknown_method");
    for target in [
        "/projects/42/../42/quotes",
        "/projects/42%2Fquotes",
        "/projects//42/quotes",
        "/projects/42/quotes/",
        "/Projects/42/quotes",
        "/projects/%34%32/quotes",
        "/projects/42/quotes;v=1",
        "/projects/*/quotes",
        "/%2e/projects/42/quotes",
        "http://host/projects/42/quotes",
        "*",
        "",
    ] {
        is_judged(&format!("POST {target}"), "ada", "403 ambiguous_path");
    }
    is_judged("POST /projects/42/quotes?x=/../..", "ada", "pass");
}

/// A value in the path stays in its place: it can neither add a scope nor change the type.
#[test]
fn values_of_a_path_do_not_leave_their_place() {
    is_judged("POST /projects/42%20/quotes", "ada", "403 no_path");
    is_judged("POST /projects/42,project:43/quotes", "ada", "403 no_path");
    is_judged("POST /projects/042/quotes", "ada", "403 no_path");
    is_judged(&format!("POST /projects/{}/quotes", "4".repeat(300)), "ada", "403 malformed_scope");
}

/// The setting is about paths that nobody named: not about those that are almost named, or named for other methods.
#[test]
fn unknown_routes_pass_only_where_the_setting_says_so() {
    let state = Snapshot::open(SNAPSHOT).unwrap();
    let config = config("allow");
    let judged = |method, target| {
        words(Asked { method, target, subject: None, at: NOW }.judged(&config, Some(&state)))
    };
    assert_eq!(judged("GET", "/other"), "pass");
    assert_eq!(judged("GET", "/WHOLE"), "403 ambiguous_path");
    assert_eq!(judged("GET", "/whole/"), "403 ambiguous_path");
    assert_eq!(judged("GET", "/other/../whole"), "403 ambiguous_path");
    assert_eq!(judged("DELETE", "/projects/42/quotes"), "403 unknown_method");
    assert_eq!(judged("GET", "/whole"), "401 no_subject");
}

#[test]
fn without_a_fresh_state_nothing_is_known() {
    let (config, state) = (config("deny"), Snapshot::open(SNAPSHOT).unwrap());
    let judged = |at, state| {
        words(
            Asked { method: "POST", target: "/projects/42/quotes", subject: Some(b"ada"), at }
                .judged(&config, state),
        )
    };
    assert_eq!(judged(NOW, None), "503 not_loaded");
    let header = state.header();
    assert_eq!(judged(header.valid_until.as_millis() - 1, Some(&state)), "pass");
    assert_eq!(judged(header.valid_until.as_millis(), Some(&state)), "503 stale");
    assert_eq!(judged(header.created.as_millis() - 120_000, Some(&state)), "503 before_created");
    assert_eq!(judged(i64::MAX, Some(&state)), "503 stale");
    let health = Asked { method: "GET", target: "/health", subject: None, at: NOW };
    assert_eq!(words(health.judged(&config, None)), "pass");
}

#[test]
fn kinds_have_the_status_that_clients_know() {
    assert_eq!([Kind::Unauthenticated, Kind::Denied, Kind::Unavailable].map(Kind::status), [401, 403, 503]);
}
