//! Moments read and written.

use super::Moment;

#[track_caller]
fn check(text: &str, written: &str) {
    assert_eq!(text.parse::<Moment>().expect("a moment").to_string(), written);
}

#[test]
fn times_and_dates_are_moments() {
    check("2026-03-01T09:00:00Z", "2026-03-01T09:00:00.000Z");
    check("2026-03-01T10:00:00.250+01:00", "2026-03-01T09:00:00.250Z");
    check("2026-03-01", "2026-03-01T00:00:00.000Z");
}

#[test]
fn other_texts_are_not() {
    for text in ["", "tomorrow", "2026-02-30", "2026-03-01T09:00:00", "2026-03-01 and more"] {
        assert!(text.parse::<Moment>().is_err(), "{text}");
    }
}
