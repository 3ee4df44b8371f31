//! What rules may read of a user, out of a SCIM document or out of a local user's attributes.

use cohort_core::attribute::{self, Profile, Text};
use cohort_scim::schema::ENTERPRISE_SCHEMA;
use serde_json::{Map, Value};

use crate::fold::fold;

/// Fields that stand as a text at the top of a SCIM user, with their names in rules.
const TOP: [(&str, &str); 1] = [("title", "job")];

/// Fields of the enterprise extension (RFC 7643 section 4.3), with their names in rules.
const ENTERPRISE: [(&str, &str); 5] = [
    ("department", "department"),
    ("division", "division"),
    ("organization", "organization"),
    ("costCenter", "costcenter"),
    ("employeeNumber", "employeenumber"),
];

/// The profile of a pushed user.
///
/// The name is `name.formatted`, else `displayName`; the location is the formatted primary address, else its
/// locality. The gender that a provider may send is not read: it is sensitive, and off.
pub(crate) fn of_document(document: &Map<String, Value>, active: bool) -> Profile {
    let mut profile = Profile::new();
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    let formatted = document.get("name").and_then(|name| name.get("formatted")).and_then(Value::as_str);
    set(&mut profile, "name", formatted.or_else(|| text("displayName")));
    for (name, field) in TOP {
        set(&mut profile, field, text(name));
    }
    let enterprise = document.get(ENTERPRISE_SCHEMA);
    for (name, field) in ENTERPRISE {
        set(
            &mut profile,
            field,
            enterprise.and_then(|extension| extension.get(name)).and_then(Value::as_str),
        );
    }
    // An id, as a reference or bare: Entra sends both.
    let manager = enterprise.and_then(|extension| extension.get("manager"));
    let manager = manager.and_then(|manager| manager.get("value").or(Some(manager)));
    set(&mut profile, "manager", manager.and_then(Value::as_str));
    let address = document.get("addresses").and_then(primary);
    let part = |name: &str| address.and_then(|address| address.get(name)).and_then(Value::as_str);
    set(&mut profile, "location", part("formatted").or_else(|| part("locality")));
    set(&mut profile, "country", part("country"));
    set_status(&mut profile, active);
    profile
}

/// The profile of a local user: each attribute under the name of the field that it is called after, and under
/// `attr.` with its own.
pub(crate) fn of_attributes(
    attributes: &Map<String, Value>,
    display_name: Option<&str>,
    active: bool,
) -> Profile {
    let mut profile = Profile::new();
    set(&mut profile, "name", display_name);
    for (name, value) in attributes {
        let name = name.to_lowercase();
        let values: Vec<Text> = texts(value).map(|text| Text::folded_by(text, fold)).collect();
        if let Some(field) = attribute::field(&name) {
            profile.set(field.name, values.clone());
        }
        profile.set(&format!("attr.{name}"), values);
    }
    set_status(&mut profile, active);
    profile
}

fn set_status(profile: &mut Profile, active: bool) {
    set(profile, "status", Some(if active { "Active" } else { "Inactive" }));
}

fn set(profile: &mut Profile, field: &str, value: Option<&str>) {
    profile.set(field, value.map(|text| Text::folded_by(text, fold)).into_iter().collect());
}

/// The element marked as primary, else the first.
fn primary(elements: &Value) -> Option<&Value> {
    let elements = elements.as_array()?;
    elements
        .iter()
        .find(|element| element.get("primary") == Some(&Value::Bool(true)))
        .or_else(|| elements.first())
}

/// The texts of a value: itself, or those of a list.
fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    list.iter().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests;
