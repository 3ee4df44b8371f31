//! The query string of a request, as real clients write it.
//!
//! Identity providers send `+` for a space, a bare `?`, a trailing `&`, and parameters without value. All of
//! these are read; what cannot be decoded stands for itself.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::config::QUERY_PARAMETERS_MAX;
use crate::error::Refusal;

/// The decoded parameters in the order in which they were sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    parameters: Vec<(String, String)>,
}

impl Query {
    /// Decodes what stands after the `?`; parameters beyond [`QUERY_PARAMETERS_MAX`] are passed over.
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).take(QUERY_PARAMETERS_MAX);
        let parameters = pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decoded(name), decoded(value))
            })
            .collect();
        Self { parameters }
    }

    /// All parameters, as names and values.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of the first parameter called `name`.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.pairs().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// The number that parameter `name` gives.
    ///
    /// # Errors
    /// [`Refusal::Parameter`] if it is there and not a whole number from 0.
    pub(crate) fn number(&self, name: &'static str) -> Result<Option<u64>, Refusal> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let refusal = || Refusal::Parameter { name, found: value.into(), expected: "a whole number from 0" };
        value.parse().map(Some).map_err(|_| refusal())
    }

    /// Whether parameter `name` says yes; absent means no.
    ///
    /// # Errors
    /// [`Refusal::Parameter`] if it is neither `true` nor `false`.
    pub(crate) fn flag(&self, name: &'static str) -> Result<bool, Refusal> {
        match self.value(name) {
            None => Ok(false),
            Some(value) if value.eq_ignore_ascii_case("true") => Ok(true),
            Some(value) if value.eq_ignore_ascii_case("false") => Ok(false),
            Some(value) => Err(Refusal::Parameter { name, found: value.into(), expected: "true or false" }),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

/// `text` with `+` as space and `%XX` as the byte; bytes that are not UTF-8 become the replacement character.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, beyond @ ..]) if let Some(value) = escaped(*high, *low) => {
                bytes.push(value);
                rest = beyond;
            }
            (other, _) => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|fault| String::from_utf8_lossy(fault.as_bytes()).into_owned())
}

/// The byte of two hexadecimal digits.
fn escaped(high: u8, low: u8) -> Option<u8> {
    let digit = |letter: u8| char::from(letter).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

#[cfg(test)]
mod tests;
