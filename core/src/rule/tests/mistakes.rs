//! What is said about bad rules, and where.

use alloc::format;
use alloc::string::{String, ToString};

use super::fold;
use crate::attribute::{FieldType, Registry};
use crate::rule::Rule;

#[track_caller]
fn check_error(rule: &str, expected: &str) {
    let error = Rule::parse(rule, fold).map(|rule| rule.to_text()).unwrap_err();
    assert_eq!(error.to_string(), expected, "{rule}");
}

#[test]
fn mistakes_are_named_with_their_place() {
    let cases = [
        ("", "the rule ends too early; expected a field, NOT or ( at byte 0"),
        (
            "job",
            "the rule ends too early; expected one of = != == < <= > >= IN LIKE STARTS ENDS IS NOT at byte 3",
        ),
        (
            "job NOT = a",
            "unexpected `=`; expected one of = != == < <= > >= IN LIKE STARTS ENDS IS NOT at byte 8",
        ),
        ("job = ", "the rule ends too early; expected a value, quoted or a bare word at byte 6"),
        ("job = \"a", "quote without its end at byte 6"),
        ("job = \"\\n\"", "unknown escape; expected `\\\"` or `\\\\` at byte 8"),
        ("job = a)", "parenthesis without its partner at byte 7"),
        ("(job = a", "parenthesis without its partner at byte 8"),
        (
            "job = a b",
            "unexpected `b`; expected AND, OR, ) or the end at byte 8\nhint: put values with blanks, hyphens or commas in quotes",
        ),
        (
            "job = vice-president",
            "unexpected `-`; expected AND, OR, ) or the end at byte 10\nhint: put values with blanks, hyphens or commas in quotes",
        ),
        ("job IN a", "unexpected `a`; expected ( before a list at byte 7"),
        (
            "job IN (a b)",
            "unexpected `b`; expected , or ) at byte 10\nhint: put values with blanks, hyphens or commas in quotes",
        ),
        ("job STARTS a", "unexpected `a`; expected WITH at byte 11"),
        ("job IS a", "unexpected `a`; expected NULL or NOT NULL at byte 7"),
        ("status = Activ", "the field never is `Activ`; expected one of active inactive at byte 9"),
        ("gender IN (male, m)", "the field never is `m`; expected one of male female other at byte 17"),
        ("job = NULL", "nothing equals NULL at byte 6\nhint: write IS NULL or IS NOT NULL"),
        ("job IN (a, NULL)", "nothing equals NULL at byte 11\nhint: write IS NULL or IS NOT NULL"),
        (
            "job LIKE \"A\" OR \"B\"",
            "a value without a field at byte 16\nhint: write FIELD LIKE (\"A\", \"B\")",
        ),
        ("job = a & b", "unexpected character `&` at byte 8"),
        ("ANY job = a", "unexpected `job`; expected a field in parentheses at byte 4"),
        ("ALL(job = a", "unexpected `=`; expected a field in parentheses at byte 8"),
        (
            "ALL(job) STARTS WITH a",
            "unexpected `STARTS`; expected one of = != == < <= > >= IN LIKE at byte 9",
        ),
        ("REPORTS ada", "unexpected `ada`; expected TO at byte 8"),
        ("REPORTS TO", "the rule ends too early; expected a value, quoted or a bare word at byte 10"),
        ("MEMBER (staff)", "unexpected `(`; expected OF at byte 7"),
        ("MEMBER OF staff", "unexpected `staff`; expected ( before a list at byte 10"),
        (
            "job = a AND NOT (job = b OR MEMBER OF (staff))",
            "MEMBER OF below NOT at byte 28\nhint: keep people out by excluding them from the group",
        ),
        ("attr.x < red", "`red` has no order; expected a number, a date or NOW at byte 9"),
        ("attr.x < -red", "unexpected `red`; expected a number at byte 10"),
        (
            "attr.x < 2026-02-29",
            "`2026-02-29` is no date; expected such as 2026-03-01 or 2026-03-01T09:00:00Z at byte 9",
        ),
        (
            "attr.x < 2026-03-01T09:00",
            "`2026-03-01T09:00` is no date; expected such as 2026-03-01 or 2026-03-01T09:00:00Z at byte 9",
        ),
        ("attr.x < NOW - 7", "unexpected `7`; expected a duration such as 7d, 12h or 30m at byte 15"),
        ("attr.x < NOW + 7w", "unexpected `7w`; expected a duration such as 7d, 12h or 30m at byte 15"),
        (
            "attr.x LIKE NOW",
            "NOW is an instant; LIKE compares text at byte 12\nhint: write \"NOW\" in quotes for the word",
        ),
        ("name = NOW", "found `NOW`; expected text at byte 7"),
        (
            "name < 5",
            "< does not compare text at byte 5\nhint: order compares numbers and dates; write = or LIKE",
        ),
        (
            "status >= active",
            ">= does not compare a choice at byte 7\nhint: order compares numbers and dates; write = or LIKE",
        ),
        ("manager LIKE ada", "LIKE does not compare a reference to a user at byte 8\nhint: write REPORTS TO"),
        (
            "job = a \"\"",
            "unexpected `\"\"`; expected AND, OR, ) or the end at byte 8\nhint: put values with blanks, hyphens or commas in quotes",
        ),
    ];
    for (rule, expected) in cases {
        check_error(rule, expected);
    }
    let unknown = Rule::parse("jbo = a", fold).unwrap_err().to_string();
    assert!(unknown.starts_with("unknown field `jbo`; expected attr.NAME or one of name job"), "{unknown}");
    let unknown = Rule::parse("attr. = a", fold).unwrap_err().to_string();
    assert!(unknown.starts_with("unknown field `attr.`; expected attr.NAME or one of name job"), "{unknown}");
}

