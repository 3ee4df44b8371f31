//! Words without blanks.

use std::fmt::Write as _;

/// Stands for the empty word.
const EMPTY: &str = "\"\"";

/// `text` as one word of a line.
pub(super) fn written(text: &str) -> String {
    if text.is_empty() {
        return EMPTY.to_owned();
    }
    let mut word = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_whitespace() || letter.is_control() || "%=,\"#".contains(letter) {
            let mut bytes = [0; 4];
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                // Writing to a `String` cannot fail.
                let _ = write!(word, "%{byte:02X}");
            }
        } else {
            word.push(letter);
        }
    }
    word
}

/// What a word stands for; none when it is not one.
pub(super) fn read(word: &str) -> Option<String> {
    if word == EMPTY {
        return Some(String::new());
    }
    let (first, parts) = word.split_once('%').map_or((word, None), |(first, rest)| (first, Some(rest)));
    let mut bytes = first.as_bytes().to_vec();
    for part in parts.into_iter().flat_map(|rest| rest.split('%')) {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::{read, written};

    #[test]
    fn words_come_back() {
        for text in ["", "ada", "ada lovelace", "50% = half, \"so\"", "#1", "žofie\u{a0}x\n", "%20"] {
            let word = written(text);
            assert!(!word.is_empty() && !word.contains(char::is_whitespace), "{word}");
            assert_eq!(read(&word).as_deref(), Some(text), "{word}");
        }
    }

    #[test]
    fn halves_of_a_byte_are_no_word() {
        for word in ["%", "%2", "a%zz", "%ff"] {
            assert_eq!(read(word), None, "{word}");
        }
    }
}
