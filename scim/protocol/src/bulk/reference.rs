//! Where a request may refer to a resource by its `bulkId` (RFC 7644 section 3.7.2): the members of a group, the
//! manager of a user, and paths that select one of them. Elsewhere such a text is a text.

use serde_json::Value;

/// What stands before the name.
pub(super) const PREFIX: &str = "bulkId:";

type Visit<'a> = &'a mut dyn FnMut(&str) -> Option<String>;

/// The references in the body of a POST or PUT, or in an object of attributes.
pub(super) fn in_data(data: &mut Value, visit: Visit<'_>) {
    let Some(members) = data.as_object_mut() else { return };
    for (name, value) in members {
        if is_reference(name) {
            in_values(value, visit);
        } else if value.is_object() {
            // An extension; deeper down there is none.
            let inner = value.as_object_mut().into_iter().flatten();
            inner.filter(|(name, _)| is_reference(name)).for_each(|(_, value)| in_values(value, visit));
        }
    }
}

/// The references in one operation of a PATCH: in what its path selects, and in its value.
pub(super) fn in_path(operation: &mut Value, visit: Visit<'_>) {
    let Some(members) = operation.as_object_mut() else { return };
    let named = |members: &serde_json::Map<String, Value>, wanted: &str| {
        members.keys().find(|name| name.eq_ignore_ascii_case(wanted)).cloned()
    };
    let mut is_about_reference = false;
    if let Some(Value::String(path)) = named(members, "path").and_then(|name| members.get_mut(&name)) {
        is_about_reference = is_reference(path);
        if is_about_reference {
            in_quotes(path, visit);
        }
    }
    let Some(value) = named(members, "value").and_then(|name| members.get_mut(&name)) else { return };
    if is_about_reference { in_values(value, visit) } else { in_data(value, visit) }
}

/// Whether the attribute that a name, path or URN path begins with refers to resources.
fn is_reference(path: &str) -> bool {
    let attribute = path.split(['[', '"']).next().unwrap_or_default();
    let local = attribute.rsplit(':').next().unwrap_or_default();
    let name = local.split('.').next().unwrap_or_default();
    name.eq_ignore_ascii_case("members") || name.eq_ignore_ascii_case("manager")
}

/// References as an id, an object with a `value`, or a list of either.
fn in_values(value: &mut Value, visit: Visit<'_>) {
    match value {
        Value::String(text) => in_text(text, visit),
        Value::Array(items) => items.iter_mut().for_each(|item| in_values(item, visit)),
        Value::Object(members) => {
            let values = members.iter_mut().filter(|(name, _)| name.eq_ignore_ascii_case("value"));
            for (_, value) in values {
                if let Value::String(text) = value {
                    in_text(text, visit);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn in_text(text: &mut String, visit: Visit<'_>) {
    if let Some(id) = text.strip_prefix(PREFIX).and_then(visit) {
        *text = id;
    }
}

/// The quoted values of a path.
fn in_quotes(path: &mut String, visit: Visit<'_>) {
    let mut parts: Vec<String> = path.split('"').map(str::to_owned).collect();
    // Between quotes stands every other part.
    parts.iter_mut().skip(1).step_by(2).for_each(|quoted| in_text(quoted, visit));
    *path = parts.join("\"");
}
