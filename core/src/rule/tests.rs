//! Rules: what they say about a profile, and what is said about bad ones.

use super::{Nobody, Rule, Subject, Truth};
use crate::attribute::{Profile, Text};
use crate::id::UserId;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

fn fold(text: &str) -> String {
    text.to_lowercase()
}

fn profile(fields: &[(&str, &[&str])]) -> Profile {
    let mut profile = Profile::new();
    for (field, values) in fields {
        profile.set(field, values.iter().map(|value| Text::folded_by(value, fold)).collect());
    }
    profile
}

fn subject(profile: &Profile) -> Subject<'_> {
    Subject { user: UserId::from_u128(1), profile, around: &Nobody }
}

#[track_caller]
fn check(rule: &str, expected: Truth) {
    let ada = profile(&[
        ("job", &["VP Sales"]),
        ("location", &["Paris, France"]),
        ("status", &["Active"]),
        ("attr.team", &["red", "Blue"]),
    ]);
    let rule = Rule::parse(rule, fold).unwrap();
    assert_eq!(rule.evaluate(&subject(&ada)), expected);
}

#[test]
fn rules_follow_kleene_logic() {
    use Truth::{False, True, Unknown};
    let cases = [
        (r#"location = "paris, france" AND status = Active"#, True),
        (r#"Job Title LIKE (Manager, "vp")"#, True),
        (r#"job LIKE Manager OR location = Rome"#, False),
        ("department != Executive", Unknown),
        ("department != Executive OR status = active", True),
        ("department != Executive AND status = inactive", False),
        ("NOT department = sales", Unknown),
        ("NOT (status = inactive)", True),
        ("department IS NULL AND job IS NOT NULL", True),
        ("attr.team = blue", True),
        ("attr.team != blue", False),
        ("attr.team NOT IN (green, yellow)", True),
        ("attr.team == Blue", True),
        ("attr.team == blue", False),
        ("job STARTS WITH vp AND job ENDS WITH sales", True),
        ("job NOT LIKE vp", False),
        ("status = active OR status = inactive AND job = x", True),
        ("(status = active OR status = inactive) AND job = x", False),
    ];
    for (rule, expected) in cases {
        check(rule, expected);
    }
}

#[track_caller]
fn check_error(rule: &str, expected: &str) {
    assert_eq!(Rule::parse(rule, fold).unwrap_err().to_string(), expected);
}

#[test]
fn mistakes_are_named_with_their_place() {
    let cases = [
        ("", "the rule ends too early; expected a field, NOT or ( at byte 0"),
        ("job", "the rule ends too early; expected one of = != == IN LIKE STARTS ENDS IS NOT at byte 3"),
        ("job = ", "the rule ends too early; expected a value, quoted or a bare word at byte 6"),
        ("job = \"a", "quote without its end at byte 6"),
        ("job = a)", "parenthesis without its partner at byte 7"),
        ("(job = a", "parenthesis without its partner at byte 8"),
        ("job = a b", "unexpected `b`; expected AND, OR, ) or the end at byte 8"),
        ("status = Activ", "the field never is `Activ`; expected one of active inactive at byte 9"),
        ("job = NULL", "nothing equals NULL at byte 6\nhint: write IS NULL or IS NOT NULL"),
        (
            "job LIKE \"A\" OR \"B\"",
            "a value without a field at byte 16\nhint: write FIELD LIKE (\"A\", \"B\")",
        ),
        ("job = a & b", "unexpected character `&` at byte 8"),
    ];
    for (rule, expected) in cases {
        check_error(rule, expected);
    }
    let unknown = Rule::parse("jbo = a", fold).unwrap_err().to_string();
    assert!(unknown.starts_with("unknown field `jbo`; expected attr.NAME or one of name job"), "{unknown}");
}

#[test]
fn every_bound_is_an_error_with_a_name() {
    let deep = format!("{}job = a{}", "(".repeat(9), ")".repeat(9));
    check_error(&deep, "more than 8 parentheses inside each other at byte 9");
    let deep: String = "NOT ".repeat(100_000);
    assert!(Rule::parse(&deep, fold).unwrap_err().to_string().starts_with("rule of more than 4096 bytes"));
    let nots = format!("{}job = a", "NOT ".repeat(9));
    check_error(&nots, "more than 8 parentheses inside each other at byte 36");
    let many = ["job = a"; 65].join(" OR ");
    check_error(&many, "more than 64 conditions at byte 704");
    let list = format!("job IN ({})", ["a"; 257].join(","));
    check_error(&list, "more than 256 values in a list at byte 520");
}

/// Any cut or changed rule is read or refused, never a panic.
#[test]
fn mutated_rules_never_panic() {
    let text =
        r#"(job LIKE ("é", b) OR NOT attr.x == "\"") AND location NOT IN (a, b) OR status IS NOT NULL"#;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..20_000 {
        let mut letters: Vec<char> = text.chars().collect();
        for _ in 0..3 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let at = state as usize % letters.len();
            match state >> 60 {
                0..5 => {
                    letters.remove(at);
                }
                5..10 => letters.insert(at, ['(', ')', '"', '\\', ',', 'é'][state as usize % 6]),
                _ => letters.swap(at, 0),
            }
        }
        let mutated: String = letters.into_iter().collect();
        if let Ok(rule) = Rule::parse(&mutated, fold) {
            assert_eq!(rule.evaluate(&subject(&Profile::new())), rule.evaluate(&subject(&Profile::new())));
        }
    }
}
