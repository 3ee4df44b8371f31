//! Rules: what they say about a user.

mod mistakes;
mod round_trips;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Manager, Nobody, Rule, Subject, Surroundings, Truth, preview::preview};
use crate::attribute::{Profile, Text};
use crate::id::{Instant, Span, UserId};
use crate::times::Times;

pub(super) fn fold(text: &str) -> String {
    text.to_lowercase()
}

fn profile(fields: &[(&str, &[&str])]) -> Profile {
    let mut profile = Profile::new();
    for (field, values) in fields {
        profile.set(field, values.iter().map(|value| Text::folded_by(value, fold)).collect());
    }
    profile
}

const ADA: UserId = UserId::from_u128(1);

fn evaluate(rule: &str, profile: &Profile, at: i64) -> Truth {
    let rule = Rule::parse(rule, fold).unwrap_or_else(|error| panic!("{rule}: {error}"));
    rule.evaluate(&Subject { user: ADA, profile, around: &Nobody }, Instant::from_millis(at))
}

#[track_caller]
fn check(profile: &Profile, rule: &str, expected: Truth) {
    assert_eq!(evaluate(rule, profile, 0), expected, "{rule}");
}

/// Each operator on a field without value, with one that meets it, with one that does not, with both.
#[test]
fn every_operator_has_its_truth_table() {
    use Truth::{False, True, Unknown};
    let cases: &[(&str, &str, &str, [Truth; 4])] = &[
        ("attr.x = Red", "red", "blue", [Unknown, True, False, True]),
        ("attr.x != red", "blue", "RED", [Unknown, True, False, False]),
        ("attr.x == Red", "Red", "red", [Unknown, True, False, True]),
        ("attr.x IN (red, green)", "GREEN", "blue", [Unknown, True, False, True]),
        ("attr.x NOT IN (red, green)", "blue", "green", [Unknown, True, False, False]),
        ("attr.x LIKE ed", "Red", "blue", [Unknown, True, False, True]),
        ("attr.x LIKE (ed, gr)", "green", "blue", [Unknown, True, False, True]),
        ("attr.x NOT LIKE ed", "blue", "red", [Unknown, True, False, False]),
        ("attr.x NOT LIKE (ed, gr)", "blue", "green", [Unknown, True, False, False]),
        ("attr.x STARTS WITH re", "RED", "dark red", [Unknown, True, False, True]),
        ("attr.x NOT STARTS WITH re", "dark red", "red", [Unknown, True, False, False]),
        ("attr.x ENDS WITH ed", "RED", "redder", [Unknown, True, False, True]),
        ("attr.x NOT ENDS WITH ed", "redder", "red", [Unknown, True, False, False]),
        ("attr.x IS NULL", "", "red", [True, True, False, False]),
        ("attr.x IS NOT NULL", "red", "", [False, True, False, True]),
        ("attr.x < 10", "9.5", "10", [Unknown, True, False, True]),
        ("attr.x <= 10", "10", "10.5", [Unknown, True, False, True]),
        ("attr.x > -2", "-1", "-2", [Unknown, True, False, True]),
        ("attr.x >= -2", "-2", "-3", [Unknown, True, False, True]),
        ("attr.x < 2026-03-01", "2026-02-28T23:59:59.999Z", "2026-03-01", [Unknown, True, False, True]),
        ("attr.x >= 2026-03-01T01:00:00+01:00", "2026-03-01", "2026-02-28", [Unknown, True, False, True]),
        ("ALL(attr.x) = red", "red", "blue", [Unknown, True, False, False]),
        ("ANY(attr.x) != red", "blue", "red", [Unknown, True, False, True]),
        ("ANY(attr.x) = red", "red", "blue", [Unknown, True, False, True]),
        ("ALL(attr.x) LIKE e", "red", "pink", [Unknown, True, False, False]),
        ("ALL(attr.x) IN (red, blue)", "blue", "pink", [Unknown, True, False, False]),
        ("ALL(attr.x) > 5", "6", "5", [Unknown, True, False, False]),
        // 1970-01-01 is the present.
        ("attr.x <= NOW", "1970-01-01", "1970-01-02", [Unknown, True, False, True]),
        ("attr.x > NOW - 7d", "1969-12-26", "1969-12-25", [Unknown, True, False, True]),
        ("attr.x = NOW + 12h", "1970-01-01T12:00:00Z", "1970-01-01", [Unknown, True, False, True]),
        (
            "ALL(attr.x) < NOW+30m",
            "1970-01-01T00:29:59Z",
            "1970-01-01T00:30:00Z",
            [Unknown, True, False, False],
        ),
    ];
    for (rule, meets, differs, expected) in cases {
        let profiles: [&[&str]; 4] = [&[], &[meets], &[differs], &[meets, differs]];
        for (values, expected) in profiles.into_iter().zip(expected) {
            let profile = profile(&[("attr.x", values)]);
            check(&profile, rule, *expected);
            let opposite = [True, Unknown, False][*expected as usize];
            check(&profile, &alloc::format!("NOT {rule}"), opposite);
        }
    }
}

