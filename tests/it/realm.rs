//! Two organisations of one realm, each a world of its own, and what the realm tells both.

use cohort_core::decide::Query;
use cohort_core::explain::explain;
use cohort_core::view::Snapshot;
use cohort_tests::build::Build;
use cohort_tests::world::read;

/// What every organisation is told in which Ada has an account.
const REALM: &str = "
role operator grants site:restart
grant operator to person:ada-p on realm
";

const ACME: &str = "
user ada
person ada-p is ada
group staff has ada
role editor grants page:edit
grant editor to staff
";

const GLOBEX: &str = "
user ada@globex
user bob
person ada-p is ada@globex
group staff has bob
role editor grants page:edit
grant editor to staff
";

/// Asks `user` of the organisation of this world, and compares the explanation.
#[track_caller]
fn check(organisation: &str, user: &str, permission: &str, expected: &str) {
    let mut build = Build::default();
    for line in read(&format!("{organisation}{REALM}")).unwrap() {
        build.carry_out(&line.statement).unwrap();
    }
    let edge = Snapshot::open(&build.snapshot_bytes()).unwrap();
    assert_eq!(explain(&edge, &Query::new(user, permission, build.at)).to_text(&edge), expected);
}

#[test]
fn one_grant_on_the_realm_holds_in_both_organisations() {
    check(ACME, "ada", "site:restart", "allow: person < operator");
    check(GLOBEX, "ada@globex", "site:restart", "allow: person < operator");
    check(GLOBEX, "bob", "site:restart", "deny: no path");
}

#[test]
fn the_same_person_may_here_what_she_may_not_there() {
    check(ACME, "ada", "page:edit", "allow: manual staff < editor");
    check(GLOBEX, "ada@globex", "page:edit", "deny: no path");
    check(GLOBEX, "bob", "page:edit", "allow: manual staff < editor");
}

#[test]
fn an_account_of_one_organisation_is_nobody_in_another() {
    check(ACME, "ada@globex", "site:restart", "deny: unknown user");
    check(GLOBEX, "ada", "site:restart", "deny: unknown user");
}
