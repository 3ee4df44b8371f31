//! The path of a request, read in the one way that gateway and upstream must share, or refused.
//!
//! A path that an upstream may read otherwise (it decodes once more, merges slashes, walks up by `..`, ignores case)
//! could ask about one thing and act on another. Nothing is repaired here: such a path does not pass.

use std::fmt;

/// Bytes of a path, without its query.
pub const PATH_BYTES_MAX: usize = 4_096;
/// Segments of a path.
pub const SEGMENTS_MAX: usize = 64;

/// The segments of a path, decoded once; a slash at the end is an empty last one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Path {
    segments: Vec<String>,
}

/// Why a path has no meaning that is certain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ambiguous {
    /// It does not begin with a slash, as `*` and whole addresses do.
    NotAbsolute,
    /// Longer, or of more segments, than is read.
    TooLong,
    /// Two slashes in a row.
    EmptySegment,
    /// A segment `.` or `..`, plain or encoded.
    Dots,
    /// A byte that no path has, or that servers read in ways of their own: a blank, a control byte, `\`, `;`, `#`.
    Byte(u8),
    /// `%` without two hexadecimal digits.
    Escape,
    /// A byte that is encoded but must not be: a separator, or what needs no encoding.
    Encoded(u8),
    /// Not UTF-8 once decoded.
    NotText,
}

impl fmt::Display for Ambiguous {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAbsolute => out.write_str("a path that does not begin with `/`"),
            Self::TooLong => {
                write!(out, "a path of more than {PATH_BYTES_MAX} bytes or {SEGMENTS_MAX} segments")
            }
            Self::EmptySegment => out.write_str("a path with an empty segment"),
            Self::Dots => out.write_str("a path with `.` or `..`"),
            Self::Byte(byte) => write!(out, "a path with the byte {byte:#04x}"),
            Self::Escape => out.write_str("a path with `%` and no two digits"),
            Self::Encoded(byte) => write!(out, "a path with the encoded byte {byte:#04x}"),
            Self::NotText => out.write_str("a path that is not UTF-8"),
        }
    }
}

impl Path {
    /// Reads what stands before the query in the request's `:path`.
    ///
    /// # Errors
    /// [`Ambiguous`] when an upstream could read it otherwise.
    pub fn parse(target: &[u8]) -> Result<Self, Ambiguous> {
        let end = target.iter().position(|byte| *byte == b'?').unwrap_or(target.len());
        let path = target.get(..end).unwrap_or_default();
        if path.len() > PATH_BYTES_MAX {
            return Err(Ambiguous::TooLong);
        }
        let rest = path.strip_prefix(b"/").ok_or(Ambiguous::NotAbsolute)?;
        let raw: Vec<&[u8]> = rest.split(|byte| *byte == b'/').collect();
        if raw.len() > SEGMENTS_MAX {
            return Err(Ambiguous::TooLong);
        }
        let inner = raw.len() - 1;
        if raw.iter().take(inner).any(|segment| segment.is_empty()) {
            return Err(Ambiguous::EmptySegment);
        }
        let segments: Result<Vec<String>, Ambiguous> = raw.into_iter().map(segment).collect();
        Ok(Self { segments: segments? })
    }

    /// The segments, decoded.
    #[must_use]
    pub fn segments(&self) -> &[String] {
        &self.segments
    }
}

/// One segment, decoded once.
fn segment(raw: &[u8]) -> Result<String, Ambiguous> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            bytes.push(plain(byte)?);
            continue;
        }
        let (digits, after) = rest.split_first_chunk::<2>().ok_or(Ambiguous::Escape)?;
        bytes.push(encoded(*digits)?);
        rest = after;
    }
    let text = String::from_utf8(bytes).map_err(|_| Ambiguous::NotText)?;
    match text.as_str() {
        "." | ".." => Err(Ambiguous::Dots),
        _ => Ok(text),
    }
}

/// A byte that stands for itself.
const fn plain(byte: u8) -> Result<u8, Ambiguous> {
    match byte {
        b'\\' | b';' | b'#' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}' => {
            Err(Ambiguous::Byte(byte))
        }
        b'!'..=b'~' => Ok(byte),
        _ => Err(Ambiguous::Byte(byte)),
    }
}

/// A byte in two hexadecimal digits. What could be read as a separator after a second decoding is refused, and so is
/// what needs no encoding (RFC 3986 section 2.3): one text then has one form.
fn encoded(digits: [u8; 2]) -> Result<u8, Ambiguous> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    let byte = high.zip(low).map(|(high, low)| high << 4 | low).and_then(|byte| u8::try_from(byte).ok());
    let byte = byte.ok_or(Ambiguous::Escape)?;
    let is_separator = matches!(byte, b'/' | b'\\' | b'%' | b'?' | b'#' | b';');
    let is_unreserved = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    if is_separator || is_unreserved || byte < b' ' || byte == 0x7f {
        return Err(Ambiguous::Encoded(byte));
    }
    Ok(byte)
}

#[cfg(test)]
mod tests;
