//! All routes, in one table, and the layers around them.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Request;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter};
use cohort_scim::limits::BODY_BYTES_MAX;
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;
use crate::http::manage::collection::{ConnectionTokens, Connections, Grants, Groups, Roles, Tokens, Users};
use crate::http::manage::{collection, connections, decisions, members, org, requests, scopes};
use crate::http::scim::discovery;
use crate::http::scim::resource;
use crate::http::{border, edge, health};

/// One method of one path.
struct Route {
    method: MethodFilter,
    path: &'static str,
    handler: MethodRouter<App>,
}

const GET: MethodFilter = MethodFilter::GET;
const POST: MethodFilter = MethodFilter::POST;
const PUT: MethodFilter = MethodFilter::PUT;
const PATCH: MethodFilter = MethodFilter::PATCH;
const DELETE: MethodFilter = MethodFilter::DELETE;

fn route<H: Handler<T, App>, T: 'static>(method: MethodFilter, path: &'static str, handler: H) -> Route {
    Route { method, path, handler: MethodRouter::new().on(method, handler) }
}

/// Every route that the server has.
fn table() -> Vec<Route> {
    [probe(), scim(), manage(), feed()].into_iter().flatten().collect()
}

#[rustfmt::skip]
fn probe() -> Vec<Route> {
    vec![
        route(GET,    "/healthz",                                       health::healthz),
    ]
}

/// For the connections of identity providers.
#[rustfmt::skip]
fn scim() -> Vec<Route> {
    vec![
        route(GET,    "/orgs/{org}/scim/v2/ServiceProviderConfig",    discovery::all::<discovery::Config>),
        route(GET,    "/orgs/{org}/scim/v2/ResourceTypes",            discovery::all::<discovery::ResourceTypes>),
        route(GET,    "/orgs/{org}/scim/v2/ResourceTypes/{id}",       discovery::one::<discovery::ResourceTypes>),
        route(GET,    "/orgs/{org}/scim/v2/Schemas",                  discovery::all::<discovery::Schemas>),
        route(GET,    "/orgs/{org}/scim/v2/Schemas/{id}",             discovery::one::<discovery::Schemas>),
        route(POST,   "/orgs/{org}/scim/v2/Bulk",                     resource::bulk),
        route(GET,    "/orgs/{org}/scim/v2/Me",                       resource::me),
        route(POST,   "/orgs/{org}/scim/v2/Me",                       resource::me),
        route(PUT,    "/orgs/{org}/scim/v2/Me",                       resource::me),
        route(PATCH,  "/orgs/{org}/scim/v2/Me",                       resource::me),
        route(DELETE, "/orgs/{org}/scim/v2/Me",                       resource::me),
        route(GET,    "/orgs/{org}/scim/v2",                          resource::list::<resource::Everything>),
        route(POST,   "/orgs/{org}/scim/v2/.search",                  resource::search::<resource::Everything>),
        route(POST,   "/orgs/{org}/scim/v2/Users/.search",            resource::search::<resource::Users>),
        route(GET,    "/orgs/{org}/scim/v2/Users",                    resource::list::<resource::Users>),
        route(POST,   "/orgs/{org}/scim/v2/Users",                    resource::create::<resource::Users>),
        route(GET,    "/orgs/{org}/scim/v2/Users/{id}",               resource::read::<resource::Users>),
        route(PUT,    "/orgs/{org}/scim/v2/Users/{id}",               resource::replace::<resource::Users>),
        route(PATCH,  "/orgs/{org}/scim/v2/Users/{id}",               resource::patch::<resource::Users>),
        route(DELETE, "/orgs/{org}/scim/v2/Users/{id}",               resource::delete::<resource::Users>),
        route(POST,   "/orgs/{org}/scim/v2/Groups/.search",           resource::search::<resource::Groups>),
        route(GET,    "/orgs/{org}/scim/v2/Groups",                   resource::list::<resource::Groups>),
        route(POST,   "/orgs/{org}/scim/v2/Groups",                   resource::create::<resource::Groups>),
        route(GET,    "/orgs/{org}/scim/v2/Groups/{id}",              resource::read::<resource::Groups>),
        route(PUT,    "/orgs/{org}/scim/v2/Groups/{id}",              resource::replace::<resource::Groups>),
        route(PATCH,  "/orgs/{org}/scim/v2/Groups/{id}",              resource::patch::<resource::Groups>),
        route(DELETE, "/orgs/{org}/scim/v2/Groups/{id}",              resource::delete::<resource::Groups>),
    ]
}

