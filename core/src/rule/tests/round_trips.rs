//! Text to tree to text to tree, on rules made up at random and on broken ones.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::fold;
use crate::limits::RULE_BYTES_MAX;
use crate::rule::{Rule, RuleError, RuleFault};

/// Marsaglia's xorshift: random enough to choose from lists.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % end
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

const VALUES: &[&str] = &[
    "a",
    "Active",
    "\"Paris, France\"",
    "\"\"",
    "\"\\\"\\\\\"",
    "7",
    "-2.5",
    "1e3",
    "2026-03-01",
    "\"2026-03-01\"",
    "2026-03-01T09:00:00+02:00",
    "\"NOW\"",
    "\"null\"",
    "TRUE",
    "é_1",
    "or",
    "\"-7\"",
    "\"-x\"",
    "a.b",
];
const MOMENTS: &[&str] = &["NOW", "now-7d", "NOW + 36h", "NOW-90m", "NOW+0m"];
const ORDERED: &[&str] = &["7", "-2.5", "\"8\"", "2026-03-01", "2026-03-01t09:00:00.5z"];

fn values(random: &mut Random) -> String {
    let values: Vec<&str> = (0..=random.below(3)).map(|_| random.of(VALUES)).collect();
    format!("({})", values.join([",", ", "][random.below(2)]))
}

fn condition(random: &mut Random, below_not: bool) -> String {
    let field = random.of(&["name", "Job Title", "attr.x", "department", "manager"]);
    let value = random.of(VALUES);
    match random.below(if below_not { 9 } else { 10 }) {
        0 => format!("{field} {} {value}", random.of(&["=", "!=", "=="])),
        1 => format!("{field} {}IN {}", random.of(&["", "not "]), values(random)),
        2 => format!("name {}LIKE {}", random.of(&["", "NOT "]), values(random)),
        3 => format!("job {}{} with {value}", random.of(&["", "NOT "]), random.of(&["STARTS", "Ends"])),
        4 => format!("{field} is {}null", random.of(&["", "NOT "])),
        5 => format!("attr.y{}{}", random.of(&["<", "<=", ">", ">="]), random.of(ORDERED)),
        6 => format!("attr.y {} {}", random.of(&["<", "=", "!=", ">="]), random.of(MOMENTS)),
        7 => format!("{}({field}) {} {value}", random.of(&["ANY", "all"]), random.of(&["=", "!=", "=="])),
        8 => format!("REPORTS TO {value}{}", random.of(&["", " DEEP"])),
        _ => format!("MEMBER OF {}", values(random)),
    }
}

fn rule(random: &mut Random, depth: usize, below_not: bool) -> String {
    let parts: Vec<String> = (0..=random.below(3))
        .map(|_| match random.below(if depth == 0 { 2 } else { 5 }) {
            0 | 1 => condition(random, below_not),
            2 => format!("NOT {}", condition(random, true)),
            3 => format!("not ({})", rule(random, depth - 1, true)),
            _ => format!("({})", rule(random, depth - 1, below_not)),
        })
        .collect();
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        let joint = if at == 0 { "" } else { random.of(&[" AND ", " or ", " OR "]) };
        text.extend([joint, part]);
    }
    text
}

#[test]
fn canonical_text_gives_the_same_tree() {
    let seed = 0x9e37_79b9_7f4a_7c15;
    let mut random = Random(seed);
    let mut read = 0;
    for number in 0..3_000 {
        let text = rule(&mut random, 3, false);
        // Some are too large, and some end in a list of more words than one.
        let Ok(rule) = Rule::parse(&text, fold) else { continue };
        read += 1;
        let canonical = rule.to_text();
        let again = Rule::parse(&canonical, fold);
        assert_eq!(again.as_ref(), Ok(&rule), "rule {number} of seed {seed:#x}: {text}\n{canonical}");
        assert_eq!(rule.to_text(), again.unwrap().to_text());
    }
    assert!(read > 2_500, "{read}");
}

#[test]
fn canonical_text_is_short_and_plain() {
    let cases = [
        ("job title in (Chef)", "job = Chef"),
        ("job NOT IN (\"Chef\")", "job != Chef"),
        ("((name = a)) AND (name = b AND name = c)", "name = a AND (name = b AND name = c)"),
        ("(name = a AND name = b) OR name = c", "name = a AND name = b OR name = c"),
        ("not not (name = a or name = b)", "NOT NOT (name = a OR name = b)"),
        ("attr.X<NOW-1440m", "attr.x < NOW-1d"),
        ("ANY(attr.x) = 1 AND ALL(attr.x) != 1", "attr.x = 1 AND attr.x != 1"),
        ("member of (\"staff\", \"a b\")", "MEMBER OF (staff, \"a b\")"),
    ];
    for (text, expected) in cases {
        assert_eq!(Rule::parse(text, fold).unwrap().to_string(), expected);
    }
}

#[test]
fn canonical_text_of_the_longest_rule_is_read_again() {
    let list = format!("name IN({})", ["a"; 250].join(","));
    let text = [list.as_str(); 7].join("AND ") + "OR(name=\"" + &"b".repeat(499) + "\")";
    let rule = Rule::parse(&text, fold).unwrap();
    assert!(rule.to_text().len() > 4_096);
    assert_eq!(Rule::parse(&rule.to_text(), fold), Ok(rule));
}

/// A field is written in lower case, in which some letters take another byte.
#[test]
fn a_rule_that_grows_when_it_is_written_is_counted_so() {
    let rule = |letters: usize| format!("attr.{} = a", "Ⱥ".repeat(letters));
    let longest = (RULE_BYTES_MAX - "attr.=a".len()) / "ⱥ".len();
    let read = Rule::parse(&rule(longest), fold).unwrap();
    assert_eq!(Rule::parse(&read.to_text(), fold), Ok(read));
    let refused = Rule::parse(&rule(longest + 1), fold);
    assert_eq!(refused, Err(RuleError { at: 0, fault: RuleFault::TooLong }));
}

/// Any cut or changed rule is read or refused, never a panic; what is read, is written and read the same.
#[test]
fn mutated_rules_never_panic() {
    let text = r#"(job LIKE ("é", b) OR NOT attr.x == "\"") AND attr.y<=NOW-7d OR ANY(attr.z)>2026-03-01 AND MEMBER OF (a) AND REPORTS TO b DEEP"#;
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..20_000 {
        let mut letters: Vec<char> = text.chars().collect();
        for _ in 0..=random.below(3) {
            let at = random.below(letters.len());
            match random.below(3) {
                0 => _ = letters.remove(at),
                1 => {
                    letters.insert(at, ['(', ')', '"', '\\', ',', 'é', '-', '<', '7', ' '][random.below(10)]);
                }
                _ => letters.swap(at, 0),
            }
        }
        let mutated: String = letters.into_iter().collect();
        if let Ok(rule) = Rule::parse(&mutated, fold) {
            assert_eq!(Rule::parse(&rule.to_text(), fold), Ok(rule), "{mutated}");
        }
    }
}
