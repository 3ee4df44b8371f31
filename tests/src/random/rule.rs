//! Random rule text, and the profiles that it is about.

use super::prng::Prng;

/// Fields with the values that profiles and rules take for them; `skill` is an attribute with several values.
const FIELDS: &[(&str, &[&str])] = &[
    ("department", &["sales", "Sales", "legal", "R&D, North"]),
    ("country", &["FR", "fr", "DE"]),
    ("job", &["VP Sales", "vp", "Director #1"]),
    ("skill", &["rust", "go", "Go \\\"2\\\""]),
];

/// Managers and groups that rules name; not every world has them.
const USERS: &[&str] = &["u1", "u2", "u3"];
const GROUPS: &[&str] = &["g1", "g2", "g3", "g4"];

/// Dates around the instants that are asked about, as they are and as the rules move them.
const HIRED: &[&str] = &[
    "2026-03-01T09:00:00Z",
    "2026-02-22T09:01:00Z",
    "2026-03-01T08:58:00Z",
    "2026-03-01T21:00:00Z",
    "2026-03-01",
];

/// Some fields of a profile as a `user` or `set` statement tells them; each begins with a blank.
pub(super) fn profile(prng: &mut Prng) -> String {
    let mut text = String::new();
    for (field, values) in FIELDS {
        let count = match prng.below(10) {
            0..=2 => 0,
            4 if *field == "skill" => 2,
            _ => 1,
        };
        for _ in 0..count {
            let value = if prng.chance(8) { "" } else { prng.word(values) };
            text.push_str(&format!(" {field}=\"{value}\""));
        }
    }
    for (field, values) in [("manager", USERS), ("level", &["1", "2", "3.0", "high"]), ("hired", HIRED)] {
        if prng.chance(40) {
            text.push_str(&format!(" {field}=\"{}\"", prng.word(values)));
        }
    }
    text
}

/// The text of a rule of one to four conditions.
pub(super) fn rule(prng: &mut Prng) -> String {
    let mut text = String::new();
    let mut open = 0;
    for at in 0..prng.between(1, 4) {
        if at > 0 {
            text.push_str(prng.word(&[" AND ", " OR ", " and "]));
        }
        if prng.chance(20) {
            text.push_str("NOT ");
        }
        if prng.chance(20) {
            text.push('(');
            open += 1;
        }
        text.push_str(&condition(prng));
        if open > 0 && prng.chance(50) {
            text.push(')');
            open -= 1;
        }
    }
    text.push_str(&")".repeat(open));
    text
}

fn condition(prng: &mut Prng) -> String {
    if prng.chance(10) {
        return format!("status {} {}", prng.word(&["=", "!=", "=="]), prng.word(&["Active", "inactive"]));
    }
    if prng.chance(25) {
        return about_others_or_time(prng);
    }
    let Some((field, values)) = prng.pick(FIELDS) else { return "country IS NULL".to_owned() };
    let name = match *field {
        "skill" => "attr.skill",
        "job" => prng.word(&["job", "Job Title"]),
        other => other,
    };
    let value = prng.word(values);
    let other = prng.word(values);
    match prng.below(14) {
        0..=2 => format!("{name} = \"{value}\""),
        3 => format!("{name} != \"{value}\""),
        4 => format!("{name} == \"{value}\""),
        5 => format!("{name} IN (\"{value}\", \"{other}\")"),
        6 => format!("{name} NOT IN (\"{value}\", \"{other}\")"),
        7 => format!("{name} LIKE \"{}\"", value.to_uppercase()),
        8 => format!("{name} NOT LIKE (\"{value}\", \"{other}\")"),
        9 => format!("{name} STARTS WITH {}", prng.word(&["s", "V", "f", "go"])),
        10 => format!("{name} NOT ENDS WITH {}", prng.word(&["s", "h", "r"])),
        11 => {
            format!("{}({name}) {} \"{value}\"", prng.word(&["ANY", "all"]), prng.word(&["=", "!=", "LIKE"]))
        }
        12 => format!("{}({name}) IN (\"{value}\", \"{other}\")", prng.word(&["ANY", "ALL"])),
        _ => format!("{name} IS {}NULL", prng.word(&["", "NOT "])),
    }
}

/// A condition on managers, on other groups, on numbers, or on the time.
fn about_others_or_time(prng: &mut Prng) -> String {
    let order = prng.word(&["<", "<=", ">", ">=", "="]);
    match prng.below(5) {
        0 => format!("REPORTS TO {}{}", prng.word(USERS), prng.word(&["", " DEEP"])),
        1 => format!("MEMBER OF ({}, {})", prng.word(GROUPS), prng.word(GROUPS)),
        2 => format!("attr.level {order} {}", prng.word(&["1", "2.5", "3"])),
        3 => format!("attr.hired {order} {}", prng.word(HIRED)),
        _ => format!("attr.hired {order} NOW{}", prng.word(&["", "-7d", " - 1m", "+12h"])),
    }
}
