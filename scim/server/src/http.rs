//! The faces: each handler is one translation from a request to a use case of the directory and back.

pub(crate) mod border;
pub(crate) mod edge;
pub(crate) mod health;
pub(crate) mod manage;
pub(crate) mod scim;
