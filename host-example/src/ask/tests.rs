//! Lines that are questions, and lines that are not.

use super::{Ask, AskError};
use cohort_core::id::Instant;

type Parts = (String, String, Option<String>, Option<String>, Vec<String>);

fn parts(line: &str) -> Parts {
    line.parse::<Ask>().unwrap().put(Instant::from_millis(5), |query| {
        assert_eq!(query.at, Instant::from_millis(5));
        let conditions = query.conditions.iter().map(ToString::to_string).collect();
        let owned = |text: &str| text.to_owned();
        let (scope, parent) = (query.scope.map(owned), query.parent.map(owned));
        (query.subject.to_owned(), query.permission.to_owned(), scope, parent, conditions)
    })
}

#[track_caller]
fn check(line: &str, places: [Option<&str>; 2], conditions: &[&str]) {
    let [scope, parent] = places.map(|place| place.map(str::to_owned));
    let conditions = conditions.iter().map(ToString::to_string).collect();
    assert_eq!(parts(line), ("ada".to_owned(), "quote:create".to_owned(), scope, parent, conditions));
}

#[test]
fn every_part_is_read() {
    check("ada quote:create", [None, None], &[]);
    check("ada quote:create on project:42", [Some("project:42"), None], &[]);
    check("  ada  quote:create\ton doc:1 in project:7 ", [Some("doc:1"), Some("project:7")], &[]);
    check("ada quote:create with mfa", [None, None], &["mfa"]);
    check("ada quote:create with mfa with vpn on org", [Some("org"), None], &["mfa", "vpn"]);
    check("ada quote:create with mfa, vpn on org", [Some("org"), None], &["mfa", "vpn"]);
    check("ada quote:create with mfa,vpn", [None, None], &["mfa", "vpn"]);
    check(r#""ada" quote:create on "project:a \"b\" \\""#, [Some(r#"project:a "b" \"#), None], &[]);
}

#[test]
fn a_wrong_line_says_what_is_wrong() {
    let refused = |line: &str| line.parse::<Ask>().unwrap_err();
    assert_eq!(refused(""), AskError::TooShort);
    assert_eq!(refused("ada"), AskError::TooShort);
    assert_eq!(refused("ada p at now"), AskError::UnknownWord { found: "at".into() });
    assert_eq!(refused("ada p on"), AskError::NothingFollows { word: "on".into() });
    assert_eq!(refused("ada p on x:1 on x:2"), AskError::Twice { word: "on".into() });
    assert_eq!(refused("ada p on \"x:1"), AskError::OpenQuote);
    assert_eq!(refused("ada p on \"x:1\\"), AskError::OpenQuote);
}

#[test]
fn a_file_is_read_by_lines() {
    let asks = Ask::lines("# whom\n\nada p\n  bob q on x:1  \n").unwrap();
    assert_eq!(asks.iter().map(ToString::to_string).collect::<Vec<_>>(), ["ada p", "bob q on x:1"]);
    assert_eq!(Ask::lines("ada p\n#\nbob"), Err((3, AskError::TooShort)));
}
