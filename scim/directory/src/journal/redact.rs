//! What of a request may be kept: no password, no token, and no more than a page of it.

use cohort_core::id::Instant;
use serde_json::Value;

use super::view::Asked;
use crate::limits::{NOTE_BODY_BYTES_MAX, NOTE_TEXT_BYTES_MAX};
use crate::store::requests::RequestRow;
use crate::token;

/// What stands where something was taken out.
const REDACTED: &str = "[redacted]";

/// Parts of the names of attributes whose values nobody else may read, in lower case.
const SECRET_NAMES: [&str; 5] = ["password", "secret", "token", "credential", "authorization"];

/// Levels of a body that are looked into; what lies deeper is taken out.
const DEPTH_MAX: usize = 64;

/// The first status that says that a request failed (RFC 9110 section 15).
const FAILED: u16 = 400;

/// The row of a request that was answered at `at`.
pub(super) fn row(asked: Asked<'_>, at: Instant) -> RequestRow {
    let body_bytes = asked.body.len() as u64;
    let mut secrets = Vec::new();
    let body = if asked.status < FAILED { None } else { kept(asked.body, &mut secrets) };
    let public = |text: String| {
        let text = secrets.iter().fold(text, |text, secret: &String| text.replace(secret.as_str(), REDACTED));
        cut(without_tokens(text), NOTE_TEXT_BYTES_MAX)
    };
    RequestRow {
        seq: 0,
        at,
        micros: asked.micros,
        method: asked.method,
        path: public(asked.path),
        status: asked.status,
        rows: asked.rows,
        changes: asked.effort.changes(),
        error: asked.error.map(public),
        body,
        body_bytes,
    }
}

/// The text of a body that is JSON, and the secrets that were taken out of it.
///
/// What is no JSON cannot be searched for secrets, so nothing of it is kept.
fn kept(body: &[u8], secrets: &mut Vec<String>) -> Option<String> {
    let mut value: Value = serde_json::from_slice(body).ok()?;
    clean(&mut value, secrets, 0);
    Some(cut(without_tokens(value.to_string()), NOTE_BODY_BYTES_MAX))
}

fn clean(value: &mut Value, secrets: &mut Vec<String>, depth: usize) {
    if depth == DEPTH_MAX {
        *value = REDACTED.into();
        return;
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| clean(item, secrets, depth + 1)),
        Value::Object(members) => {
            // A PATCH names its attribute by a path beside the value (RFC 7644 section 3.5.2).
            let paths = members.iter().filter(|(name, _)| name.eq_ignore_ascii_case("path"));
            let hidden = paths.filter_map(|(_, path)| path.as_str()).any(is_secret);
            for (name, member) in members.iter_mut() {
                if is_secret(name) || (hidden && name.eq_ignore_ascii_case("value")) {
                    take_out(member, secrets);
                } else {
                    clean(member, secrets, depth + 1);
                }
            }
        }
        _ => {}
    }
}

fn take_out(value: &mut Value, secrets: &mut Vec<String>) {
    match std::mem::replace(value, REDACTED.into()) {
        Value::String(secret) if !secret.is_empty() => secrets.push(secret),
        Value::Null => *value = Value::Null,
        _ => {}
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|secret| name.contains(secret))
}

/// `text` without anything that looks like a token of ours.
fn without_tokens(text: String) -> String {
    if !text.contains(token::PREFIX) {
        return text;
    }
    let mut parts = text.split(token::PREFIX);
    let mut public = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
        public.push_str(REDACTED);
        public.push_str(rest);
    }
    public
}

/// `text`, or as much of its beginning as `bytes_max` allows.
fn cut(mut text: String, bytes_max: usize) -> String {
    if text.len() > bytes_max {
        let end = (0..=bytes_max).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}
