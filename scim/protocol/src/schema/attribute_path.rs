//! The name of an attribute as filters, paths and parameters write it.

use std::fmt;

/// An attribute by name, with its schema and one sub-attribute where they are given (RFC 7644 section 3.10).
///
/// Only the form is checked here; [`crate::ResourceType::resolve`] tells whether there is such an attribute.
///
/// ```
/// use cohort_scim::schema::AttributePath;
/// let path = AttributePath::parse("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value");
/// let path = path.expect("a path");
/// assert_eq!((path.name.as_str(), path.sub.as_deref()), ("manager", Some("value")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributePath {
    /// The URN before the last colon, as written.
    pub urn: Option<String>,
    /// The attribute, as written.
    pub name: String,
    /// The sub-attribute after the dot, as written.
    pub sub: Option<String>,
}

impl AttributePath {
    /// Reads `[URN ":"] name ["." sub]`; `None` if `text` has another form.
    ///
    /// The URN ends at the last colon, because URNs contain colons and dots and names contain neither.
    pub fn parse(text: &str) -> Option<Self> {
        let (urn, local) = match text.rsplit_once(':') {
            Some((urn, local)) => (Some(urn), local),
            None => (None, text),
        };
        let (name, sub) = match local.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (local, None),
        };
        let well_formed = is_name(name) && sub.is_none_or(is_name) && urn.is_none_or(is_urn);
        well_formed.then(|| Self {
            urn: urn.map(str::to_owned),
            name: name.to_owned(),
            sub: sub.map(str::to_owned),
        })
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(urn) = &self.urn {
            write!(f, "{urn}:")?;
        }
        f.write_str(&self.name)?;
        self.sub.as_ref().map_or(Ok(()), |sub| write!(f, ".{sub}"))
    }
}

/// `ATTRNAME` of RFC 7643 section 2.1, and `$ref`.
fn is_name(text: &str) -> bool {
    let rest = text.strip_prefix('$').unwrap_or(text);
    rest.starts_with(|c: char| c.is_ascii_alphabetic())
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// Schemas are named by URNs; some providers made up others with a host name in them.
fn is_urn(text: &str) -> bool {
    // The characters of a URI (RFC 3986 section 2), without those that end a word of a filter.
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-._~%:/?#@!$&'*+,;=".contains(c);
    text.contains(':') && text.chars().all(is_part)
}
