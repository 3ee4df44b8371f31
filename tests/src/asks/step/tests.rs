use super::{Step, read, read_line};

#[track_caller]
fn check(line: &str) {
    let step = read_line(line).unwrap_or_else(|cause| panic!("{cause}"));
    assert_eq!(step.to_string(), line);
}

#[test]
fn lines_come_back() {
    for line in [
        "at 1772355600000",
        "open 1.snapshot",
        "open 1.snapshot = malformed",
        "apply 2.delta",
        "apply 2.delta = wrong_base",
        "ask ada doc:read = deny: no path near other scope project:42",
        "ask ada doc:read on doc:1 in project:42 with mfa with office%20hours least 7 of 3.snapshot = allow - 7 9: direct < r",
        "ask \"\" %25 = deny unknown_user 7 -1: unknown user",
        "role ada 00000000-0000-0000-0000-000000000001 = deny no_path 7 9",
        "who doc:read on doc:1 = a b",
        "who doc:read = ",
    ] {
        check(line);
    }
}

#[test]
fn a_moment_may_be_written_for_people() {
    let steps = read("# why\n\nat 1970-01-01T00:00:01Z\n").unwrap_or_default();
    assert_eq!(steps, [Step::At(1000)]);
}

#[test]
fn other_lines_are_refused() {
    for line in [
        "at noon",
        "open",
        "ask ada",
        "ask ada doc:read",
        "ask ada doc:read on = deny",
        "ask ada doc:read near doc:1 = deny",
        "ask ada doc:read least one = deny",
        "ask ada doc:read = deny no_path",
        "ask %zz doc:read = deny",
        "who doc:read",
        "close 1.snapshot",
    ] {
        assert!(read_line(line).is_err(), "{line}");
    }
}
