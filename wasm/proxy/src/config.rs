//! What the gateway tells the filter at its start, as JSON; `wasm/README.md` shows one.
//!
//! Everything is checked before the first request: a filter whose configuration is not whole does not start. Messages
//! name the place and never what stands there, since the token does.

mod form;

use std::fmt;

use cohort_core::id::{ScopeId, check_permission};
use cohort_core::limits::CONDITIONS_MAX;
use cohort_verify::TrustedKey;

use crate::route::{Ask, Route, Rule, Template, TemplateError, Text};
use form::{Form, RouteForm, SubjectForm, UnknownRoute};

/// Routes of one filter.
pub const ROUTES_MAX: usize = 10_000;
/// Keys that are trusted at once: two while one takes the place of another.
pub const KEYS_MAX: usize = 16;

/// A whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the feed is.
    pub server: Server,
    /// Whose signatures count.
    pub keys: Vec<TrustedKey>,
    /// Who asks.
    pub subject: SubjectSource,
    /// Which question a request is.
    pub routes: Vec<Route>,
    /// Whether a request passes that no route knows.
    pub lets_unknown_through: bool,
    /// Whether a refusal says why.
    pub tells_reason: bool,
    /// Whether upstreams, and whoever is refused, learn which revision answered.
    pub tells_revision: bool,
}

/// Where the feed is, as the gateway reaches it.
#[derive(Clone, PartialEq, Eq)]
pub struct Server {
    /// The gateway's name for the server.
    pub cluster: String,
    /// The host that requests name.
    pub authority: String,
    /// The organisation: slug or uuid.
    pub org: String,
    /// The edge token.
    pub token: String,
}

/// Without the token.
impl fmt::Debug for Server {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cluster, authority, org, .. } = self;
        write!(out, "Server({cluster}, {authority}, {org})")
    }
}

/// Who asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SubjectSource {
    /// The text at this path of the request's dynamic metadata, where the gateway's JWT filter put what it verified.
    Claim(Vec<String>),
    /// A header that the gateway sets, and takes away from what clients send.
    Header(String),
}

/// Why the filter does not start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ConfigError {
    /// The text is no JSON of the expected form.
    Json(String),
    /// A value is not what it must be.
    Value {
        /// Where, such as `server.org`.
        place: String,
        /// What is expected there.
        expected: &'static str,
    },
    /// A template is none.
    Template {
        /// Where, such as `routes[3].path`.
        place: String,
        /// What is wrong with it.
        cause: TemplateError,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(cause) => write!(out, "the configuration: {cause}"),
            Self::Value { place, expected } => {
                write!(out, "`{place}` of the configuration: expected {expected}")
            }
            Self::Template { place, cause } => write!(out, "`{place}` of the configuration: {cause}"),
        }
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// [`ConfigError`] with the first place that is not as it must be.
    pub fn parse(bytes: &[u8]) -> Result<Self, ConfigError> {
        let form: Form =
            serde_json::from_slice(bytes).map_err(|cause| ConfigError::Json(form::told(&cause)))?;
        let server = server(form.server)?;
        let keys = keys(&form.keys)?;
        let subject = subject(form.subject)?;
        if form.routes.len() > ROUTES_MAX {
            return Err(wrong("routes", "at most 10,000 routes"));
        }
        let routes: Result<Vec<Route>, ConfigError> =
            form.routes.into_iter().enumerate().map(|(at, form)| route(at, form)).collect();
        Ok(Self {
            server,
            keys,
            subject,
            routes: routes?,
            lets_unknown_through: form.unknown_route == UnknownRoute::Allow,
            tells_reason: form.reason_header,
            tells_revision: form.revision_header,
        })
    }
}

fn wrong(place: impl Into<String>, expected: &'static str) -> ConfigError {
    ConfigError::Value { place: place.into(), expected }
}

