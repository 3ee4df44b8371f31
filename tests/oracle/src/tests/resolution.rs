//! Model part 2.

use super::check;
use crate::{Outcome, Question, Scope, World, instant};

#[test]
fn gate_names_its_reason() {
    check(
        "user ada inactive
        user bob
        group staff has ada, bob
        role reader grants doc:read
        grant reader to staff
        ask eve doc:read = deny: unknown user
        ask ada doc:read = deny: inactive user
        ask bob doc:raed = deny: unknown permission
        org disabled
        ask bob doc:read = deny: org disabled
        org enabled
        ask bob doc:read = allow: manual staff < reader",
    );
}

#[test]
fn validity_includes_its_start_and_not_its_end() {
    check(
        "user ada
        group staff
        member ada of staff from 2026-03-01 until 2026-03-02
        role reader grants doc:read
        grant reader to staff
        ask ada doc:read at 2026-02-28T23:59:59.999Z = deny: no path near future staff
        ask ada doc:read at 2026-03-01 = allow: manual staff < reader
        ask ada doc:read at 2026-03-01T23:59:59.999Z = allow
        ask ada doc:read at 2026-03-02T00:00:00Z = deny: no path near expired staff",
    );
}

#[test]
fn grant_and_nesting_have_bounds_too() {
    check(
        "user ada
        group team has ada
        group all has team until 2026-02-01
        role reader grants doc:read
        role writer grants doc:write
        grant reader to all
        grant writer to team from 2026-03-01 until 2026-04-01
        ask ada doc:read = allow: manual team < all < reader
        ask ada doc:read at 2026-02-01 = deny: no path near expired all
        ask ada doc:write = deny: no path near future grant writer
        ask ada doc:write at 2026-04-01 = deny: no path near expired grant writer",
    );
}

#[test]
fn cycle_shares_members() {
    check(
        "user ada
        group a has ada
        group b has a
        group a has b
        group c has b
        role reader grants doc:read
        grant reader to c
        ask ada doc:read = allow: manual a < b < c < reader
        count a = 1
        count b = 1",
    );
}

#[test]
fn shortest_path_is_told_first_then_kind_then_name() {
    check(
        r#"user ada from okta team="x"
        group zeta has ada
        group beta from okta
        member ada of beta
        group alfa when team = "x"
        role reader grants doc:read
        grant reader to alfa
        ask ada doc:read = allow: rule alfa < reader
        grant reader to beta
        ask ada doc:read = allow: scim beta < reader
        grant reader to zeta
        ask ada doc:read = allow: manual zeta < reader
        role clerk grants doc:read
        grant clerk to zeta
        ask ada doc:read = allow: manual zeta < clerk
        grant reader to everyone
        ask ada doc:read = allow: everyone < reader
        grant reader to user:ada
        ask ada doc:read = allow: direct < reader"#,
    );
}

#[test]
fn deny_follows_edges_through_any_state_but_no_rule() {
    check(
        r#"user ada team="x"
        group inner has ada
        group outer has inner
        group ruled when team = "x"
        role reader grants doc:read
        grant reader to everyone
        deny reader to ruled
        ask ada doc:read = allow
        deny reader to outer
        ask ada doc:read = deny: denied by reader
        disable inner
        archive outer
        ask ada doc:read = deny: denied by reader
        unmember inner of outer
        ask ada doc:read = allow"#,
    );
}

#[test]
fn exclude_masks_the_rule_of_its_group_alone() {
    check(
        r#"user ada team="x"
        group ruled when team = "x"
        group other has ruled when team = "x"
        role reader grants doc:read
        grant reader to ruled
        exclude ada of ruled from 2026-02-01 until 2026-03-01
        ask ada doc:read = allow: rule ruled < reader
        ask ada doc:read at 2026-02-01 = deny: no path
        ask ada doc:read at 2026-03-01 = allow
        at 2026-02-15
        count ruled = 0
        count other = 1
        member ada of ruled
        ask ada doc:read = allow: manual ruled < reader"#,
    );
}

#[test]
fn deny_wins_wherever_it_stands() {
    check(
        "user ada
        scope project:1 under org
        scope invoice:7 under project:1
        role clerk grants invoice:pay, invoice:read
        role payer grants invoice:pay
        grant clerk to user:ada on invoice:7
        deny payer to everyone on project:1
        ask ada invoice:pay on invoice:7 = deny: denied by payer
        ask ada invoice:read on invoice:7 = allow: direct < clerk
        deny payer to user:ada on invoice:9 exact until 2026-02-01
        ask ada invoice:pay on invoice:9 = deny: denied by payer
        ask ada invoice:pay on invoice:9 at 2026-02-01 = deny: no path near other scope invoice:7",
    );
}

#[test]
fn scope_is_reached_from_itself_its_type_and_all_ancestors() {
    check(
        "user ada
        scope project:1 under org
        scope project:2 under org
        scope folder:a under project:1 and project:2
        scope doc:x under folder:a
        role r1 grants p:1
        role r2 grants p:2
        role r3 grants p:3
        role r4 grants p:4
        role r5 grants p:5
        grant r1 to user:ada on project:2
        grant r2 to user:ada on folder:*
        grant r3 to user:ada on doc:*
        grant r4 to user:ada on folder:a exact
        grant r5 to user:ada on app/project:1
        ask ada p:1 on doc:x = allow
        ask ada p:2 on doc:x = allow
        ask ada p:3 on doc:x = allow
        ask ada p:3 on doc:unheard = allow
        ask ada p:3 on folder:a = deny: no path near other scope doc:*
        ask ada p:4 on doc:x = deny: no path near other scope folder:a
        ask ada p:4 on folder:a = allow
        ask ada p:5 on doc:x = allow
        ask ada p:1 = deny: no path near other scope project:2",
    );
}