/// For administrators and their scripts.
#[rustfmt::skip]
fn manage() -> Vec<Route> {
    vec![
        route(GET,    "/orgs/{org}/api/v1/org",                         org::read),
        route(PATCH,  "/orgs/{org}/api/v1/org",                         org::change),
        route(GET,    "/orgs/{org}/api/v1/groups",                            collection::list::<Groups>),
        route(POST,   "/orgs/{org}/api/v1/groups",                            collection::create::<Groups>),
        route(GET,    "/orgs/{org}/api/v1/groups/{id}",                       collection::read::<Groups>),
        route(PATCH,  "/orgs/{org}/api/v1/groups/{id}",                       collection::change::<Groups>),
        route(DELETE, "/orgs/{org}/api/v1/groups/{id}",                       collection::delete::<Groups>),
        route(GET,    "/orgs/{org}/api/v1/groups/{id}/members",               members::list),
        route(POST,   "/orgs/{org}/api/v1/groups/{id}/members",               members::add),
        route(DELETE, "/orgs/{org}/api/v1/groups/{id}/members/{member}",      members::remove),
        route(POST,   "/orgs/{org}/api/v1/groups/{id}/roles",                 members::give_role),
        route(GET,    "/orgs/{org}/api/v1/users",                             collection::list::<Users>),
        route(POST,   "/orgs/{org}/api/v1/users",                             collection::create::<Users>),
        route(GET,    "/orgs/{org}/api/v1/users/{id}",                        collection::read::<Users>),
        route(PATCH,  "/orgs/{org}/api/v1/users/{id}",                        collection::change::<Users>),
        route(DELETE, "/orgs/{org}/api/v1/users/{id}",                        collection::delete::<Users>),
        route(GET,    "/orgs/{org}/api/v1/roles",                             collection::list::<Roles>),
        route(POST,   "/orgs/{org}/api/v1/roles",                             collection::create::<Roles>),
        route(DELETE, "/orgs/{org}/api/v1/roles/{id}",                        collection::delete::<Roles>),
        route(GET,    "/orgs/{org}/api/v1/grants",                            collection::list::<Grants>),
        route(POST,   "/orgs/{org}/api/v1/grants",                            collection::create::<Grants>),
        route(DELETE, "/orgs/{org}/api/v1/grants/{id}",                       collection::delete::<Grants>),
        route(GET,    "/orgs/{org}/api/v1/scopes",                            scopes::list),
        route(PUT,    "/orgs/{org}/api/v1/scopes",                            scopes::set),
        route(GET,    "/orgs/{org}/api/v1/connections",                       collection::list::<Connections>),
        route(POST,   "/orgs/{org}/api/v1/connections",                       collection::create::<Connections>),
        route(GET,    "/orgs/{org}/api/v1/connections/{id}",                  collection::read::<Connections>),
        route(PATCH,  "/orgs/{org}/api/v1/connections/{id}",                  collection::change::<Connections>),
        route(GET,    "/orgs/{org}/api/v1/connections/{id}/tokens",           connections::tokens_of),
        route(POST,   "/orgs/{org}/api/v1/connections/{id}/tokens",           connections::rotate),
        route(DELETE, "/orgs/{org}/api/v1/connections/{id}/tokens",           collection::delete::<ConnectionTokens>),
        route(GET,    "/orgs/{org}/api/v1/connections/{id}/requests",   requests::list),
        route(GET,    "/orgs/{org}/api/v1/tokens",                            connections::tokens),
        route(DELETE, "/orgs/{org}/api/v1/tokens/{id}",                       collection::delete::<Tokens>),
        route(POST,   "/orgs/{org}/api/v1/check",                       decisions::check),
        route(POST,   "/orgs/{org}/api/v1/explain",                     decisions::explain),
        route(GET,    "/orgs/{org}/api/v1/audit",                       decisions::audit),
    ]
}

/// For edges.
#[rustfmt::skip]
fn feed() -> Vec<Route> {
    vec![
        route(GET,    "/orgs/{org}/edge/v1/snapshot",                   edge::snapshot),
        route(GET,    "/orgs/{org}/edge/v1/slice",                      edge::slice),
        route(GET,    "/orgs/{org}/edge/v1/delta",                      edge::delta),
        route(GET,    "/orgs/{org}/edge/v1/watch",                      edge::watch),
    ]
}

/// The routes with the layers that every request passes: a time limit, shaped errors and the log outermost, then
/// panics, then the size of bodies.
pub(crate) fn router(app: App) -> Router {
    let routed = table().into_iter().fold(Router::new(), |router, Route { method, path, handler }| {
        tracing::debug!(?method, path, "route");
        router.route(path, handler)
    });
    routed
        .fallback(border::unknown_path)
        .method_not_allowed_fallback(border::unknown_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CatchPanicLayer::custom(border::panicked))
        .layer(from_fn_with_state(app.clone(), border::guard))
        .with_state(app)
}

/// `request` with single slashes in its path and none at its end.
///
/// A base URL that was configured with a slash at its end makes identity providers ask for `//Users`; a redirect
/// would lose the body of a POST, so the path is read as it was meant.
pub(crate) fn tidied<B>(mut request: Request<B>) -> Request<B> {
    let path = request.uri().path();
    if path.contains("//") || (path.len() > 1 && path.ends_with('/')) {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let query = request.uri().query().map_or_else(String::new, |query| format!("?{query}"));
        // What is left of a good URL by taking slashes away is one.
        if let Ok(uri) = format!("/{}{query}", parts.join("/")).parse() {
            *request.uri_mut() = uri;
        }
    }
    request
}

#[cfg(test)]
mod tests;
