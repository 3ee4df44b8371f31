//! What is said is what formatting would have written.

use super::{Word, say};
use alloc::format;
use alloc::string::String;

fn said(template: &str, words: &[Word<'_>]) -> String {
    let mut text = String::from("~");
    say(&mut text, template, words);
    text
}

#[test]
fn words_take_the_places_in_their_order() {
    let words = [Word::Text("é%"), Word::Number(0), Word::Number(u64::MAX)];
    assert_eq!(said("%: % of %.", &words), "~é%: 0 of 18446744073709551615.");
    assert_eq!(said("50 % ", &[]), "~50 % ");
    assert_eq!(said("none", &words), "~none");
}

#[test]
fn a_letter_is_escaped_as_in_a_literal() {
    let others = ['\u{7f}', '\u{80}', 'é', '\u{2028}', '\u{10ffff}'];
    for letter in (0..0x80).map(char::from).chain(others) {
        let expected = format!("~`{}`", letter.escape_default());
        assert_eq!(said("`%`", &[Word::Letter(letter)]), expected);
    }
}

#[test]
fn a_uuid_has_its_hyphens() {
    let uuid = Word::Uuid(0x0190_a5c2_7b1e_7000, 0x8fed_cba9_8765_4321);
    assert_eq!(said("%", &[uuid]), "~0190a5c2-7b1e-7000-8fed-cba987654321");
}
