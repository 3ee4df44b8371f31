//! Questions as requests: a route for each kind of question, a path for each.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cohort_core::id::{ScopeId, check_permission};
use serde_json::{Value, json};

use crate::asks::{Question, Step, read};
use crate::failure::{Failure, io};

/// What a route asks: all but the user and the ids in the scope.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Kind {
    permission: String,
    /// Type and number of segments of the id; none for scopes without id.
    typed: Option<(String, usize)>,
    /// A scope without id, as it is.
    plain: Option<String>,
    parent: Option<String>,
    conditions: Vec<String>,
}

/// Every kind of question, by the number of its route.
#[derive(Debug)]
pub(super) struct Questions {
    kinds: BTreeMap<Kind, usize>,
}

impl Questions {
    /// Those in the files below `worlds`.
    pub(super) fn below(worlds: &Path) -> Result<Self, Failure> {
        let mut kinds = BTreeMap::new();
        let index = fs::read_to_string(worlds.join("index")).map_err(io("reading the worlds"))?;
        for name in index.lines() {
            let text = fs::read_to_string(worlds.join(name).join("asks")).map_err(io("reading a world"))?;
            let steps = read(&text).map_err(|cause| Failure::Program { said: cause.to_string() })?;
            for step in steps {
                let Step::Ask(question, _) = step else { continue };
                let Some((kind, _)) = kind(&question) else { continue };
                let next = kinds.len();
                kinds.entry(kind).or_insert(next);
            }
        }
        Ok(Self { kinds })
    }

    /// The path of a question; none where a gateway cannot be asked so.
    pub(super) fn target(&self, question: &Question) -> Option<String> {
        let (kind, segments) = kind(question)?;
        let mut target = format!("/q{}", self.kinds.get(&kind)?);
        for segment in segments {
            target.push('/');
            target.push_str(&encoded(segment)?);
        }
        Some(target)
    }

    /// A route for each kind.
    pub(super) fn configuration(&self, key: &str) -> Value {
        let routes: Vec<Value> = self.kinds.iter().map(|(kind, number)| route(kind, *number)).collect();
        json!({
            "server": {"cluster": "cohort", "authority": "cohort.internal", "org": "worlds", "token": "any"},
            "keys": [key],
            "subject": {"claim": ["envoy.filters.http.jwt_authn", "payload", "sub"]},
            "routes": routes
        })
    }
}

fn route(kind: &Kind, number: usize) -> Value {
    let mut path = format!("/q{number}");
    let mut route = json!({"methods": ["GET"], "permission": kind.permission, "conditions": kind.conditions});
    let mut set = |name: &str, value: &str| {
        route.as_object_mut().map(|object| object.insert(name.to_owned(), Value::from(value)));
    };
    if let Some((of, segments)) = &kind.typed {
        let names: Vec<String> = (0..*segments).map(|at| format!("{{s{at}}}")).collect();
        path = format!("{path}/{}", names.join("/"));
        set("scope", &format!("{of}:{}", names.join("/")));
    }
    kind.plain.iter().for_each(|scope| set("scope", scope));
    kind.parent.iter().for_each(|parent| set("parent", parent));
    set("path", &path);
    route
}

/// The kind of a question, and the segments of its id; none for one that no configuration may have, or no token.
fn kind(question: &Question) -> Option<(Kind, Vec<&str>)> {
    let is_subject = (1..=256).contains(&question.user.len()) && !question.user.chars().any(char::is_control);
    let is_scope = |text: &Option<String>| text.as_ref().is_none_or(|text| ScopeId::parse(text).is_ok());
    let is_plain = |text: &Option<String>| text.as_ref().is_none_or(|text| !text.contains(['{', '}']));
    let can_be = is_subject
        && question.at_least == 0
        && question.conditions.len() <= 64
        && check_permission(&question.permission).is_ok()
        && is_scope(&question.scope)
        && is_scope(&question.parent)
        && is_plain(&question.parent);
    let typed = question.scope.as_deref().and_then(|scope| scope.split_once(':'));
    let segments: Vec<&str> = typed.map(|(_, id)| id.split('/').collect()).unwrap_or_default();
    let kind = Kind {
        permission: question.permission.clone(),
        typed: typed.map(|(of, _)| (of.to_owned(), segments.len())),
        plain: question.scope.clone().filter(|_| typed.is_none()),
        parent: question.parent.clone(),
        conditions: question.conditions.clone(),
    };
    (can_be && segments.len() <= 60).then_some((kind, segments))
}

/// A segment of a path; none for one that a filter refuses.
fn encoded(segment: &str) -> Option<String> {
    let never = |byte: u8| matches!(byte, b'\\' | b'%' | b'?' | b'#' | b';');
    if matches!(segment, "" | "." | ".." | "*") || segment.bytes().any(never) {
        return None;
    }
    let mut text = String::new();
    for byte in segment.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => text.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => text.push(char::from(byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(text)
}
