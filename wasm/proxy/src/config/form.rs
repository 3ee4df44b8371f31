//! The JSON of a configuration.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Form {
    pub(super) server: ServerForm,
    pub(super) keys: Vec<String>,
    pub(super) subject: SubjectForm,
    pub(super) routes: Vec<RouteForm>,
    #[serde(default)]
    pub(super) unknown_route: UnknownRoute,
    #[serde(default = "yes")]
    pub(super) reason_header: bool,
    #[serde(default)]
    pub(super) revision_header: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ServerForm {
    pub(super) cluster: String,
    pub(super) authority: String,
    pub(super) org: String,
    pub(super) token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SubjectForm {
    pub(super) claim: Option<Vec<String>>,
    pub(super) header: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RouteForm {
    pub(super) methods: Option<Vec<String>>,
    pub(super) path: String,
    pub(super) permission: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) parent: Option<String>,
    #[serde(default)]
    pub(super) conditions: Vec<String>,
    #[serde(default)]
    pub(super) public: bool,
}

#[derive(Deserialize, Default, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "camelCase")]
pub(super) enum UnknownRoute {
    #[default]
    Deny,
    Allow,
}

const fn yes() -> bool {
    true
}

/// What is wrong with the JSON, without the value that stands there: it may be the token.
pub(super) fn told(cause: &serde_json::Error) -> String {
    let (text, at) = (cause.to_string(), format!("line {}, column {}", cause.line(), cause.column()));
    let Some((_, expected)) = text.split_once(", expected ").filter(|_| text.starts_with("invalid ")) else {
        return text;
    };
    format!("expected {}", expected.rsplit_once(" at line ").map_or(expected, |(expected, _)| expected))
        + " at "
        + &at
}