#[test]
fn what_has_no_order_is_unknown() {
    for value in ["red", "2026-13-01", "2026-02-29", "NaN", "inf", "1 000", "2026-03-01 09:00"] {
        let profile = profile(&[("attr.x", &[value])]);
        for rule in ["attr.x < 5", "attr.x >= 2026-03-01", "attr.x < NOW", "attr.x = NOW", "NOT attr.x > 5"] {
            check(&profile, rule, Truth::Unknown);
        }
    }
    check(&profile(&[("attr.x", &["red", "7"])]), "attr.x > 5", Truth::True);
    check(&profile(&[("attr.x", &["red", "3"])]), "attr.x > 5", Truth::Unknown);
    check(&profile(&[("attr.x", &["red", "3"])]), "ALL(attr.x) > 5", Truth::False);
}

#[test]
fn rules_follow_kleene_logic() {
    use Truth::{False, True, Unknown};
    let ada = profile(&[
        ("job", &["VP Sales"]),
        ("location", &["Paris, France"]),
        ("status", &["Active"]),
        ("attr.team", &["red", "Blue"]),
    ]);
    let cases = [
        (r#"location = "paris, france" AND status = Active"#, True),
        (r#"Job Title LIKE (Manager, "vp")"#, True),
        (r#"job LIKE Manager OR location = Rome"#, False),
        ("department != Executive OR status = active", True),
        ("department != Executive AND status = inactive", False),
        ("department != Executive AND status = active", Unknown),
        ("department = a OR status = inactive", Unknown),
        ("NOT (status = inactive)", True),
        ("NOT NOT (status = inactive)", False),
        ("department IS NULL AND job IS NOT NULL", True),
        ("status = active OR status = inactive AND job = x", True),
        ("(status = active OR status = inactive) AND job = x", False),
        ("attr.hired < NOW OR status = active", True),
        ("MEMBER OF (staff) OR status = active", True),
        ("REPORTS TO eve", False),
    ];
    for (rule, expected) in cases {
        check(&ada, rule, expected);
    }
}

#[test]
fn a_rule_on_the_present_holds_over_spans() {
    let profile =
        profile(&[("attr.from", &["1970-01-02"]), ("attr.until", &["1970-01-04"]), ("job", &["x"])]);
    let subject = Subject { user: ADA, profile: &profile, around: &Nobody };
    let day = 86_400_000;
    let cases: &[(&str, &[(i64, i64)])] = &[
        ("attr.from <= NOW AND attr.until > NOW", &[(day, 3 * day)]),
        ("attr.from <= NOW + 1d AND attr.until > NOW + 1d", &[(0, 2 * day)]),
        (
            "NOT (attr.from <= NOW AND attr.until > NOW) AND attr.from >= NOW-9d",
            &[(i64::MIN, day), (3 * day, 10 * day + 1)],
        ),
        (
            "attr.from = NOW OR attr.until IN (NOW, NOW-1d)",
            &[(day, day + 1), (3 * day, 3 * day + 1), (4 * day, 4 * day + 1)],
        ),
        ("attr.from < NOW AND job = x", &[(day + 1, i64::MAX)]),
        ("attr.from < NOW AND job = y", &[]),
        ("attr.gone < NOW OR attr.from < NOW", &[(day + 1, i64::MAX)]),
    ];
    for (rule, expected) in cases {
        let verdict = Rule::parse(rule, fold).unwrap().verdict(&subject);
        let spans: Vec<(i64, i64)> = verdict
            .times()
            .spans()
            .iter()
            .map(|span| (span.from().as_millis(), span.until().as_millis()))
            .collect();
        assert_eq!(&spans, expected, "{rule}");
    }
    assert_eq!(evaluate("attr.gone < NOW OR attr.from < NOW", &profile, 0), Truth::Unknown);
}

/// User `n` is called `un` and has the manager given, if known.
struct Managers(BTreeMap<u128, Option<u128>>);

impl Surroundings for Managers {
    fn manager(&self, user: UserId) -> Manager {
        match self.0.get(&user.as_u128()) {
            None => Manager::None,
            Some(None) => Manager::Unresolved,
            Some(Some(above)) => Manager::User(UserId::from_u128(*above)),
        }
    }

    fn names_anybody(&self, reference: &Text) -> bool {
        reference.folded.starts_with('u')
    }

    fn is_named(&self, user: UserId, reference: &Text) -> bool {
        reference.folded == alloc::format!("u{}", user.as_u128())
    }

    fn times_in(&self, _: UserId, group: &Text) -> Times {
        let hundred = Span::new(Some(Instant::from_millis(0)), Some(Instant::from_millis(100))).unwrap();
        if group.folded == "staff" { Times::of([hundred]) } else { Times::never() }
    }
}

#[test]
fn reports_walk_the_chain_and_stop() {
    use Truth::{False, True, Unknown};
    let chain = |length: u128| Managers((1..=length).map(|user| (user, Some(user + 1))).collect());
    let cycle = Managers([(1, Some(2)), (2, Some(3)), (3, Some(2))].into());
    let broken = Managers([(1, Some(2)), (2, None)].into());
    let itself = Managers([(1, Some(1))].into());
    let cases = [
        (&chain(2), "REPORTS TO u2", True),
        (&chain(2), "REPORTS TO u3", False),
        (&chain(2), "REPORTS TO U3 DEEP", True),
        (&chain(2), "REPORTS TO u9 DEEP", False),
        (&chain(2), "REPORTS TO nobody", Unknown),
        (&chain(0), "REPORTS TO nobody", False),
        (&chain(64), "REPORTS TO u65 DEEP", True),
        (&chain(64), "REPORTS TO u99 DEEP", False),
        (&chain(65), "REPORTS TO u66 DEEP", Unknown),
        (&cycle, "REPORTS TO u3 DEEP", True),
        (&cycle, "REPORTS TO u9 DEEP", False),
        (&broken, "REPORTS TO u9", False),
        (&broken, "REPORTS TO u9 DEEP", Unknown),
        (&itself, "REPORTS TO u1", True),
        (&itself, "NOT REPORTS TO u2 DEEP", True),
    ];
    for (around, rule, expected) in cases {
        let subject = Subject { user: ADA, profile: &Profile::new(), around };
        let found = Rule::parse(rule, fold).unwrap().evaluate(&subject, Instant::from_millis(0));
        assert_eq!(found, expected, "{rule} in {:?}", around.0);
    }
}

#[test]
fn membership_is_known_at_every_moment() {
    let subject = Subject { user: ADA, profile: &Profile::new(), around: &Managers(BTreeMap::new()) };
    let rule = Rule::parse("MEMBER OF (Staff, other) AND job IS NULL", fold).unwrap();
    let at = |millis| rule.evaluate(&subject, Instant::from_millis(millis));
    assert_eq!([at(-1), at(0), at(99), at(100)], [Truth::False, Truth::True, Truth::True, Truth::False]);
}

#[test]
fn a_preview_counts_and_names() {
    let rule = Rule::parse("department = sales AND location = Paris", fold).unwrap();
    let profiles: Vec<Profile> = [
        &[("department", &["Sales"][..]), ("location", &["Paris"])][..],
        &[("department", &["Sales"]), ("location", &["Rome"])],
        &[("department", &["Sales"])],
        &[],
    ]
    .into_iter()
    .map(profile)
    .collect();
    let subjects = (0..200u128).map(|number| {
        let profile = &profiles[number as usize % 4];
        (Subject { user: UserId::from_u128(number), profile, around: &Nobody }, number < 100)
    });
    let preview = preview(&rule, Instant::from_millis(0), subjects);
    let counts =
        [&preview.added, &preview.removed, &preview.kept, &preview.unknown].map(|sample| sample.count);
    assert_eq!(counts, [25, 75, 25, 100]);
    assert_eq!(preview.unknown_by_field["location"].count, 100);
    assert_eq!(preview.unknown_by_field["department"].count, 50);
    let first: Vec<u128> = preview.added.users.iter().map(|user| user.as_u128()).collect();
    assert_eq!(first, (0..20).map(|number| 100 + number * 4).collect::<Vec<_>>());
}