#[test]
fn unheard_resource_is_a_child_of_the_project_named() {
    check(
        "user ada
        scope project:1 under org
        scope project:2 under org
        scope invoice:7 under project:1
        role clerk grants invoice:pay
        grant clerk to user:ada on project:2
        ask ada invoice:pay on invoice:8 in project:2 = allow
        ask ada invoice:pay on invoice:8 = deny
        ask ada invoice:pay on invoice:7 in project:2 = deny
        role other grants invoice:read
        grant other to user:ada on invoice:8
        ask ada invoice:pay on invoice:8 in project:2 = deny",
    );
}

#[test]
fn role_has_includes_and_wildcards_over_registered_permissions() {
    check(
        "user ada
        role viewer grants doc:read
        role editor grants doc:write includes viewer
        role chief includes editor
        role books grants billing.*
        role names grants billing.invoice.pay, billing.close, billing, billing.
        role root grants *
        grant chief to user:ada
        grant books to user:ada on project:1
        grant root to user:ada on project:2
        ask ada doc:read = allow: direct < chief
        ask ada billing.close on project:1 = allow: direct < books
        ask ada billing.invoice.pay on project:1 = allow
        ask ada billing on project:1 = deny
        ask ada billing. on project:1 = deny
        ask ada billing.other on project:1 = deny: unknown permission
        ask ada billing.* on project:1 = deny: unknown permission
        ask ada billing on project:2 = allow: direct < root",
    );
}

#[test]
fn condition_is_required_unless_another_grant_has_none() {
    check(
        "user ada
        role payer grants invoice:pay
        role clerk grants invoice:pay
        grant payer to user:ada requires mfa, on_network
        ask ada invoice:pay = deny: condition required mfa, on_network
        ask ada invoice:pay with mfa = deny: condition required on_network
        ask ada invoice:pay with on_network, mfa = allow: direct < payer
        grant clerk to everyone
        ask ada invoice:pay = allow: everyone < clerk",
    );
}

#[test]
fn losing_one_source_keeps_the_other() {
    check(
        "user ada
        group one has ada
        group two has ada
        role reader grants doc:read
        grant reader to one
        grant reader to two
        ask ada doc:read = allow: manual one < reader
        unmember ada of one
        ask ada doc:read = allow: manual two < reader
        revoke reader from two
        ask ada doc:read = deny: no path
        delete two
        member ada of one
        ask ada doc:read = allow
        remove ada
        user ada
        ask ada doc:read = deny: no path",
    );
}

#[test]
fn miss_is_one_change_that_helps() {
    check(
        "user ada
        group low has ada disabled
        group high has low disabled
        group side has ada archived
        role reader grants doc:read
        grant reader to high
        ask ada doc:read = deny: no path
        enable low
        ask ada doc:read = deny: no path near disabled high
        grant reader to side
        delete high
        ask ada doc:read = deny: no path near archived side",
    );
}

#[test]
fn answer_is_constant_until_it_changes() {
    let world = World::read(
        "user ada hired=2026-03-10
        group noise has ada until 2026-02-01
        group staff
        member ada of staff from 2026-03-01 until 2026-03-05
        group old when hired <= NOW-1d
        role reader grants doc:read
        grant reader to staff
        grant reader to old",
    )
    .unwrap();
    let mut question = Question::new("ada", "doc:read");
    assert_eq!(world.next_bound(&question), instant("2026-02-01"));
    let mut flips = Vec::new();
    while let Some(at) = world.outcome_changes_at(&question) {
        question.at = Some(at);
        flips.push((at, world.decide(&question).outcome()));
    }
    let expected = [
        (instant("2026-03-01").unwrap(), Outcome::Allow),
        (instant("2026-03-05").unwrap(), Outcome::Deny),
        (instant("2026-03-11").unwrap(), Outcome::Allow),
    ];
    assert_eq!(flips, expected);
    assert_eq!(world.answer_changes_at(&Question::new("ada", "doc:read")), instant("2026-03-01"));
}

#[test]
fn strict_comparison_with_now_turns_just_after_the_date() {
    let world = World::read(
        "user ada hired=2026-03-10
        group old when hired < NOW
        role reader grants doc:read
        grant reader to old",
    )
    .unwrap();
    let question = Question::new("ada", "doc:read");
    assert_eq!(world.outcome_changes_at(&question), instant("2026-03-10T00:00:00.001Z"));
}

#[test]
fn role_is_held_unless_denied_itself() {
    let world = World::read(
        "user ada
        role viewer grants doc:read
        role editor grants doc:write includes viewer
        role lurker grants doc:read
        grant editor to user:ada
        deny lurker to user:ada
        deny editor to user:ada on project:1",
    )
    .unwrap();
    let at_org = Question::new("ada", "");
    let at_project = Question { scope: Scope::read("project:1").unwrap(), ..at_org.clone() };
    assert!(world.has_role("viewer", &at_org));
    assert!(world.has_role("editor", &at_org));
    assert!(!world.has_role("lurker", &at_org));
    assert!(world.has_role("viewer", &at_project));
    assert!(!world.has_role("editor", &at_project));
}

#[test]
fn inactive_people_are_members_and_disabled_groups_have_none() {
    check(
        "user ada inactive
        user bob
        group staff has ada, bob
        count staff = 2
        disable staff
        count staff = 0",
    );
}
