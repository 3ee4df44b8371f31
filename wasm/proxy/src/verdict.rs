//! What becomes of a request.

use cohort_core::decide::{Outcome, Query, Uncertainty, decide};
use cohort_core::id::{Instant, Revision};
use cohort_core::limits::NAME_BYTES_MAX;
use cohort_core::view::Snapshot;

use crate::config::Config;
use crate::path::Path;
use crate::route::{Found, find};

/// A request, as far as it is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// `:method`.
    pub method: &'a [u8],
    /// `:path`, with its query.
    pub target: &'a [u8],
    /// Who asks: the bytes of the claim or header, if there is exactly one.
    pub subject: Option<&'a [u8]>,
    /// The moment.
    pub at: Instant,
}

/// Whether a request passes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It does.
    Pass,
    /// It does not.
    Refuse {
        /// The kind of refusal.
        kind: Kind,
        /// The stable name of the reason, such as `no_path`.
        reason: &'static str,
    },
}

/// Why a request does not pass, as HTTP knows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Nobody is named: 401.
    Unauthenticated,
    /// Whoever asks may not: 403.
    Denied,
    /// It is not known at present: 503.
    Unavailable,
}

impl Kind {
    /// The status.
    #[must_use]
    pub const fn status(self) -> u32 {
        match self {
            Self::Unauthenticated => 401,
            Self::Denied => 403,
            Self::Unavailable => 503,
        }
    }

    /// One word for people.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unauthenticated => "nobody is named",
            Self::Denied => "not allowed",
            Self::Unavailable => "not known at present",
        }
    }
}

const fn refuse(kind: Kind, reason: &'static str) -> Verdict {
    Verdict::Refuse { kind, reason }
}

/// Judges a request by the configuration and the state, none if nothing was loaded yet.
///
/// Reasons are those of decisions (`docs/raw-abi.md`), and `ambiguous_path`, `unknown_route`, `unknown_method`,
/// `no_subject`, `not_loaded`.
#[must_use]
pub fn judge(config: &Config, state: Option<&Snapshot>, request: &Request<'_>) -> Verdict {
    let Ok(path) = Path::parse(request.target) else { return refuse(Kind::Denied, "ambiguous_path") };
    // A method is a token (RFC 9110 section 9.1): what is not text is none that a route names.
    let method = str::from_utf8(request.method).unwrap_or_default();
    let (ask, scope, parent) = match find(&config.routes, method, &path) {
        Found::Public => return Verdict::Pass,
        Found::Ask { ask, scope, parent } => (ask, scope, parent),
        Found::Unknown if config.lets_unknown_through => return Verdict::Pass,
        Found::Unknown => return refuse(Kind::Denied, "unknown_route"),
        Found::OtherMethod => return refuse(Kind::Denied, "unknown_method"),
        Found::AlmostKnown => return refuse(Kind::Denied, "ambiguous_path"),
    };
    let Some(subject) = request.subject.and_then(named) else {
        return refuse(Kind::Unauthenticated, "no_subject");
    };
    let Some(state) = state else { return refuse(Kind::Unavailable, "not_loaded") };
    let conditions: Vec<&str> = ask.conditions.iter().map(String::as_str).collect();
    answer(
        state,
        &Query {
            subject,
            permission: &ask.permission,
            scope: scope.as_deref(),
            parent: parent.as_deref(),
            at: request.at,
            conditions: &conditions,
            at_least: Revision::new(0),
        },
    )
}

/// The name in a claim or header, if it is one.
fn named(bytes: &[u8]) -> Option<&str> {
    let text = str::from_utf8(bytes).ok()?;
    let is_name = !text.is_empty() && text.len() <= NAME_BYTES_MAX && !text.chars().any(char::is_control);
    is_name.then_some(text)
}

fn answer(state: &Snapshot, query: &Query<'_>) -> Verdict {
    let outcome = decide(state, query).outcome;
    match outcome {
        Outcome::Allow => Verdict::Pass,
        Outcome::Deny(_) => refuse(Kind::Denied, outcome.code()),
        // These pass with time or news; the others do not.
        Outcome::Indeterminate(
            Uncertainty::Stale | Uncertainty::BeforeCreated | Uncertainty::RevisionNotReached,
        ) => refuse(Kind::Unavailable, outcome.code()),
        Outcome::Indeterminate(_) => refuse(Kind::Denied, outcome.code()),
    }
}

#[cfg(test)]
mod tests;
