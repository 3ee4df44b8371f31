//! One line, read from the left.

use super::error::{Expected, WorldError};
use super::statement::Span;

/// A word and whether it stood in quotes, where nothing is a keyword.
#[derive(Clone, Debug)]
struct Token {
    text: String,
    quoted: bool,
}

impl Token {
    fn is_name(&self) -> bool {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '@' | '-');
        self.quoted || (!self.text.is_empty() && self.text.chars().all(plain))
    }

    fn is_sign(&self) -> bool {
        !self.quoted && (self.text == "," || self.text == "=")
    }
}

/// What is left of a line.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    number: usize,
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    /// The whole line up to its comment.
    ///
    /// # Errors
    /// A quote that is not closed.
    pub(super) fn new(number: usize, line: &'a str) -> Result<Self, WorldError> {
        let mut in_quotes = false;
        let mut escaped = false;
        let mut end = line.len();
        for (at, letter) in line.char_indices() {
            match letter {
                _ if escaped => escaped = false,
                '\\' if in_quotes => escaped = true,
                '"' => in_quotes = !in_quotes,
                '#' if !in_quotes => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        if in_quotes {
            return Err(WorldError { line: number, found: None, expected: Expected::ClosingQuote });
        }
        let (rest, _) = line.split_at_checked(end).unwrap_or((line, ""));
        Ok(Self { number, rest: rest.trim() })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The error of finding what stands here where something else belongs.
    pub(super) fn wrong(&self, expected: Expected) -> WorldError {
        let found = self.clone().take().map(|token| token.text);
        WorldError { line: self.number, found, expected }
    }

    /// The error of a word already taken.
    pub(super) fn wrong_word(&self, word: &str, expected: Expected) -> WorldError {
        WorldError { line: self.number, found: Some(word.to_owned()), expected }
    }

    /// Everything left, as written.
    pub(super) fn take_rest(&mut self) -> &'a str {
        std::mem::take(&mut self.rest)
    }

    /// Takes `keyword` if it is next.
    pub(super) fn takes(&mut self, keyword: &str) -> bool {
        let mut ahead = self.clone();
        let found = ahead.take().is_some_and(|token| !token.quoted && token.text == keyword);
        if found {
            *self = ahead;
        }
        found
    }

    pub(super) fn keyword(&mut self, keyword: &'static str) -> Result<(), WorldError> {
        if self.takes(keyword) { Ok(()) } else { Err(self.wrong(Expected::Keyword(keyword))) }
    }

    pub(super) fn name(&mut self) -> Result<String, WorldError> {
        self.take_if(Token::is_name, Expected::Name)
    }

    pub(super) fn value(&mut self) -> Result<String, WorldError> {
        self.take_if(|token| !token.is_sign(), Expected::Value)
    }

    pub(super) fn scope(&mut self) -> Result<String, WorldError> {
        self.take_if(|token| !token.is_sign() && is_scope(&token.text), Expected::Scope)
    }

    pub(super) fn time(&mut self) -> Result<i64, WorldError> {
        let text = self.take_if(|token| time_millis(&token.text).is_some(), Expected::Time)?;
        time_millis(&text).ok_or_else(|| self.wrong_word(&text, Expected::Time))
    }

    pub(super) fn names(&mut self) -> Result<Vec<String>, WorldError> {
        self.list(Self::name)
    }

    pub(super) fn values(&mut self) -> Result<Vec<String>, WorldError> {
        self.list(Self::value)
    }

    fn list(&mut self, one: fn(&mut Self) -> Result<String, WorldError>) -> Result<Vec<String>, WorldError> {
        let mut all = vec![one(self)?];
        while self.takes(",") {
            all.push(one(self)?);
        }
        Ok(all)
    }

    /// Takes `title="..."` if it is next.
    pub(super) fn title(&mut self) -> Result<Option<String>, WorldError> {
        if !self.takes("title") {
            return Ok(None);
        }
        self.keyword("=")?;
        self.value().map(Some)
    }

    /// Takes `from T` or `until T` into `span` if one of them is next.
    pub(super) fn takes_bound(&mut self, span: &mut Span) -> Result<bool, WorldError> {
        let before = self.clone();
        if self.takes("from") {
            span.from = Some(self.time()?);
        } else if self.takes("until") {
            span.until = Some(self.time()?);
        } else {
            return Ok(false);
        }
        match (span.from, span.until) {
            (Some(from), Some(until)) if from >= until => Err(before.wrong(Expected::LaterEnd)),
            _ => Ok(true),
        }
    }

    pub(super) fn finish(&self) -> Result<(), WorldError> {
        if self.is_empty() { Ok(()) } else { Err(self.wrong(Expected::EndOfLine)) }
    }

    fn take_if(&mut self, fits: impl Fn(&Token) -> bool, expected: Expected) -> Result<String, WorldError> {
        let mut ahead = self.clone();
        match ahead.take() {
            Some(token) if fits(&token) => {
                *self = ahead;
                Ok(token.text)
            }
            _ => Err(self.wrong(expected)),
        }
    }

    fn take(&mut self) -> Option<Token> {
        let (token, rest) = split_token(self.rest)?;
        self.rest = rest.trim_start();
        Some(token)
    }
}

/// The first token and what follows it; quotes are known to be closed.
fn split_token(text: &str) -> Option<(Token, &str)> {
    if let Some(inner) = text.strip_prefix('"') {
        let mut value = String::new();
        let mut letters = inner.chars();
        while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
            value.push(if letter == '\\' { letters.next()? } else { letter });
        }
        return Some((Token { text: value, quoted: true }, letters.as_str()));
    }
    let length = if text.starts_with([',', '=']) {
        1
    } else {
        text.find(|letter: char| letter.is_whitespace() || matches!(letter, ',' | '=' | '"'))
            .unwrap_or(text.len())
    };
    let (word, rest) = text.split_at_checked(length)?;
    (!word.is_empty()).then(|| (Token { text: word.to_owned(), quoted: false }, rest))
}

/// `realm`, `org`, or a type, a colon and an id.
fn is_scope(text: &str) -> bool {
    let Some((kind, id)) = text.split_once(':') else { return matches!(text, "org" | "realm") };
    let segment = |name: &str| {
        let mut letters = name.chars();
        letters.next().is_some_and(|first| first.is_ascii_lowercase())
            && letters.all(|other| matches!(other, 'a'..='z' | '0'..='9' | '_'))
    };
    let kind_fits = match kind.split_once('/') {
        Some((space, name)) => segment(space) && segment(name),
        None => segment(kind) && !matches!(kind, "org" | "realm"),
    };
    kind_fits && !id.is_empty() && id.len() <= 256 && !id.contains(char::is_control)
}

/// Milliseconds since 1970 of an RFC 3339 instant, or of a date's 00:00 UTC.
fn time_millis(text: &str) -> Option<i64> {
    let date = |text: &str| text.parse::<jiff::civil::Date>().ok();
    if text.len() == "2026-03-01".len() {
        let midnight = date(text)?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        return Some(midnight.timestamp().as_millisecond());
    }
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_millisecond)
}
