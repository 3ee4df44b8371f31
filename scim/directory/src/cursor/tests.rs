use cohort_core::id::Instant;

use super::{CursorFault, CursorKey, Position};
use crate::store::listing::RowKey;

const LATER: Instant = Instant::from_millis(1_000);
const NOW: Instant = Instant::from_millis(999);

fn position() -> Position {
    Position { part: 1, value: b"\0ada".to_vec(), key: RowKey(7) }
}

#[test]
fn a_cursor_gives_back_its_position() {
    let key = CursorKey::derived(&[1; 32]);
    let text = key.seal(b"users", &position(), LATER);
    assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{text}");
    assert_eq!(key.open(b"users", &text, NOW), Ok(position()));
    assert_eq!(key.open(b"users", &text, LATER), Ok(position()));
}

#[test]
fn only_a_true_cursor_expires() {
    let key = CursorKey::derived(&[1; 32]);
    let text = key.seal(b"users", &position(), LATER);
    let late = Instant::from_millis(1_001);
    assert_eq!(key.open(b"users", &text, late), Err(CursorFault::Expired));
    assert_eq!(key.open(b"groups", &text, late), Err(CursorFault::Foreign));
}

#[test]
fn a_cursor_is_for_one_purpose_of_one_directory() {
    let key = CursorKey::derived(&[1; 32]);
    let text = key.seal(b"users", &position(), LATER);
    assert_eq!(CursorKey::derived(&[2; 32]).open(b"users", &text, NOW), Err(CursorFault::Foreign));
    assert_eq!(key.open(b"user", &text, NOW), Err(CursorFault::Foreign));
    for at in 0..text.len() {
        let mut bent = text.clone();
        let other = if text.as_bytes()[at] == b'0' { "1" } else { "0" };
        bent.replace_range(at..=at, other);
        assert_eq!(key.open(b"users", &bent, NOW), Err(CursorFault::Foreign), "digit {at}");
        assert_eq!(key.open(b"users", text.split_at(at).0, NOW), Err(CursorFault::Foreign), "cut at {at}");
    }
    assert_eq!(key.open(b"users", "no cursor \u{e9}", NOW), Err(CursorFault::Foreign));
}
