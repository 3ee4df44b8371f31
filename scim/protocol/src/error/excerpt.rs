//! The client's own words inside an error message, short and printable.

use std::fmt;

use crate::limits::EXCERPT_CHARS_MAX;

/// A piece of the client's text, cut to [`EXCERPT_CHARS_MAX`] characters and without control characters.
///
/// Error details go to logs and to consoles of other systems: neither should receive a megabyte or an escape
/// sequence because a client sent one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt(String);

impl Excerpt {
    /// The text as it will be shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Excerpt {
    fn from(text: &str) -> Self {
        let printable = |c: char| if c.is_control() { '\u{fffd}' } else { c };
        let mut shown: String = text.chars().take(EXCERPT_CHARS_MAX).map(printable).collect();
        if text.chars().nth(EXCERPT_CHARS_MAX).is_some() {
            shown.push('…');
        }
        Self(shown)
    }
}

impl From<String> for Excerpt {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
