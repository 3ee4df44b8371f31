//! Tokens and what is not one.

use super::{fresh, hash};
use crate::ambient::System;

#[test]
fn a_slip_in_a_token_is_seen_without_looking_it_up() {
    let token = fresh("edge", &System).expect("randomness");
    assert!(token.starts_with("cohort_edge_"), "{token}");
    assert!(hash(&token).is_some());
    for at in 0..token.len() {
        let mut slipped = token.clone();
        let other = if slipped.get(at..=at) == Some("0") { "1" } else { "0" };
        slipped.replace_range(at..=at, other);
        assert_eq!(hash(&slipped), None, "{slipped}");
        assert_eq!(token.get(..at).and_then(hash), None, "the first {at}");
    }
}

#[test]
fn tokens_differ() {
    assert_ne!(fresh("admin", &System), fresh("admin", &System));
}
