//! Rule text as words, signs and literals, each with its place.

use std::fmt;

use crate::time::instant;

/// Bytes of a rule's text.
const RULE_BYTES_MAX: usize = 4 * 1024;

/// A rule that cannot be read.
#[derive(Clone, PartialEq, Debug)]
pub struct RuleError {
    /// The byte of the rule's text, from 0.
    pub byte: usize,
    /// What was found there.
    pub found: String,
    /// What belongs there.
    pub expected: &'static str,
    /// How to write what was probably meant.
    pub hint: Option<&'static str>,
}

impl fmt::Display for RuleError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "found {} at byte {} of the rule; expected {}", self.found, self.byte, self.expected)?;
        self.hint.map_or(Ok(()), |hint| write!(out, "\nhint: {hint}"))
    }
}

impl std::error::Error for RuleError {}

/// One token and the byte where it begins.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Token {
    pub(crate) byte: usize,
    pub(crate) text: Lexeme,
}

/// What a token is.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Lexeme {
    /// Letters, digits and `_`; a keyword, a field or a value.
    Word(String),
    /// Text in quotes.
    Quoted(String),
    /// A date such as `2026-03-01`, with the time where one is written.
    Date(i64, String),
    /// An operator, a parenthesis, a comma or a sign.
    Sign(&'static str),
}

impl fmt::Display for Lexeme {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(text) | Self::Date(_, text) => write!(out, "`{text}`"),
            Self::Quoted(text) => write!(out, "`\"{text}\"`"),
            Self::Sign(sign) => write!(out, "`{sign}`"),
        }
    }
}

/// The signs; a longer one stands before its own beginning.
const SIGNS: [&str; 12] = ["==", "!=", "<=", ">=", "=", "<", ">", "(", ")", ",", "+", "-"];

/// Cuts a rule into tokens.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, RuleError> {
    if text.len() > RULE_BYTES_MAX {
        let found = format!("{} bytes", text.len());
        return Err(RuleError { byte: RULE_BYTES_MAX, found, expected: "at most 4096 bytes", hint: None });
    }
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let byte = text.len() - rest.len();
        let (lexeme, after) = token(rest).ok_or_else(|| unreadable(byte, rest))?;
        found.push(Token { byte, text: lexeme });
        rest = after.trim_start();
    }
    Ok(found)
}

fn unreadable(byte: usize, rest: &str) -> RuleError {
    let found = rest.chars().next().map_or_else(String::new, |letter| format!("`{letter}`"));
    let expected =
        if rest.starts_with('"') { "a closing `\"`" } else { "a field, a value, an operator or `(`" };
    RuleError { byte, found, expected, hint: None }
}

/// The first token of a text that does not begin with a blank, and what follows it.
fn token(text: &str) -> Option<(Lexeme, &str)> {
    if let Some(inner) = text.strip_prefix('"') {
        return quoted(inner);
    }
    if let Some(sign) = SIGNS.into_iter().find(|sign| text.starts_with(sign)) {
        return Some((Lexeme::Sign(sign), text.strip_prefix(sign)?));
    }
    date(text).or_else(|| word(text))
}

fn quoted(text: &str) -> Option<(Lexeme, &str)> {
    let mut value = String::new();
    let mut letters = text.chars();
    loop {
        match letters.next()? {
            '"' => return Some((Lexeme::Quoted(value), letters.as_str())),
            '\\' => value.push(letters.next()?),
            other => value.push(other),
        }
    }
}

fn date(text: &str) -> Option<(Lexeme, &str)> {
    let (day, _) = text.split_at_checked(10)?;
    instant(day)?;
    let in_date = |letter: char| letter.is_ascii_alphanumeric() || ":.+-".contains(letter);
    let end = text.find(|letter| !in_date(letter)).unwrap_or(text.len());
    let (whole, rest) = text.split_at_checked(end)?;
    Some((Lexeme::Date(instant(whole)?, whole.to_owned()), rest))
}

/// Letters, digits, `_`; a `.` inside belongs to numbers and to `attr.name`.
fn word(text: &str) -> Option<(Lexeme, &str)> {
    let in_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
    let end = text.find(|letter| !in_word(letter)).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    let dots_fit = !word.contains('.') || word.parse::<f64>().is_ok() || attribute_name(word).is_some();
    (!word.is_empty() && dots_fit).then(|| (Lexeme::Word(word.to_owned()), rest))
}

/// The name after `attr.`
pub(crate) fn attribute_name(word: &str) -> Option<&str> {
    let (prefix, name) = word.split_once('.')?;
    (prefix.eq_ignore_ascii_case("attr") && !name.is_empty() && !name.contains('.')).then_some(name)
}
