//! Model part 3.

use super::refuses;
use crate::World;

/// Whether a rule admits a person of this profile; colleagues are there to report to.
#[track_caller]
fn admits(profile: &str, rule: &str, expected: bool) {
    let text = format!(
        "user boss from x\nuser chief from x manager=boss\nuser lost from x manager=nobody\n\
         user loop1 from x manager=loop2\nuser loop2 from x manager=loop1\nuser outsider\n\
         user ada from x {profile}\ngroup other has ada\ngroup shut has ada disabled\ngroup empty\n\
         group ruled when {rule}",
    );
    let world = World::read(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let ada = world.user("ada").unwrap();
    let found = world.memberships(ada, world.now).contains_key("ruled");
    assert_eq!(found, expected, "user ada {profile}: {rule}");
}

#[test]
fn equality_folds_case_and_exactness_does_not() {
    admits("location=\"Paris, France\"", "location = \"PARIS, FRANCE\"", true);
    admits("location=\"Paris, France\"", "Location == \"PARIS, FRANCE\"", false);
    admits("location=\"Paris, France\"", "Location == \"Paris, France\"", true);
    admits("job=Clerk", "Job Title != clerk", false);
    admits("job=Clerk", "job != boss", true);
    admits("job=Clerk", "Job IN (boss, CLERK)", true);
    admits("job=Clerk", "job NOT IN (boss, clerk)", false);
    admits("attr.badge=Red", "attr.badge = red and badge = red", true);
}

#[test]
fn texts_are_contained_begun_and_ended() {
    admits("job=\"VP Sales\"", "job LIKE vp", true);
    admits("job=\"VP Sales\"", "job LIKE (\"Manager\", \"sale\")", true);
    admits("job=\"VP Sales\"", "job NOT LIKE (\"Manager\", \"sale\")", false);
    admits("job=\"VP Sales\"", "job STARTS WITH vp AND job ENDS WITH SALES", true);
    admits("job=\"VP Sales\"", "job NOT STARTS WITH vp OR job NOT ENDS WITH SALES", false);
    admits("job=\"VP % Sales\"", "job LIKE \"vp%sales\"", false);
}

#[test]
fn absent_and_empty_are_unknown() {
    for profile in ["", "department=\"\""] {
        admits(profile, "department != Executive", false);
        admits(profile, "NOT department = Executive", false);
        admits(profile, "department NOT IN (Executive)", false);
        admits(profile, "ALL(department) = Executive", false);
        admits(profile, "department IS NULL", true);
        admits(profile, "department IS NOT NULL", false);
        admits(profile, "department = x OR status = Active", true);
        admits(profile, "NOT (department = x AND status = Inactive)", true);
    }
}

#[test]
fn several_values_meet_any_or_all() {
    let skills = "skill=rust skill=go";
    admits(skills, "skill = go", true);
    admits(skills, "skill != go", false);
    admits(skills, "skill != c", true);
    admits(skills, "skill NOT LIKE o", false);
    admits(skills, "ANY(skill) != go", true);
    admits(skills, "ALL(skill) IN (go, rust, c)", true);
    admits(skills, "ALL(skill) LIKE o", false);
}

#[test]
fn order_is_of_numbers_and_dates() {
    admits("level=9", "level < 10", true);
    admits("level=9", "level >= 9", true);
    admits("level=-1.5", "level > -2", true);
    admits("level=high", "level > 1", false);
    admits("level=high", "NOT level > 1", false);
    admits("hired=2025-12-25", "hired < 2026-01-01T00:00:00Z", true);
    admits("hired=2025-12-25", "hired > NOW-7d", false);
    admits("hired=2025-12-25", "hired >= NOW-7d AND hired <= NOW - 168h", true);
    admits("hired=2026-01-01", "hired = NOW", true);
}

#[test]
fn status_follows_activity() {
    admits("", "Status = Active", true);
    admits("inactive", "Status = Active", false);
    admits("inactive", "status IN (\"inactive\")", true);
}

#[test]
fn and_binds_tighter_than_or() {
    admits("a=1 b=2", "a = 1 OR a = 9 AND b = 9", true);
    admits("a=1 b=2", "(a = 1 OR a = 9) AND b = 9", false);
    admits("a=1 b=2", "not a = 2 and not not b = 2", true);
}

#[test]
fn managers_are_followed_within_the_source() {
    admits("manager=boss", "REPORTS TO boss", true);
    admits("manager=chief", "REPORTS TO boss", false);
    admits("manager=chief", "REPORTS TO boss DEEP", true);
    admits("", "NOT REPORTS TO boss DEEP", true);
    admits("manager=outsider", "REPORTS TO outsider", false);
    admits("manager=outsider", "NOT REPORTS TO outsider", false);
    admits("manager=lost", "NOT REPORTS TO boss", true);
    admits("manager=lost", "NOT REPORTS TO boss DEEP", false);
    admits("manager=boss", "NOT REPORTS TO ghost", false);
    admits("manager=loop1", "NOT REPORTS TO boss DEEP", true);
    admits("manager=loop1", "REPORTS TO loop2 DEEP", true);
}

#[test]
fn managers_end_after_sixty_four_levels() {
    let mut text = String::from("user top\nuser m1 manager=top\n");
    for level in 2..=65 {
        text.push_str(&format!("user m{level} manager=m{}\n", level - 1));
    }
    text.push_str("group near when REPORTS TO top DEEP\ngroup far when NOT REPORTS TO m1 DEEP\n");
    text.push_str("group not when NOT REPORTS TO top DEEP\n");
    let world = World::read(&text).unwrap();
    let groups = |name: &str| {
        let found = world.memberships(world.user(name).unwrap(), world.now);
        found.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(groups("m64"), ["near"]);
    assert!(groups("m65").is_empty());
    assert_eq!(groups("m1"), ["far", "near"]);
}

#[test]
fn membership_is_effective() {
    admits("", "MEMBER OF (other, empty)", true);
    admits("", "MEMBER OF (shut)", false);
    admits("", "MEMBER OF (ruled)", false);
}

#[test]
fn rule_errors_name_place_and_way_out() {
    let ruled = |rule: &str| format!("group g\ngroup h when {rule}");
    refuses(
        &ruled("Job LIKE \"A\" OR \"B\""),
        "line 2: found `\"B\"` at byte 16 of the rule; expected a field\nhint: write `Job LIKE (\"A\", \"B\")`",
    );
    refuses(
        &ruled("job = NULL"),
        "line 2: found `NULL` at byte 6 of the rule; expected a value\nhint: write `IS NULL` or `IS NOT NULL`",
    );
    refuses(
        &ruled("status = Activ"),
        "line 2: found `Activ` at byte 9 of the rule; expected `Active` or `Inactive`",
    );
    refuses(
        &ruled("NOT MEMBER OF (g)"),
        "line 2: found `MEMBER` at byte 4 of the rule; expected no `MEMBER OF` under `NOT`\n\
         hint: keep people out by an exclude edge",
    );
    refuses(&ruled("MEMBER OF (x)"), "line 2: found `x`; expected a group declared on an earlier line");
    refuses(
        &ruled("level < high"),
        "line 2: found `high` at byte 8 of the rule; expected a number, a date or `NOW`",
    );
    refuses(&ruled("(a = 1"), "line 2: found the end at byte 6 of the rule; expected `)`");
    refuses(
        &ruled("a = 1 b"),
        "line 2: found `b` at byte 6 of the rule; expected `AND`, `OR` or the end of the rule",
    );
}

#[test]
fn deep_rule_is_refused_not_overflown() {
    let text = format!("group g when {}a = 1", "(".repeat(4000));
    assert!(World::read(&text).unwrap_err().to_string().contains("expected fewer parentheses"));
    let text = format!("group g when {}a = 1", "NOT ".repeat(2000));
    assert!(World::read(&text).is_err());
}
