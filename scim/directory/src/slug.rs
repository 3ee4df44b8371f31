//! Machine-readable names of organisations and groups.

use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::error::DirectoryError;
use crate::limits::{SLUG_ATTEMPTS_MAX, SLUG_BYTES_MAX};

/// What a name is called of which no letter can stand in a slug.
const FALLBACK: &str = "group";

/// Whether `text` is a slug: `[A-Za-z0-9_-]{1,64}`, and nothing that a path would take for a uuid.
///
/// # Errors
/// [`DirectoryError::Slug`].
pub(crate) fn check(text: &str) -> Result<(), DirectoryError> {
    if is_slug(text) { Ok(()) } else { Err(DirectoryError::Slug { slug: text.to_owned() }) }
}

fn is_slug(text: &str) -> bool {
    let taken = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let fits = (1..=SLUG_BYTES_MAX).contains(&text.len()) && text.bytes().all(taken);
    fits && Uuid::try_parse(text).is_err()
}

/// The slug that a title suggests: its letters in lower case with `-` between words.
pub(crate) fn derived(title: &str) -> String {
    let mut slug = String::new();
    for letter in title.nfkd().flat_map(char::to_lowercase) {
        if slug.len() == SLUG_BYTES_MAX {
            break;
        }
        if letter.is_ascii_alphanumeric() || letter == '_' {
            slug.push(letter);
        } else if !is_mark(letter) && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if is_slug(slug) { slug.to_owned() } else { FALLBACK.to_owned() }
}

/// An accent that compatibility decomposition split from its letter.
fn is_mark(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter)
}

/// `wanted`, or with the first number behind it that makes it free.
///
/// # Errors
/// Those of `is_free`; [`DirectoryError::Slug`] when thousands of groups have that name already.
pub(crate) fn free(
    wanted: &str,
    mut is_free: impl FnMut(&str) -> Result<bool, DirectoryError>,
) -> Result<String, DirectoryError> {
    if is_free(wanted)? {
        return Ok(wanted.to_owned());
    }
    for number in 2..SLUG_ATTEMPTS_MAX {
        let suffix = format!("-{number}");
        // All of a slug is ASCII, so any byte is a boundary.
        let kept = wanted.get(..SLUG_BYTES_MAX - suffix.len()).unwrap_or(wanted);
        let numbered = format!("{kept}{suffix}");
        if is_free(&numbered)? {
            return Ok(numbered);
        }
    }
    Err(DirectoryError::Slug { slug: wanted.to_owned() })
}

#[cfg(test)]
mod tests;
