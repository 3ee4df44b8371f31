//! The page says what the figures say.

use super::super::report::{Amount, Part, Report, Row, SizeReport, Unit};
use super::{amount, duration, markdown};

fn size(name: &str, users: usize, lookup_ns: f64, rows: Vec<Row>) -> SizeReport {
    SizeReport {
        name: name.to_string(),
        users,
        groups: 1,
        roles: 1,
        permissions: 1,
        facts: 1,
        graph_bytes: Some(2_500_000),
        build_seconds: 0.5,
        lookup_ns,
        allowed_percent: 50,
        amounts: vec![Amount {
            name: "npm: module and script, brotli".to_string(),
            count: 20_000.0,
            unit: Unit::Bytes,
        }],
        rows,
    }
}

fn row(name: &str, micros: f64, facts: usize) -> Row {
    Row {
        part: Part::Change,
        name: name.to_string(),
        median_ns: micros * 1e3,
        p99_ns: micros * 2e3,
        repetitions: 9,
        facts: Some(facts),
        follows: None,
    }
}

/// The line of the thing whose costs and facts these are, at 1,000 and 1,000,000 users.
#[track_caller]
fn check(small: (f64, usize), large: (f64, usize), expected: &str) {
    let sizes = vec![
        size("S", 1_000, 100.0, vec![row("thing", small.0, small.1)]),
        size("L", 1_000_000, 500.0, vec![row("thing", large.0, large.1)]),
    ];
    let page = markdown(&Report { cores: 2, sizes });
    let line = page.lines().find(|line| line.starts_with("| thing"));
    assert_eq!(line, Some(expected));
}

#[test]
fn a_flat_cost_follows_the_change() {
    check((1.0, 1), (2.5, 1), "| thing | 1 | 1.00 | 2.00 | 2.50 | 5.00 | x 2.50 | yes |");
}

#[test]
fn a_cost_that_grows_like_look_ups_follows_the_change() {
    let line = "| thing | 1 | 1.00 | 2.00 | 7.00 | 14.0 | x 7.00 | yes: dearer look-ups |";
    check((1.0, 1), (7.0, 1), line);
    check((1.0, 1), (8.0, 1), "| thing | 1 | 1.00 | 2.00 | 8.00 | 16.0 | x 8.00 | no: grows as users^0.30 |");
}

#[test]
fn a_cost_for_each_fact_follows_the_change() {
    check((1.0, 2), (50.0, 100), "| thing | 2, 100 | 1.00 | 2.00 | 50.0 | 100 | x 50.0 | yes: its facts |");
}

#[test]
fn a_cost_for_each_user_does_not() {
    let line = "| thing | 1 | 1.00 | 2.00 | 1000 | 2000 | x 1000 | no: grows as users^1.00 |";
    check((1.0, 1), (1_000.0, 1), line);
}

#[test]
fn durations_have_three_digits_and_a_unit() {
    let shown = [0.4, 7.25, 72.5, 725.0, 7_250.0, 3.2e9].map(duration);
    assert_eq!(shown, ["0.40 ns", "7.25 ns", "72.5 ns", "725 ns", "7.25 us", "3.20 s"]);
}

#[test]
fn amounts_stand_beside_what_they_must_be() {
    let sizes = vec![size("S", 1_000, 100.0, Vec::new()), size("M", 10_000, 100.0, Vec::new())];
    let page = markdown(&Report { cores: 2, sizes });
    assert!(page.contains("| npm: module and script, brotli | 20.0 kB | 20.0 kB | 16 kB |\n"), "{page}");
}

#[test]
fn amounts_have_three_digits_and_a_unit() {
    let of = |count: f64, unit| amount(&Amount { name: String::new(), count, unit });
    let bytes = [256.0, 9_999.0, 25_250.0, 1.5e6].map(|count| of(count, Unit::Bytes));
    assert_eq!(bytes, ["256 B", "9999 B", "25.2 kB", "1.50 MB"]);
    assert_eq!(of(8.34, Unit::Bits), "8.34 bits");
}
