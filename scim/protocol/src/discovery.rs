//! What the server says about itself (RFC 7644 section 4).
//!
//! Everything is made from the tables by which the crate works, so an announcement cannot run ahead of the code.
//! `base` is everywhere the URL of the SCIM root without slash at its end.

use serde_json::{Map, Value, json};

use crate::limits::{
    BODY_BYTES_MAX, BULK_OPERATIONS_MAX, CURSOR_SECONDS_MAX, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX,
};
use crate::list;
use crate::list::Paging;
use crate::schema::{ResourceType, Schema, all};

const CONFIG_SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
const TYPE_SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
const SCHEMA_SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// The body of `/ServiceProviderConfig` (RFC 7643 section 5; `pagination` by RFC 9865 section 4).
pub fn service_provider_config(base: &str) -> Value {
    json!({
        "schemas": [CONFIG_SCHEMA],
        "patch": { "supported": true },
        "bulk": { "supported": true, "maxOperations": BULK_OPERATIONS_MAX, "maxPayloadSize": BODY_BYTES_MAX },
        "filter": { "supported": true, "maxResults": PAGE_SIZE_MAX },
        "changePassword": { "supported": false },
        "sort": { "supported": true },
        "etag": { "supported": true },
        "pagination": {
            "cursor": true,
            "index": true,
            "defaultPaginationMethod": "index",
            "defaultPageSize": PAGE_SIZE_DEFAULT,
            "maxPageSize": PAGE_SIZE_MAX,
            "cursorTimeout": CURSOR_SECONDS_MAX,
        },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "The token of a connection, in the Authorization header",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }],
        "meta": { "resourceType": "ServiceProviderConfig", "location": format!("{base}/ServiceProviderConfig") },
    })
}

/// The body of `/ResourceTypes` (RFC 7643 section 6).
pub fn resource_types(base: &str) -> Value {
    listed(ResourceType::ALL.into_iter().map(|kind| describe_type(kind, base)))
}

/// The body of `/ResourceTypes/{name}`; `None` if there is no such type.
pub fn resource_type(name: &str, base: &str) -> Option<Value> {
    ResourceType::named(name).map(|kind| Value::Object(describe_type(kind, base)))
}

/// The body of `/Schemas` (RFC 7643 section 7).
pub fn schemas(base: &str) -> Value {
    listed(all().iter().map(|schema| describe_schema(schema, base)))
}

/// The body of `/Schemas/{urn}`; `None` if there is no such schema.
pub fn schema(urn: &str, base: &str) -> Option<Value> {
    let schema = all().iter().find(|schema| schema.id.eq_ignore_ascii_case(urn))?;
    Some(Value::Object(describe_schema(schema, base)))
}

/// All on one page: discovery ignores paging (RFC 7644 section 4).
fn listed(resources: impl Iterator<Item = Map<String, Value>>) -> Value {
    let resources: Vec<Map<String, Value>> = resources.collect();
    let total = u64::try_from(resources.len()).unwrap_or(u64::MAX);
    list::response(&Paging::Index { start: 1, total }, resources)
}

fn describe_type(kind: ResourceType, base: &str) -> Map<String, Value> {
    let location = format!("{base}/ResourceTypes/{}", kind.name());
    let extensions = kind.extension_urns().iter().map(|urn| json!({ "schema": urn, "required": false }));
    let mut body = object(TYPE_SCHEMA);
    body.insert("id".to_owned(), json!(kind.name()));
    body.insert("name".to_owned(), json!(kind.name()));
    body.extend(
        kind.core().published.get("description").map(|text| ("description".to_owned(), text.clone())),
    );
    body.insert("endpoint".to_owned(), json!(format!("/{}", kind.endpoint())));
    body.insert("schema".to_owned(), json!(kind.core_urn()));
    if !kind.extension_urns().is_empty() {
        body.insert("schemaExtensions".to_owned(), extensions.collect());
    }
    body.insert("meta".to_owned(), json!({ "resourceType": "ResourceType", "location": location }));
    body
}

fn describe_schema(schema: &Schema, base: &str) -> Map<String, Value> {
    let location = format!("{base}/Schemas/{}", schema.id);
    let mut body = object(SCHEMA_SCHEMA);
    body.extend(schema.published.as_object().cloned().unwrap_or_default());
    body.insert("meta".to_owned(), json!({ "resourceType": "Schema", "location": location }));
    body
}

fn object(schema: &str) -> Map<String, Value> {
    Map::from_iter([("schemas".to_owned(), json!([schema]))])
}

#[cfg(test)]
mod tests;
