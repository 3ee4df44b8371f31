//! The words of rule text.

use alloc::string::String;

use super::{RuleError, RuleFault, date};
use crate::attribute::registry::is_word;
use crate::limits::RULE_BYTES_MAX;

/// One word, with where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) kind: TokenKind,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum TokenKind {
    /// Letters, digits, `_` and, in `attr.name`, a dot; keywords too.
    Word(String),
    /// Text in quotes, its escapes undone.
    Quoted(String),
    /// A date, or a date and time, without quotes.
    Date(String),
    /// One of `( ) , = == != < <= > >= + -`.
    Symbol(&'static str),
    End,
}

/// Longer ones first, so that `==` is not read as two `=`.
const SYMBOLS: &[&str] = &["==", "!=", "<=", ">=", "(", ")", ",", "=", "<", ">", "+", "-"];

/// Cuts text into tokens, one at a time.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// Bytes of the tokens so far. Blanks do not count, so that the canonical text of a rule is never too long.
    token_bytes: usize,
}

impl<'a> Tokens<'a> {
    /// The tokens of `text`, which has at most one blank for each byte that a rule may have.
    pub(super) fn new(text: &'a str) -> Result<Self, RuleError> {
        if text.len() > 2 * RULE_BYTES_MAX {
            return Err(RuleError { at: RULE_BYTES_MAX, fault: RuleFault::TooLong });
        }
        Ok(Self { text, at: 0, token_bytes: 0 })
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(super) fn next(&mut self) -> Result<Token, RuleError> {
        let blanks = self.rest().len() - self.rest().trim_start().len();
        self.at += blanks;
        let at = self.at;
        let kind = self.kind()?;
        self.count(at, self.at - at)?;
        Ok(Token { at, kind })
    }

    /// Counts `bytes` of a token that begins `at`.
    pub(super) fn count(&mut self, at: usize, bytes: usize) -> Result<(), RuleError> {
        self.token_bytes += bytes;
        if self.token_bytes > RULE_BYTES_MAX {
            return Err(RuleError { at, fault: RuleFault::TooLong });
        }
        Ok(())
    }

    fn kind(&mut self) -> Result<TokenKind, RuleError> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(TokenKind::End) };
        if first == '"' {
            return Ok(TokenKind::Quoted(self.quoted()?));
        }
        if date::begins_date(rest) {
            return Ok(TokenKind::Date(self.date()?));
        }
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            self.at += symbol.len();
            return Ok(TokenKind::Symbol(symbol));
        }
        let word = self.take_while(is_word);
        if word.is_empty() {
            return Err(RuleError { at: self.at, fault: RuleFault::Character { found: first } });
        }
        Ok(TokenKind::Word(String::from(word)))
    }

    fn take_while(&mut self, fits: fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = rest.get(..rest.find(|letter| !fits(letter)).unwrap_or(rest.len())).unwrap_or("");
        self.at += taken.len();
        taken
    }

    fn date(&mut self) -> Result<String, RuleError> {
        let at = self.at;
        let found = self
            .take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, ':' | '.' | '+' | '-'));
        if date::instant(found).is_some() {
            return Ok(String::from(found));
        }
        Err(RuleError { at, fault: RuleFault::NotDate { found: String::from(found) } })
    }

    fn quoted(&mut self) -> Result<String, RuleError> {
        let open = self.at;
        let mut text = String::new();
        let mut letters = self.rest().char_indices().skip(1);
        while let Some((offset, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.at = open + offset + 1;
                    return Ok(text);
                }
                '\\' => match letters.next() {
                    Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                    Some((offset, _)) => {
                        return Err(RuleError { at: open + offset, fault: RuleFault::Escape });
                    }
                    None => break,
                },
                other => text.push(other),
            }
        }
        Err(RuleError { at: open, fault: RuleFault::UnclosedQuote })
    }
}
