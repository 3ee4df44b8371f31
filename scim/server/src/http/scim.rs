//! The SCIM face, `/orgs/{org}/scim/v2` (RFC 7644), for the connections of identity providers.

mod call;
pub(crate) mod discovery;
pub(crate) mod resource;
