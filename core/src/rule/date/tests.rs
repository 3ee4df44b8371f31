//! The calendar: which dates there are, and how far they lie apart.

use super::instant;
use crate::id::Instant;

/// Checks that `text` is the start of the day with this number, counted from 1970-01-01.
#[track_caller]
fn check_day(text: &str, day: i64) {
    assert_eq!(instant(text), Some(Instant::from_millis(day * 86_400_000)), "{text}");
}

#[test]
fn days_are_counted_over_leap_years() {
    check_day("1970-01-01", 0);
    check_day("1969-12-31", -1);
    check_day("2000-02-29", 11_016);
    check_day("2024-02-29", 19_782);
    check_day("2024-03-01", 19_783);
    check_day("2400-02-29", 157_113);
    check_day("0001-01-01", -719_162);
    check_day("9999-12-31", 2_932_896);
}

#[test]
fn days_that_no_calendar_has_are_no_dates() {
    for text in ["2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30", "2024-04-31", "2024-13-01"] {
        assert_eq!(instant(text), None, "{text}");
    }
    for text in ["2024-00-10", "2024-01-00", "2024-1-01", "24-01-01", "2024-01-32", "-001-01-01"] {
        assert_eq!(instant(text), None, "{text}");
    }
}

#[test]
fn a_clock_has_an_offset_and_perhaps_a_fraction() {
    let morning = instant("2024-02-29T09:00:00Z");
    assert_eq!(morning, Some(Instant::from_millis(19_782 * 86_400_000 + 9 * 3_600_000)));
    for same in ["2024-02-29t09:00:00z", "2024-02-29T10:30:00+01:30", "2024-02-28T23:00:00.000-10:00"] {
        assert_eq!(instant(same), morning, "{same}");
    }
    let late = morning.map(|morning| morning.plus_millis(120));
    for same in ["2024-02-29T09:00:00.12Z", "2024-02-29T09:00:00.1209Z"] {
        assert_eq!(instant(same), late, "{same}");
    }
    for text in
        ["2024-02-29T09:00:00", "2024-02-29T24:00:00Z", "2024-02-29T09:00:60Z", "2024-02-29T09:00:00.Z"]
    {
        assert_eq!(instant(text), None, "{text}");
    }
}
