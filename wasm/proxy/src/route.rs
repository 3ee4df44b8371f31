//! Which question a request is: methods and path templates, in the order of the configuration.
//!
//! ```text
//! /projects/{project}/invoices/{id}
//! /files/{name}/**
//! ```
//! A segment `{name}` takes one segment that is not empty, and names it; `**` at the end takes one or more. Everything
//! else stands for itself, in its case. The first route whose method and template fit is taken.

mod template;

use crate::path::Path;

pub use template::{Template, TemplateError, Text};

/// What a gateway lets through, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// In capitals; none for all.
    pub methods: Option<Vec<String>>,
    /// Where.
    pub path: Template,
    /// What is asked.
    pub rule: Rule,
}

/// What is asked about a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rule {
    /// Nothing: anybody may.
    Public,
    /// A permission.
    Ask(Ask),
}

/// The question of a route.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// What.
    pub permission: String,
    /// Where; the organisation when none.
    pub scope: Option<Text>,
    /// What a scope that the directory never heard of lies in.
    pub parent: Option<Text>,
    /// What the gateway vouches for on this route.
    pub conditions: Vec<String>,
}

/// What a request is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found<'a> {
    /// Anybody may.
    Public,
    /// A question.
    Ask {
        /// What is asked.
        ask: &'a Ask,
        /// Where, its names filled in.
        scope: Option<String>,
        /// In what, its names filled in.
        parent: Option<String>,
    },
    /// No route has this path.
    Unknown,
    /// A route has this path, but none has it with this method.
    OtherMethod,
    /// A route would have this path if case, or a slash at the end, did not matter, and none that comes later says plainly
    /// that they do; or a name is `*`.
    AlmostKnown,
}

/// What `method` at `path` is, by the first of `routes` that fits.
///
/// Cost: the routes, times the segments of the path.
#[must_use]
pub fn find<'a>(routes: &'a [Route], method: &str, path: &Path) -> Found<'a> {
    let (mut is_known, mut alike) = (false, Vec::new());
    for route in routes {
        let has_method = route.methods.as_ref().is_none_or(|methods| methods.iter().any(|one| one == method));
        let Some(names) = route.path.matched(path) else {
            if has_method && route.path.almost_matches(path) {
                alike.push(&route.path);
            }
            continue;
        };
        is_known = true;
        if !has_method {
            continue;
        }
        // `/ADMIN` is not for a route that takes any name, when a route before it guards `/admin`.
        if alike.iter().any(|other| !route.path.settles(other, path)) {
            return Found::AlmostKnown;
        }
        let Rule::Ask(ask) = &route.rule else { return Found::Public };
        // `invoice:*` is all invoices: nobody asks for that by a path.
        if names.iter().any(|(_, value)| *value == "*") {
            return Found::AlmostKnown;
        }
        let filled = |text: &Option<Text>| text.as_ref().map(|text| text.filled(&names));
        return Found::Ask { ask, scope: filled(&ask.scope), parent: filled(&ask.parent) };
    }
    match is_known {
        true => Found::OtherMethod,
        false if routes.iter().any(|route| route.path.almost_matches(path)) => Found::AlmostKnown,
        false => Found::Unknown,
    }
}

#[cfg(test)]
mod tests;
