//! All routes, in one table, and the layers around them.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Request;
use axum::middleware::from_fn;
use axum::routing::{MethodFilter, MethodRouter};
use cohort_scim::limits::BODY_BYTES_MAX;
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;
use crate::http::manage::{access, decisions, groups, members, org, users};
use crate::http::scim::discovery::{self, Config, ResourceTypes, Schemas};
use crate::http::scim::resource::{self, Everything, Groups, Users};
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
#[rustfmt::skip]
fn table() -> Vec<Route> {
    vec![
        route(GET,    "/healthz",                                       health::healthz),

        route(GET,    "/orgs/{org}/scim/v2/ServiceProviderConfig",                  discovery::all::<Config>),
        route(GET,    "/orgs/{org}/scim/v2/ResourceTypes",                          discovery::all::<ResourceTypes>),
        route(GET,    "/orgs/{org}/scim/v2/ResourceTypes/{id}",                     discovery::one::<ResourceTypes>),
        route(GET,    "/orgs/{org}/scim/v2/Schemas",                                discovery::all::<Schemas>),
        route(GET,    "/orgs/{org}/scim/v2/Schemas/{id}",                           discovery::one::<Schemas>),
        route(POST,   "/orgs/{org}/scim/v2/Bulk",                                   resource::bulk),
        route(GET,    "/orgs/{org}/scim/v2/Me",                                     resource::me),
        route(POST,   "/orgs/{org}/scim/v2/Me",                                     resource::me),
        route(PUT,    "/orgs/{org}/scim/v2/Me",                                     resource::me),
        route(PATCH,  "/orgs/{org}/scim/v2/Me",                                     resource::me),
        route(DELETE, "/orgs/{org}/scim/v2/Me",                                     resource::me),
        route(GET,    "/orgs/{org}/scim/v2",                                        resource::list::<Everything>),
        route(POST,   "/orgs/{org}/scim/v2/.search",                                resource::search::<Everything>),
        route(POST,   "/orgs/{org}/scim/v2/Users/.search",                          resource::search::<Users>),
        route(POST,   "/orgs/{org}/scim/v2/Groups/.search",                         resource::search::<Groups>),
        route(GET,    "/orgs/{org}/scim/v2/Users",                      resource::list::<Users>),
        route(POST,   "/orgs/{org}/scim/v2/Users",                      resource::create::<Users>),
        route(GET,    "/orgs/{org}/scim/v2/Users/{id}",                 resource::read::<Users>),
        route(PUT,    "/orgs/{org}/scim/v2/Users/{id}",                 resource::replace::<Users>),
        route(PATCH,  "/orgs/{org}/scim/v2/Users/{id}",                 resource::patch::<Users>),
        route(DELETE, "/orgs/{org}/scim/v2/Users/{id}",                 resource::delete::<Users>),
        route(GET,    "/orgs/{org}/scim/v2/Groups",                     resource::list::<Groups>),
        route(POST,   "/orgs/{org}/scim/v2/Groups",                     resource::create::<Groups>),
        route(GET,    "/orgs/{org}/scim/v2/Groups/{id}",                resource::read::<Groups>),
        route(PUT,    "/orgs/{org}/scim/v2/Groups/{id}",                resource::replace::<Groups>),
        route(PATCH,  "/orgs/{org}/scim/v2/Groups/{id}",                resource::patch::<Groups>),
        route(DELETE, "/orgs/{org}/scim/v2/Groups/{id}",                resource::delete::<Groups>),

        route(GET,    "/orgs/{org}/api/v1/org",                         org::read),
        route(PATCH,  "/orgs/{org}/api/v1/org",                         org::change),
        route(GET,    "/orgs/{org}/api/v1/groups",                      groups::list),
        route(POST,   "/orgs/{org}/api/v1/groups",                      groups::create),
        route(GET,    "/orgs/{org}/api/v1/groups/{id}",                 groups::read),
        route(PATCH,  "/orgs/{org}/api/v1/groups/{id}",                 groups::change),
        route(DELETE, "/orgs/{org}/api/v1/groups/{id}",                 groups::delete),
        route(GET,    "/orgs/{org}/api/v1/groups/{id}/members",         members::list),
        route(POST,   "/orgs/{org}/api/v1/groups/{id}/members",         members::add),
        route(DELETE, "/orgs/{org}/api/v1/groups/{id}/members/{member}", members::remove),
        route(POST,   "/orgs/{org}/api/v1/groups/{id}/roles",           members::give_role),
        route(GET,    "/orgs/{org}/api/v1/roles",                       access::roles),
        route(POST,   "/orgs/{org}/api/v1/roles",                       access::create_role),
        route(DELETE, "/orgs/{org}/api/v1/roles/{id}",                  access::delete_role),
        route(GET,    "/orgs/{org}/api/v1/grants",                      access::grants),
        route(POST,   "/orgs/{org}/api/v1/grants",                      access::create_grant),
        route(DELETE, "/orgs/{org}/api/v1/grants/{id}",                 access::delete_grant),
        route(GET,    "/orgs/{org}/api/v1/scopes",                      access::scopes),
        route(PUT,    "/orgs/{org}/api/v1/scopes",                      access::set_scope),
        route(GET,    "/orgs/{org}/api/v1/users",                       users::list),
        route(POST,   "/orgs/{org}/api/v1/users",                       users::create),
        route(GET,    "/orgs/{org}/api/v1/users/{id}",                  users::read),
        route(PATCH,  "/orgs/{org}/api/v1/users/{id}",                  users::change),
        route(DELETE, "/orgs/{org}/api/v1/users/{id}",                  users::delete),
        route(POST,   "/orgs/{org}/api/v1/check",                       decisions::check),
        route(POST,   "/orgs/{org}/api/v1/explain",                     decisions::explain),
        route(GET,    "/orgs/{org}/api/v1/audit",                       decisions::audit),

        route(GET,    "/orgs/{org}/edge/v1/snapshot",                   edge::snapshot),
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
        .layer(from_fn(border::guard))
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
