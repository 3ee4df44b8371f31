//! scim/protocol
