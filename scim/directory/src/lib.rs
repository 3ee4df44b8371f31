//! scim/directory
