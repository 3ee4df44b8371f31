//! The body of a POST to `.search` (RFC 7644 section 3.4.3).

use serde_json::{Map, Value};

use crate::body;
use crate::dialect::Dialect;
use crate::error::{JsonKind, ScimError};

/// The schema of a search request.
pub const SEARCH_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// What a member of the message has to be.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Number,
    Names,
}

/// The members of the message, which are the parameters of a GET.
const MEMBERS: [(&str, &str, Form); 8] = [
    ("attributes", "`attributes`", Form::Names),
    ("excludedAttributes", "`excludedAttributes`", Form::Names),
    ("filter", "`filter`", Form::Text),
    ("sortBy", "`sortBy`", Form::Text),
    ("sortOrder", "`sortOrder`", Form::Text),
    ("startIndex", "`startIndex`", Form::Number),
    ("count", "`count`", Form::Number),
    ("cursor", "`cursor`", Form::Text),
];

/// The query parameters that the body of a POST to `.search` stands for; unknown members are passed over.
///
/// ```
/// use cohort_scim::{Dialect, body, list};
/// let body = body::read(br#"{"attributes": ["userName", "active"], "count": 5, "filter": null}"#)?;
/// let parameters = list::search_parameters(&body, &Dialect::TOLERANT)?;
/// assert_eq!(parameters, [("attributes", "userName,active".to_owned()), ("count", "5".to_owned())]);
/// # Ok::<(), cohort_scim::ScimError>(())
/// ```
///
/// # Errors
/// [`ScimError::WrongShape`]; by dialect those of `schemas`.
pub fn search_parameters(body: &Value, dialect: &Dialect) -> Result<Vec<(&'static str, String)>, ScimError> {
    let message = body::object(body, "search request")?;
    body::check_schemas(message, SEARCH_SCHEMA, &[], dialect)?;
    let given = MEMBERS.iter().map(|member| parameter(message, *member));
    Ok(given.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn parameter(
    message: &Map<String, Value>,
    (name, what, form): (&'static str, &'static str, Form),
) -> Result<Option<(&'static str, String)>, ScimError> {
    let text = match (form, body::member(message, name)) {
        (_, None | Some(Value::Null)) => return Ok(None),
        (_, Some(Value::String(text))) => text.clone(),
        (Form::Number, Some(Value::Number(number))) => number.to_string(),
        (Form::Names, Some(Value::Array(items))) => {
            let names: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            let found = JsonKind::Array;
            names.ok_or(ScimError::WrongShape { what, found, expected: "an array of strings" })?.join(",")
        }
        (form, Some(other)) => {
            let expected = match form {
                Form::Text => "a string",
                Form::Number => "a number",
                Form::Names => "an array of strings",
            };
            return Err(ScimError::WrongShape { what, found: JsonKind::of(other), expected });
        }
    };
    Ok(Some((name, text)))
}
