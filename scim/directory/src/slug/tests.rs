//! Slugs checked, derived and numbered.

use super::{check, derived, free};

#[test]
fn titles_suggest_slugs() {
    let cases = [
        ("emea-sales", "emea-sales"),
        ("Data_Team", "data_team"),
        ("All - Engineering", "all-engineering"),
        ("All Engineering", "all-engineering"),
        ("  R&D / Zürich! ", "r-d-zurich"),
        ("営業部", "group"),
        ("0190a5c2-7b1e-7000-8000-000000000000", "group"),
    ];
    for (title, slug) in cases {
        assert_eq!(derived(title), slug);
        assert!(check(slug).is_ok());
    }
    assert_eq!(derived(&"long title ".repeat(20)).len(), 64);
}

#[test]
fn what_is_no_slug_is_refused() {
    for text in ["", "two words", "seq:4", "é", "0190a5c2-7b1e-7000-8000-000000000000", &"x".repeat(65)] {
        assert!(check(text).is_err(), "{text}");
    }
}

#[test]
fn a_taken_slug_gets_a_number() {
    let taken = ["sales", "sales-2"];
    assert_eq!(free("sales", |slug| Ok(!taken.contains(&slug))).expect("a slug"), "sales-3");
    let long = "x".repeat(64);
    let numbered = free(&long, |slug| Ok(slug != long)).expect("a slug");
    assert_eq!((numbered.len(), numbered.ends_with("x-2")), (64, true));
}
