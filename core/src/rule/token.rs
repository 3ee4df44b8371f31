//! The words of rule text.

use alloc::string::String;

use super::parse::{RuleError, RuleFault};

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
    /// One of `( ) , = == != < <= > >=`.
    Symbol(&'static str),
    End,
}

/// Longer ones first, so that `==` is not read as two `=`.
const SYMBOLS: &[&str] = &["==", "!=", "<=", ">=", "(", ")", ",", "=", "<", ">"];

/// Cuts text into tokens, one at a time.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(super) fn next(&mut self) -> Result<Token, RuleError> {
        let blanks = self.rest().len() - self.rest().trim_start().len();
        self.at += blanks;
        let (at, rest) = (self.at, self.rest());
        let Some(first) = rest.chars().next() else { return Ok(Token { at, kind: TokenKind::End }) };
        if first == '"' {
            return Ok(Token { at, kind: TokenKind::Quoted(self.quoted()?) });
        }
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            self.at += symbol.len();
            return Ok(Token { at, kind: TokenKind::Symbol(symbol) });
        }
        let end = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or("");
        if word.is_empty() {
            return Err(RuleError { at, fault: RuleFault::Character { found: first } });
        }
        self.at += end;
        Ok(Token { at, kind: TokenKind::Word(String::from(word)) })
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

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '.'
}
