//! Long rows of deltas: what they leave is what a fresh snapshot says.

use cohort_core::decide::{DenyReason, Outcome, Query, decide};
use cohort_core::view::Snapshot;

use crate::office::{Office, PERMISSIONS, USERS, told};

/// Tells each line, and compares what the edge knows and answers with what a fresh one does.
#[track_caller]
fn check(office: &mut Office, lines: &[String]) {
    office.tell(&lines.join("\n"));
    let fresh = Snapshot::open(&office.build.snapshot_bytes()).unwrap();
    assert!(office.edge.facts() == fresh.facts(), "after {:?}", lines.last());
    for (user, permission) in USERS.iter().flat_map(|user| PERMISSIONS.iter().map(move |one| (user, one))) {
        for scope in ["org", "project:9"] {
            let query = Query::new(user, permission, office.at(0)).on(scope);
            let (found, expected) = (decide(&office.edge, &query), decide(&fresh, &query));
            assert_eq!(
                told(&found, &office.edge),
                told(&expected, &fresh),
                "{query:?} after {:?}",
                lines.last()
            );
        }
    }
}

/// Rows grow past what they were given, in any order of groups, and shrink again.
#[test]
fn rows_grow_and_shrink() {
    let mut office = Office::open();
    let groups: Vec<String> = (0..20).map(|number| format!("group g{number:02}")).collect();
    check(&mut office, &groups);
    let names: Vec<String> = (0..20).map(|number| format!("g{:02}", number * 7 % 20)).collect();
    check(&mut office, &[format!("grant chief to {} on project:9", names[5])]);
    for at in 0..names.len() {
        check(&mut office, &[format!("member ada, bob, hal of {}", names[at])]);
        check(&mut office, &[format!("unmember hal of {}", names[at / 2])]);
    }
    // A second round finds rows as the bytes have them.
    office.edge = Snapshot::open(&office.build.snapshot_bytes()).unwrap();
    for name in &names {
        check(&mut office, &[format!("member ida, hal of {name}")]);
        check(&mut office, &[format!("unmember ada, bob of {name}")]);
    }
    for name in &names {
        check(&mut office, &[format!("delete {name}")]);
    }
}

/// Groups that come into a short row in any order are found there again, whichever leaves first.
#[test]
fn short_rows_stay_in_order() {
    let mut office = Office::open();
    check(&mut office, &["user zoe", "group one", "group two", "group three"].map(str::to_owned));
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let names = order.map(|at| ["one", "two", "three"][at]);
        // A row as the bytes have it: with room, and nothing in it.
        office.edge = Snapshot::open(&office.build.snapshot_bytes()).unwrap();
        for line in names.map(|name| format!("member zoe of {name}")) {
            check(&mut office, &[line]);
        }
        for line in names.map(|name| format!("unmember zoe of {name}")) {
            check(&mut office, &[line]);
        }
    }
}

/// A deny of a role takes what the role comes to have later, whoever else gives that.
#[test]
fn a_deny_takes_what_its_role_comes_to_have() {
    let mut office = Office::open();
    for name in ["one", "two", "three", "four"] {
        check(&mut office, &[format!("group {name} has ada\ngrant payer to {name}")]);
    }
    // Whoever is asked in the order in which groups came hears of the denying one last.
    check(&mut office, &["group shut has ada", "deny writer to shut"].map(str::to_owned));
    check(&mut office, &["role writer grants doc:write, bill:pay includes reader".to_owned()]);
    let query = Query::new("ada", "bill:pay", office.at(0));
    let denied = decide(&office.edge, &query).outcome;
    assert!(matches!(denied, Outcome::Deny(DenyReason::DeniedBy(_))), "{denied:?}");
}

/// Members of one group may have come in by different ways, most of them by the usual one.
#[test]
fn an_unusual_origin_is_kept() {
    let mut office = Office::open();
    for line in [
        "member bob of sellers",
        "member hal of sellers",
        "unmember bob of sellers",
        "set ida department=\"finance\"",
        "set ida department=\"sales\"",
        "unmember hal of sellers",
        "member hal of team",
        "member ida of pushed until 2026-03-01T09:05:00Z",
        "member ida of resting",
        "set hal inactive",
        "set hal active",
        "remove bob",
    ] {
        check(&mut office, &[line.to_owned()]);
    }
}

/// Lists that outgrow their place move; what they leave is reclaimed without a trace.
#[test]
fn lists_move_and_are_moved_together() {
    let mut office = Office::open();
    let names: Vec<String> = (0..40).map(|number| format!("g{number:02}")).collect();
    check(&mut office, &names.iter().map(|name| format!("group {name}")).collect::<Vec<_>>());
    for round in 0..40 {
        let granted = names.iter().map(|name| format!("grant reader to {name} on project:{round}"));
        check(&mut office, &granted.collect::<Vec<_>>());
    }
    for round in (0..40).step_by(3) {
        let revoked = names.iter().map(|name| format!("revoke reader from {name} on project:{round}"));
        check(&mut office, &revoked.collect::<Vec<_>>());
    }
}

/// Many come, and are found by id and by name, those too who were there before.
#[test]
fn users_who_come_by_deltas_are_found() {
    let mut office = Office::open();
    for number in 0..200 {
        office.tell(&format!("user new{number:03}"));
    }
    for (name, is_there) in [("ada", true), ("new000", true), ("new199", true), ("new200", false)] {
        assert_eq!(office.edge.user(name).unwrap().is_some(), is_there, "{name}");
    }
    office.tell("remove ada\nremove new000");
    for name in ["ada", "new000"] {
        assert_eq!(office.edge.user(name), Ok(None));
        let id = cohort_tests::build::user_id(name);
        assert_eq!(office.edge.user(&id.to_string()), Ok(None));
        assert_eq!((office.edge.user_name(id), office.edge.user_active(id)), (None, false));
    }
    check(&mut office, &["user ada".to_owned()]);
    assert!(office.edge.user("ada").unwrap().is_some());
}
