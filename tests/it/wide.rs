//! Groups that give so many permissions that a filter of them says nothing.

use std::collections::BTreeSet;
use std::fmt::Write;

use cohort_core::decide::{Outcome, Query, Uncertainty, decide};
use cohort_core::limits::GROUPS_VISITED_MAX;
use cohort_core::view::Snapshot;

use crate::office::Office;

/// Roles; the last ten are nobody's at first.
const ROLES: usize = 40;
/// Permissions of one role.
const EACH: usize = 10;

/// What each user is allowed, and the two sides that say so: the directory, and an edge that follows it.
struct Wide {
    office: Office,
    allowed: [(&'static str, BTreeSet<usize>); 3],
}

fn permissions(roles: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
    roles.into_iter().flat_map(|role| role * EACH..(role + 1) * EACH).collect()
}

fn role(number: usize) -> String {
    let names: Vec<String> = (number * EACH..(number + 1) * EACH).map(|one| format!("doc:{one}")).collect();
    format!("role r{number} grants {}", names.join(", "))
}

impl Wide {
    fn open() -> Self {
        let mut text = String::from("at 2026-03-01T09:00:00Z\nuser ada\nuser bob\nuser cyd\n");
        text.push_str("group below has bob\ngroup wide has ada, below\ngroup narrow has cyd\n");
        for number in 0..ROLES {
            writeln!(text, "{}", role(number)).unwrap();
        }
        for number in 0..ROLES - 10 {
            writeln!(text, "grant r{number} to wide").unwrap();
        }
        text.push_str("grant r35 to narrow\n");
        let office = Office::of(&text);
        let many = permissions(0..ROLES - 10);
        let allowed = [("ada", many.clone()), ("bob", many), ("cyd", permissions([35]))];
        Self { office, allowed }
    }

    fn tell(&mut self, text: &str) {
        self.office.tell(text);
    }

    fn change(&mut self, users: &[&str], change: impl Fn(&mut BTreeSet<usize>)) {
        for (_, allowed) in self.allowed.iter_mut().filter(|(name, _)| users.contains(name)) {
            change(allowed);
        }
    }

    /// Asks everybody about everything, the edge and a fresh snapshot alike.
    fn check(&self) {
        let fresh = Snapshot::open(&self.office.build.snapshot_bytes()).unwrap();
        for (user, allowed) in &self.allowed {
            for number in 0..=ROLES * EACH {
                let permission = format!("doc:{number}");
                let query = Query::new(user, &permission, self.office.build.at);
                for snapshot in [&self.office.edge, &fresh] {
                    let is_allowed = decide(snapshot, &query).outcome.is_allow();
                    assert_eq!(is_allowed, allowed.contains(&number), "{user} {permission}");
                }
            }
        }
    }
}

#[test]
fn each_permission_of_a_wide_group_is_told_apart() {
    let mut wide = Wide::open();
    wide.check();
    wide.tell("role r3 grants doc:30");
    wide.change(&["ada", "bob"], |allowed| {
        allowed.retain(|one| *one == 30 || !permissions([3]).contains(one));
    });
    wide.check();
    wide.tell("role r3 grants doc:30, doc:400\nrole r36 grants doc:360");
    wide.change(&["ada", "bob"], |allowed| allowed.extend([400]));
    wide.check();
    wide.tell("grant r35 to wide\ndeny r7 to below");
    wide.change(&["ada", "bob"], |allowed| allowed.extend(permissions([35])));
    wide.change(&["bob"], |allowed| allowed.retain(|one| !permissions([7]).contains(one)));
    wide.check();
}

/// Too many groups to be looked at are no less too many because one of them gives.
#[test]
fn a_yes_does_not_end_the_search_among_too_many() {
    let mut text = String::from("at 2026-03-01T09:00:00Z\nuser ada\nrole reader grants doc:1\n");
    // Some of those who give come before the one that is too far down, in whatever order groups lie.
    for number in 0..8 {
        writeln!(text, "group near{number} has ada\ngrant reader to near{number}").unwrap();
    }
    text.push_str("group far has ada\n");
    for number in 0..=GROUPS_VISITED_MAX {
        writeln!(text, "group above{number} has far").unwrap();
    }
    let Office { build, edge } = Office::of(&text);
    let answer = decide(&edge, &Query::new("ada", "doc:1", build.at)).outcome;
    assert_eq!(answer, Outcome::Indeterminate(Uncertainty::TooLarge));
}

#[test]
fn a_group_becomes_wide_and_narrow_again() {
    let mut wide = Wide::open();
    for number in 0..ROLES - 10 {
        wide.tell(&format!("grant r{number} to narrow"));
    }
    wide.change(&["cyd"], |allowed| allowed.extend(permissions(0..ROLES - 10)));
    wide.check();
    wide.tell("disable wide");
    wide.change(&["ada", "bob"], BTreeSet::clear);
    wide.check();
    wide.tell("enable wide");
    wide.change(&["ada", "bob"], |allowed| allowed.extend(permissions(0..ROLES - 10)));
    wide.check();
    for number in 1..ROLES - 10 {
        wide.tell(&format!("role r{number} grants doc:{}", number * EACH));
    }
    let left = |one: &usize| *one < EACH || one.is_multiple_of(EACH) || permissions([35]).contains(one);
    wide.change(&["ada", "bob", "cyd"], |allowed| allowed.retain(left));
    wide.check();
    wide.tell("grant r39 to wide\nrole r38 grants doc:400\ngrant r38 to wide");
    wide.change(&["ada", "bob"], |allowed| allowed.extend(permissions([39]).into_iter().chain([400])));
    wide.check();
}
