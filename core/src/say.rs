//! Texts for people: a template, and words for what it leaves open.
//!
//! An error says its text into a string, and its [`core::fmt::Display`] shows what it said (`said`). So a text is
//! written down once, and a wasm face that says it itself links nothing of the machinery of formatting, which takes some
//! 3 kB to download.

use alloc::string::String;

/// What a template leaves open.
#[derive(Clone, Copy, Debug)]
pub enum Word<'a> {
    /// As it is.
    Text(&'a str),
    /// In decimal digits.
    Number(u64),
    /// The two halves of a uuid, which is written with hyphens and in lower case.
    Uuid(u64, u64),
    /// As it would be written in a literal: `\n`, `\u{7}`.
    Letter(char),
}

/// Appends `template` to `to`, with the next one of `words` in the place of each `%`.
///
/// ```
/// use cohort_core::say::{Word, say};
/// let mut text = String::new();
/// say(&mut text, "number % names no %", &[Word::Number(7), Word::Text("case")]);
/// assert_eq!(text, "number 7 names no case");
/// ```
#[inline(never)]
pub fn say(to: &mut String, template: &str, mut words: &[Word<'_>]) {
    for letter in template.chars() {
        match words.split_first() {
            Some((word, rest)) if letter == '%' => {
                say_word(to, *word);
                words = rest;
            }
            _ => to.push(letter),
        }
    }
}

fn say_word(to: &mut String, word: Word<'_>) {
    match word {
        Word::Text(text) => to.push_str(text),
        Word::Number(number) => say_digits(to, number, 10),
        Word::Uuid(high, low) => say_uuid(to, [high, low]),
        Word::Letter(letter) => say_letter(to, letter),
    }
}

/// The digits of `number`, without leading zeros.
fn say_digits(to: &mut String, number: u64, base: u64) {
    if number >= base {
        say_digits(to, number / base, base);
    }
    to.push(digit(number % base));
}

fn say_uuid(to: &mut String, halves: [u64; 2]) {
    for at in 0..32 {
        if matches!(at, 8 | 12 | 16 | 20) {
            to.push('-');
        }
        let [high, low] = halves;
        let half = if at < 16 { high } else { low };
        to.push(digit(half >> (60 - at % 16 * 4) & 0xf));
    }
}

fn say_letter(to: &mut String, letter: char) {
    let escaped = match letter {
        '\t' => 't',
        '\r' => 'r',
        '\n' => 'n',
        '\'' | '"' | '\\' => letter,
        ' '..='~' => return to.push(letter),
        _ => {
            to.push_str("\\u{");
            say_digits(to, u64::from(letter), 16);
            return to.push('}');
        }
    };
    to.push('\\');
    to.push(escaped);
}

/// The digit of a number below 16.
fn digit(number: u64) -> char {
    let number = number as u8;
    char::from(if number < 10 { b'0' + number } else { b'a' - 10 + number })
}

/// Shows types with a method `say` by what they say.
macro_rules! said {
    ($($name:ty),+) => {
        $(impl core::fmt::Display for $name {
            fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                let mut text = alloc::string::String::new();
                self.say(&mut text);
                out.write_str(&text)
            }
        })+
    };
}

pub(crate) use said;

#[cfg(test)]
mod tests;