#[test]
fn declared_attributes_have_types() {
    let mut registry = Registry::new();
    for (name, kind) in
        [("age", FieldType::Number), ("hired", FieldType::Date), ("remote", FieldType::Boolean)]
    {
        registry.declare(name, kind);
    }
    let cases = [
        ("attr.age >= 18 AND attr.age != 99", Ok(())),
        ("attr.hired < NOW-90d AND attr.hired >= 2020-01-01", Ok(())),
        ("attr.remote = TRUE AND attr.remote != false", Ok(())),
        ("attr.Hired IS NULL AND ALL(attr.age) > 3", Ok(())),
        ("attr.other LIKE x", Ok(())),
        ("attr.age = old", Err("found `old`; expected a number at byte 11")),
        ("attr.age > NOW", Err("found `NOW`; expected a number at byte 11")),
        ("attr.hired > 5", Err("found `5`; expected a date at byte 13")),
        ("attr.remote = yes", Err("found `yes`; expected TRUE or FALSE at byte 14")),
        (
            "attr.remote > 5",
            Err(
                "> does not compare TRUE or FALSE at byte 12\nhint: LIKE, STARTS and ENDS compare text; write = or an order",
            ),
        ),
        (
            "attr.age LIKE 5",
            Err(
                "LIKE does not compare a number at byte 9\nhint: LIKE, STARTS and ENDS compare text; write = or an order",
            ),
        ),
    ];
    for (rule, expected) in cases {
        let found = Rule::parse_with(rule, &registry, fold).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(found, expected.map_err(String::from), "{rule}");
    }
}

#[test]
fn every_bound_is_an_error_with_a_name() {
    let deep = format!("{}job = a{}", "(".repeat(9), ")".repeat(9));
    check_error(&deep, "more than 8 parentheses inside each other at byte 9");
    let deep: String = "NOT ".repeat(100_000);
    check_error(&deep, "rule of more than 4096 bytes at byte 4096");
    let nots = format!("{}job = a", "NOT ".repeat(9));
    check_error(&nots, "more than 8 parentheses inside each other at byte 36");
    let many = ["job = a"; 65].join(" OR ");
    check_error(&many, "more than 64 conditions at byte 704");
    let list = format!("job IN ({})", ["a"; 257].join(","));
    check_error(&list, "more than 256 values in a list at byte 520");
    let groups = format!("MEMBER OF ({})", ["a"; 257].join(","));
    check_error(&groups, "more than 256 values in a list at byte 523");
    let long = format!("job = \"{}\"", "a".repeat(4_090));
    assert!(Rule::parse(&long, fold).is_ok());
    let long = format!("job = \"{}\"", "a".repeat(4_091));
    check_error(&long, "rule of more than 4096 bytes at byte 6");
}
