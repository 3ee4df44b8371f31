//! One attribute's JSON value against its definition.

/// The attributes of a resource as they are stored: canonical names, no `null`, nothing empty, nothing readOnly.
///
/// Attributes of an extension stand in an object named by its URN. Neither `schemas`, `id`, `meta` nor the
/// members of a group are in it.
pub type Document = serde_json::Map<String, serde_json::Value>;
