//! What the server says about itself (RFC 7644 section 4).

use serde_json::Value;

/// The body of `/ServiceProviderConfig`. `base` is the URL of the SCIM root without slash at its end.
pub fn service_provider_config(base: &str) -> Value {
    todo!()
}

/// The body of `/ResourceTypes`.
pub fn resource_types(base: &str) -> Value {
    todo!()
}

/// The body of `/ResourceTypes/{name}`; `None` if there is no such type.
pub fn resource_type(name: &str, base: &str) -> Option<Value> {
    todo!()
}

/// The body of `/Schemas`.
pub fn schemas(base: &str) -> Value {
    todo!()
}

/// The body of `/Schemas/{urn}`; `None` if there is no such schema.
pub fn schema(urn: &str, base: &str) -> Option<Value> {
    todo!()
}
