//! Bodies of POST and PUT to documents, documents to answers.

mod representation;

use serde_json::{Map, Value};

use crate::body;
use crate::dialect::Dialect;
use crate::error::{JsonKind, ScimError};
use crate::member::{MemberRef, references};
use crate::schema::{Attribute, ResourceType, Schema};
use crate::value;
use crate::value::Document;

pub use self::representation::{Meta, Related, Relation, Representation};

/// A resource as a client wants it to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// What it is.
    pub resource_type: ResourceType,
    /// Its own attributes, with `externalId`.
    pub document: Document,
    /// The members of a group, each once; `None` if the body does not speak of them, empty if it empties them.
    pub members: Option<Vec<MemberRef>>,
}

/// Reads the body of a POST. A user without `active` is active.
///
/// What belongs to the server (`id`, `meta`, `groups`) is passed over, as is `schemas` beyond its check.
///
/// ```
/// use cohort_scim::{Dialect, ResourceType, body, resource};
/// let body = body::read(br#"{"USERNAME": "ada", "emails": null, "id": "x"}"#)?;
/// let user = resource::for_create(&body, ResourceType::User, &Dialect::TOLERANT)?;
/// assert_eq!(serde_json::to_string(&user.document).unwrap(), r#"{"userName":"ada","active":true}"#);
/// # Ok::<(), cohort_scim::ScimError>(())
/// ```
///
/// # Errors
/// [`ScimError::WrongShape`] if it is no object; [`ScimError::MissingValue`] for required attributes; those of
/// [`value::accepted`] and [`references`]; [`ScimError::ResourceTooLarge`]; by dialect
/// [`ScimError::UnknownAttribute`] and those of `schemas`.
pub fn for_create(
    body: &Value,
    resource_type: ResourceType,
    dialect: &Dialect,
) -> Result<Resource, ScimError> {
    let mut resource = read(body, resource_type, dialect)?;
    if resource_type == ResourceType::User && !resource.document.contains_key("active") {
        resource.document.insert("active".to_owned(), Value::Bool(true));
    }
    Ok(resource)
}

/// Reads the body of a PUT over `previous`: `active` stays when absent, everything else is as the body says.
///
/// Clients that replace a whole profile often leave `active` out, and none of them means to revive or suspend
/// anybody by that. For the same reason absent `members` come out as `None` and stay.
///
/// # Errors
/// As [`for_create`].
pub fn for_replace(
    body: &Value,
    resource_type: ResourceType,
    previous: &Document,
    dialect: &Dialect,
) -> Result<Resource, ScimError> {
    let mut resource = read(body, resource_type, dialect)?;
    if let (Some(active), false) = (previous.get("active"), resource.document.contains_key("active")) {
        resource.document.insert("active".to_owned(), active.clone());
    }
    Ok(resource)
}

/// The text of a single-valued attribute at the top of a document, such as `userName` or `externalId`.
pub fn text<'a>(document: &'a Document, attribute: &str) -> Option<&'a str> {
    document.get(attribute).and_then(Value::as_str)
}

/// The text of a single-valued attribute in an extension of a document; of a complex one its `value`.
///
/// ```
/// use cohort_scim::{resource, schema::ENTERPRISE_SCHEMA};
/// let document = serde_json::json!({ ENTERPRISE_SCHEMA: {"department": "sales", "manager": {"value": "7"}} });
/// let document = document.as_object().unwrap();
/// assert_eq!(resource::extension_text(document, ENTERPRISE_SCHEMA, "manager"), Some("7"));
/// ```
pub fn extension_text<'a>(document: &'a Document, urn: &str, attribute: &str) -> Option<&'a str> {
    let value = document.get(urn)?.get(attribute)?;
    value.get("value").unwrap_or(value).as_str()
}

/// Whether the user of this document may use the account; absent means yes.
pub fn is_active(document: &Document) -> bool {
    document.get("active") != Some(&Value::Bool(false))
}

impl Resource {
    /// The name that the client gave the resource.
    pub fn external_id(&self) -> Option<&str> {
        text(&self.document, "externalId")
    }

    /// The sign-in name; present in every user.
    pub fn user_name(&self) -> Option<&str> {
        text(&self.document, "userName")
    }

    /// The name for display; present in every group.
    pub fn display_name(&self) -> Option<&str> {
        text(&self.document, "displayName")
    }
}

fn read(body: &Value, resource_type: ResourceType, dialect: &Dialect) -> Result<Resource, ScimError> {
    let sent = body::object(body, "body")?;
    body::check_schemas(sent, resource_type.core_urn(), resource_type.extension_urns(), dialect)?;
    let mut resource = Resource { resource_type, document: Document::new(), members: None };
    for (name, value) in sent {
        if let Some(schema) = resource_type.extension(name) {
            if let Some(inner) = extension(schema, value, dialect)? {
                resource.document.insert(schema.id.clone(), Value::Object(inner));
            }
            continue;
        }
        match resource_type.top_attributes().find(|attribute| attribute.name.eq_ignore_ascii_case(name)) {
            None => unknown(name.clone(), dialect)?,
            Some(attribute) if attribute.name == "members" => {
                resource.members = Some(references(value, dialect)?);
            }
            Some(attribute) => put(&mut resource.document, attribute, &attribute.name, value, dialect)?,
        }
    }
    require(&resource)?;
    value::check_size(&resource.document)?;
    Ok(resource)
}

fn extension(
    schema: &'static Schema,
    value: &Value,
    dialect: &Dialect,
) -> Result<Option<Map<String, Value>>, ScimError> {
    if value.is_null() {
        return Ok(None);
    }
    let wrong = || {
        let (attribute, found) = (schema.id.clone(), JsonKind::of(value));
        ScimError::WrongType { attribute, found, expected: "an object of attributes" }
    };
    let mut inner = Map::new();
    for (name, value) in value.as_object().ok_or_else(wrong)? {
        let path = format!("{}:{name}", schema.id);
        match schema.attribute(name) {
            None => unknown(path, dialect)?,
            Some(attribute) => put(&mut inner, attribute, &path, value, dialect)?,
        }
    }
    Ok((!inner.is_empty()).then_some(inner))
}

fn put(
    holder: &mut Map<String, Value>,
    attribute: &Attribute,
    path: &str,
    value: &Value,
    dialect: &Dialect,
) -> Result<(), ScimError> {
    if attribute.is_read_only() {
        return Ok(());
    }
    if let Some(value) = value::accepted(attribute, path, value, dialect)? {
        holder.insert(attribute.name.clone(), value);
    }
    Ok(())
}

fn unknown(path: String, dialect: &Dialect) -> Result<(), ScimError> {
    if dialect.unknown_attributes.tolerates() {
        return Ok(());
    }
    Err(ScimError::UnknownAttribute { attribute: path.into() })
}

fn require(resource: &Resource) -> Result<(), ScimError> {
    let required = resource.resource_type.core().attributes.iter().filter(|attribute| attribute.required);
    for attribute in required {
        if !resource.document.contains_key(&attribute.name) {
            return Err(ScimError::MissingValue { attribute: attribute.name.clone() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