/// Values go into requests: nothing in them may end a line or a word.
fn server(form: form::ServerForm) -> Result<Server, ConfigError> {
    let is_name = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let is_graphic = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    let form::ServerForm { cluster, authority, org, token } = form;
    if cluster.is_empty() {
        return Err(wrong("server.cluster", "the name of a cluster of the gateway"));
    }
    if !is_graphic(&authority) {
        return Err(wrong("server.authority", "a host, such as `cohort.internal`"));
    }
    if !is_name(&org) {
        return Err(wrong("server.org", "the slug or uuid of an organisation"));
    }
    if !is_graphic(&token) {
        return Err(wrong("server.token", "an edge token, from `cohort token --for edge`"));
    }
    Ok(Server { cluster, authority, org, token })
}

fn keys(texts: &[String]) -> Result<Vec<TrustedKey>, ConfigError> {
    if texts.is_empty() || texts.len() > KEYS_MAX {
        return Err(wrong("keys", "1 to 16 public keys, from `cohort key`"));
    }
    let key = |(at, text): (usize, &String)| {
        let key = key_bytes(text).and_then(|bytes| TrustedKey::from_bytes(&bytes).ok());
        key.ok_or_else(|| {
            wrong(format!("keys[{at}]"), "64 hexadecimal digits of a public key, from `cohort key`")
        })
    };
    texts.iter().enumerate().map(key).collect()
}

fn key_bytes(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> = text.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    if rest.is_empty() { bytes.try_into().ok() } else { None }
}

fn subject(form: SubjectForm) -> Result<SubjectSource, ConfigError> {
    match (form.claim, form.header) {
        (Some(path), None) if path.len() > 1 && path.iter().all(|part| !part.is_empty()) => {
            Ok(SubjectSource::Claim(path))
        }
        (Some(_), None) => Err(wrong(
            "subject.claim",
            "the filter and the names below it, such as [\"envoy.filters.http.jwt_authn\", \"payload\", \"sub\"]",
        )),
        (None, Some(header)) if is_header(&header) => Ok(SubjectSource::Header(header)),
        (None, Some(_)) => {
            Err(wrong("subject.header", "the name of a header in small letters, such as `x-user`"))
        }
        _ => Err(wrong("subject", "either `claim` or `header`")),
    }
}

fn is_header(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.bytes().all(is_letter)
}

fn route(at: usize, form: RouteForm) -> Result<Route, ConfigError> {
    let place = |name: &str| format!("routes[{at}].{name}");
    let template = |name: &str, cause| ConfigError::Template { place: place(name), cause };
    let path = Template::parse(&form.path).map_err(|cause| template("path", cause))?;
    let is_method =
        |method: &String| !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    if form.methods.as_ref().is_some_and(|methods| methods.is_empty() || !methods.iter().all(is_method)) {
        return Err(wrong(place("methods"), "methods in capitals, or no list for all of them"));
    }
    let is_plain = form.scope.is_none() && form.parent.is_none() && form.conditions.is_empty();
    let Some(permission) = form.permission else {
        return match form.public {
            true if is_plain => Ok(Route { methods: form.methods, path, rule: Rule::Public }),
            true => Err(wrong(place("public"), "nothing but `methods` and `path` beside it")),
            false => Err(wrong(place("permission"), "the name of a permission, or `\"public\": true`")),
        };
    };
    if form.public {
        return Err(wrong(place("public"), "either `permission` or `public`"));
    }
    check_permission(&permission).map_err(|_| wrong(place("permission"), "the name of a permission"))?;
    if form.conditions.len() > CONDITIONS_MAX {
        return Err(wrong(place("conditions"), "at most 64 conditions"));
    }
    let text = |name: &str, text: Option<String>| -> Result<Option<Text>, ConfigError> {
        let Some(text) = text else { return Ok(None) };
        let read = Text::parse(&text, &path).map_err(|cause| template(name, cause))?;
        // Any value does here: whether it makes a scope shows at the request.
        let names: Vec<(&str, &str)> = path.names().map(|name| (name, "1")).collect();
        ScopeId::parse(&read.filled(&names))
            .map_err(|_| wrong(place(name), "a scope, such as `org` or `project:{id}`"))?;
        Ok(Some(read))
    };
    let (scope, parent) = (text("scope", form.scope)?, text("parent", form.parent)?);
    let ask = Ask { permission, scope, parent, conditions: form.conditions };
    Ok(Route { methods: form.methods, path, rule: Rule::Ask(ask) })
}

#[cfg(test)]
mod tests;
