use super::{Ask, Found, Route, Rule, Template, Text, find};
use crate::path::Path;

fn route(methods: &[&str], path: &str, permission: Option<(&str, Option<&str>)>) -> Route {
    let path = Template::parse(path).unwrap_or_else(|cause| panic!("{path}: {cause}"));
    let text = |text: &str| Text::parse(text, &path).unwrap_or_else(|cause| panic!("{text}: {cause}"));
    let rule = permission.map_or(Rule::Public, |(permission, scope)| {
        Rule::Ask(Ask {
            permission: permission.to_owned(),
            scope: scope.map(text),
            parent: None,
            conditions: Vec::new(),
        })
    });
    let methods =
        Some(methods.iter().map(ToString::to_string).collect()).filter(|all: &Vec<_>| !all.is_empty());
    Route { methods, path, rule }
}

fn routes() -> Vec<Route> {
    vec![
        route(&["GET"], "/health", None),
        route(&["GET"], "/projects/new", Some(("project:create", None))),
        route(&["GET", "HEAD"], "/projects/{id}", Some(("project:read", Some("project:{id}")))),
        route(&["DELETE"], "/projects/{id}", Some(("project:drop", Some("project:{id}")))),
        route(&[], "/files/**", Some(("file:use", None))),
    ]
}

#[track_caller]
fn finds(method: &str, target: &str, expected: &str) {
    let path = Path::parse(target.as_bytes()).unwrap_or_else(|cause| panic!("{target}: {cause}"));
    let routes = routes();
    let found = match find(&routes, method, &path) {
        Found::Ask { ask, scope, .. } => {
            format!("{} on {}", ask.permission, scope.as_deref().unwrap_or("org"))
        }
        other => format!("{other:?}"),
    };
    assert_eq!(found, expected, "{method} {target}");
}

#[test]
fn the_first_route_that_fits_is_taken() {
    finds("GET", "/health", "Public");
    finds("GET", "/projects/new", "project:create on org");
    finds("GET", "/projects/42", "project:read on project:42");
    finds("HEAD", "/projects/42?x=/projects/43", "project:read on project:42");
    finds("DELETE", "/projects/42", "project:drop on project:42");
    finds("PURGE", "/files/a/b", "file:use on org");
}

#[test]
fn a_method_that_no_route_names_is_not_another_path() {
    finds("POST", "/projects/42", "OtherMethod");
    finds("get", "/projects/42", "OtherMethod");
    finds("HEAD", "/health", "OtherMethod");
    // The later route with a name takes what the earlier one leaves.
    finds("HEAD", "/projects/new", "project:read on project:new");
}

/// A setting may let unknown paths through: these must not count as unknown.
#[test]
fn what_an_upstream_may_take_for_a_known_path_is_not_unknown() {
    finds("GET", "/Projects/42", "AlmostKnown");
    finds("GET", "/projects/42/", "AlmostKnown");
    finds("GET", "/HEALTH/", "AlmostKnown");
    finds("GET", "/files", "AlmostKnown");
    finds("GET", "/other", "Unknown");
    finds("GET", "/projects/42/x", "Unknown");
}

#[test]
fn nobody_asks_for_all_of_a_type() {
    finds("GET", "/projects/*", "AlmostKnown");
    finds("GET", "/projects/%2A", "AlmostKnown");
    finds("GET", "/projects/a*", "project:read on project:a*");
}

/// A route for the rest must not take what an upstream may take for a path that another route guards.
#[test]
fn a_route_for_the_rest_is_no_way_around() {
    let routes = [
        route(&[], "/admin", Some(("admin", None))),
        route(&["GET"], "/users/{id}", Some(("user:read", None))),
        route(&["GET"], "/users/{id}/", Some(("user:list", None))),
        route(&["POST"], "/send", Some(("send", None))),
        route(&[], "/{page}", Some(("page", None))),
        route(&[], "/**", None),
    ];
    let finds = |method: &str, target: &str, expected: &str| {
        let path = Path::parse(target.as_bytes()).unwrap_or_else(|cause| panic!("{target}: {cause}"));
        let found = match find(&routes, method, &path) {
            Found::Ask { ask, .. } => ask.permission.clone(),
            other => format!("{other:?}"),
        };
        assert_eq!(found, expected, "{method} {target}");
    };
    finds("GET", "/admin", "admin");
    finds("GET", "/Admin", "AlmostKnown");
    finds("GET", "/admin/", "AlmostKnown");
    finds("GET", "/users/7", "user:read");
    finds("GET", "/users/7/", "user:list");
    finds("GET", "/Users/7", "AlmostKnown");
    finds("GET", "/USERS/7/", "AlmostKnown");
    finds("POST", "/users/7", "Public");
    finds("GET", "/send", "page");
    finds("GET", "/Send", "page");
    finds("POST", "/Send", "AlmostKnown");
    finds("GET", "/other", "page");
    finds("GET", "/a/b", "Public");
    finds("GET", "/a/b/", "Public");
}
