//! What administrators do.

use std::time::Duration;

use cohort_directory::{Category, DirectoryError, Mode};
use serde_json::{Value, json};

use crate::support::{COMMIT, Client, World, body};

/// A world with three local users and the groups `sales` and `emea`.
fn world() -> World {
    let world = World::new();
    let (directory, admin) = (world.directory(), world.admin());
    for (name, department) in [("ada", "sales"), ("bob", "sales"), ("eve", "legal")] {
        let user = json!({"userName": name, "attributes": {"department": department}});
        directory.create_user(&admin, body(user), COMMIT).expect("a user");
    }
    for name in ["sales", "emea"] {
        directory.create_group(&admin, body(json!({"name": name})), COMMIT).expect("a group");
    }
    world
}

fn add(world: &World, group: &str, member: Value) -> Result<(), DirectoryError> {
    world.directory().add_members(&world.admin(), group, body(member), COMMIT).map(|_| ())
}

#[test]
fn a_group_is_found_by_slug_uuid_and_number() {
    let world = world();
    let (directory, admin) = (world.directory(), world.admin());
    let new =
        json!({"name": "Paris Office", "description": "All of Paris", "title": {"fr": "Bureau de Paris"}});
    let made = directory.create_group(&admin, body(new), COMMIT).expect("a group").value;
    assert_eq!((made.slug.as_str(), made.seq), ("paris-office", 3));
    assert_eq!((made.title["en"].as_str(), made.title["fr"].as_str()), ("Paris Office", "Bureau de Paris"));
    for reference in [made.id.as_str(), "PARIS-office", "seq:3"] {
        assert_eq!(directory.group(&admin, reference).expect("a group"), made, "{reference}");
    }
    for reference in ["london", "seq:9", "seq:x", "0190a5c2-7b1e-7000-8000-00000000ffff"] {
        let absent = directory.group(&admin, reference).expect_err("no group");
        assert_eq!(absent.category(), Category::NotFound, "{reference}");
    }
}

#[test]
fn a_slug_is_taken_once() {
    let world = world();
    let new = json!({"name": "Another", "slug": "SALES"});
    let refused = world.directory().create_group(&world.admin(), body(new), COMMIT).expect_err("a clash");
    assert_eq!((refused.code(), refused.category()), ("taken", Category::Conflict));
}

#[test]
fn a_rule_counts_its_members() {
    let world = world();
    let (directory, admin) = (world.directory(), world.admin());
    let patch = json!({"rule": "department = Sales"});
    let changed = directory.change_group(&admin, "sales", body(patch), COMMIT).expect("a group").value;
    assert_eq!((changed.member_count, changed.direct_count), (2, 2));
    add(&world, "sales", json!({"userId": "bob", "kind": "exclude"})).expect("an exclusion");
    assert_eq!(directory.group(&admin, "sales").expect("a group").member_count, 1);
    let listed = directory.members(&admin, "sales").expect("members");
    let listed: Vec<_> = listed.iter().map(|member| (member.name.as_str(), member.id.is_some())).collect();
    assert_eq!(listed, [("bob", true), ("ada", false)]);
    let patch = json!({"rule": ""});
    let changed = directory.change_group(&admin, "sales", body(patch), COMMIT).expect("a group").value;
    assert_eq!((changed.rule, changed.member_count), (None, 0));
}

#[test]
fn a_rule_error_says_where() {
    let world = world();
    let patch = body(json!({"rule": "department == "}));
    let refused =
        world.directory().change_group(&world.admin(), "sales", patch, COMMIT).expect_err("a fault");
    assert_eq!(refused.code(), "invalid_rule");
    assert!(refused.to_string().contains("at byte 14"), "{refused}");
}

#[test]
fn nesting_closes_no_cycle() {
    let world = world();
    add(&world, "sales", json!({"groupId": "emea"})).expect("a nesting");
    let refused = add(&world, "emea", json!({"groupId": "sales"})).expect_err("a cycle");
    assert_eq!(refused.to_string(), "nesting would close the cycle sales < emea < sales");
    assert_eq!(refused.category(), Category::Conflict);
    let refused = add(&world, "emea", json!({"groupId": "emea"})).expect_err("a cycle");
    assert_eq!(refused.to_string(), "nesting would close the cycle emea < emea");
}

#[test]
fn a_membership_ends_by_itself() {
    let world = world();
    let (directory, admin) = (world.directory(), world.admin());
    directory
        .create_role(&admin, body(json!({"name": "reader", "permissions": ["doc:read"]})), COMMIT)
        .expect("a role");
    directory.grant_group_role(&admin, "sales", body(json!({"roleId": "reader"})), COMMIT).expect("a grant");
    add(&world, "sales", json!({"userId": "eve", "expiresAt": "2026-03-01T09:01:00Z"})).expect("a member");
    let revision = world.revision();
    assert!(world.allows("eve", "doc:read"));
    world.clock.pass(Duration::from_secs(60));
    assert!(!world.allows("eve", "doc:read"));
    assert_eq!(directory.group(&admin, "sales").expect("a group").member_count, 0);
    assert_eq!(world.revision(), revision);
}

#[test]
fn an_empty_time_is_refused() {
    let world = world();
    let member = json!({"userId": "eve", "startsAt": "2026-03-02", "expiresAt": "2026-03-02"});
    assert_eq!(add(&world, "sales", member).expect_err("no time").code(), "empty_span");
}

#[test]
fn only_users_are_owners_or_excluded() {
    let world = world();
    for member in [
        json!({"groupId": "emea", "kind": "exclude"}),
        json!({"groupId": "emea", "role": "owner"}),
        json!({"userId": "ada", "role": "owner", "kind": "exclude"}),
        json!({"userId": "ada", "groupId": "emea"}),
        json!({}),
    ] {
        assert_eq!(add(&world, "sales", member).expect_err("no member").code(), "invalid_member");
    }
}

#[test]
fn a_member_is_removed_by_edge_or_by_name() {
    let world = world();
    let (directory, admin) = (world.directory(), world.admin());
    add(&world, "sales", json!({"userIds": ["ada", "bob"]})).expect("members");
    let edges = directory.members(&admin, "sales").expect("members");
    let edge = edges[0].id.clone().expect("a manual edge");
    directory.remove_member(&admin, "sales", &edge, COMMIT).expect("the edge of ada");
    directory.remove_member(&admin, "sales", &edges[1].member_id, COMMIT).expect("bob");
    assert!(directory.members(&admin, "sales").expect("members").is_empty());
    let refused = directory.remove_member(&admin, "sales", "bob", COMMIT).expect_err("gone");
    assert_eq!(refused.category(), Category::NotFound);
}

#[test]
fn every_organisation_begins_with_the_four_roles() {
    let world = world();
    let roles = world.directory().roles(&world.admin()).expect("roles");
    let names: Vec<&str> = roles.iter().map(|role| role.name.as_str()).collect();
    assert_eq!(names, ["app_project_viewer", "app_project_manager", "app_project_owner", "resource_owner"]);
    let grant = json!({"roleId": "app_project_owner", "scope": "project:42"});
    world.directory().grant_group_role(&world.admin(), "sales", body(grant), COMMIT).expect("a grant");
    let state = world.directory().snapshot_state(&world.admin()).expect("a state");
    assert!(state.knows_permission("project:read"));
}

#[test]
fn a_role_with_the_last_match_of_a_wildcard_stays() {
    let world = world();
    let (directory, admin) = (world.directory(), world.admin());
    for role in [
        json!({"name": "clerk", "permissions": ["billing.read"]}),
        json!({"name": "boss", "permissions": ["billing.*"], "includes": ["clerk"]}),
    ] {
        directory.create_role(&admin, body(role), COMMIT).expect("a role");
    }
    let refused = directory.delete_role(&admin, "clerk", COMMIT).expect_err("still matched");
    assert_eq!((refused.code(), refused.category()), ("last_match", Category::Conflict));
    assert_eq!(
        refused.to_string(),
        "role `boss` has `billing.*`, which no permission would match any more\nhint: remove `boss` first"
    );
    assert_eq!(directory.roles(&admin).expect("roles").len(), 6);
    directory.delete_role(&admin, "boss", COMMIT).expect("a role");
    directory.delete_role(&admin, "clerk", COMMIT).expect("a role");
}

#[test]
fn nothing_of_an_organisation_is_granted_on_the_realm() {
    let world = world();
    for principal in ["everyone", "user:ada", "group:sales"] {
        let grant = json!({"principal": principal, "role": "resource_owner", "scope": "realm"});
        let refused =
            world.directory().create_grant(&world.admin(), body(grant), COMMIT).expect_err(principal);
        assert_eq!(refused.code(), "invalid_scope");
    }
    let place = json!({"scope": "invoice:7", "parents": ["realm"]});
    let refused = world.directory().set_scope(&world.admin(), body(place), COMMIT).expect_err("above all");
    assert_eq!(refused.code(), "invalid_scope");
}

#[test]
fn grants_are_listed_and_taken_back() {
    let world = world();
    let (directory, admin) = (world.directory(), world.admin());
    let place = json!({"scope": "invoice:7", "parents": ["project:42", "org"]});
    directory.set_scope(&admin, body(place), COMMIT).expect("a scope");
    let grant = json!({
        "principal": "everyone", "role": "resource_owner", "scope": "invoice:7", "reach": "exact",
        "requires": ["on_network", "mfa"], "expiresAt": "2026-04-01",
    });
    let made = directory.create_grant(&admin, body(grant), COMMIT).expect("a grant").value;
    assert_eq!(made.requires, ["mfa", "on_network"]);
    assert_eq!(directory.grants(&admin).expect("grants"), std::slice::from_ref(&made));
    assert_eq!(directory.scopes(&admin).expect("scopes")[0].parents, ["project:42"]);
    directory.delete_grant(&admin, &made.id, COMMIT).expect("a grant");
    assert!(directory.grants(&admin).expect("grants").is_empty());
    let refused = directory.create_grant(&admin, body(json!({"principal": "all", "role": "x"})), COMMIT);
    assert_eq!(refused.expect_err("no principal").code(), "invalid_principal");
}

#[test]
fn a_deny_above_a_rule_is_refused_and_leaves_nothing() {
    let world = world();
    let (directory, admin) = (world.directory(), world.admin());
    directory.change_group(&admin, "sales", body(json!({"rule": "job IS NULL"})), COMMIT).expect("a group");
    let before = world.revision();
    let deny = json!({"principal": "group:sales", "role": "resource_owner", "effect": "deny"});
    let refused = directory.create_grant(&admin, body(deny), COMMIT).expect_err("a deny over a rule");
    assert_eq!((refused.code(), refused.category()), ("rule_below_deny", Category::Conflict));
    assert!(directory.grants(&admin).expect("grants").is_empty());
    assert_eq!(world.revision(), before);
}

#[test]
fn a_dry_run_answers_and_leaves_nothing() {
    let world = world();
    let (directory, admin) = (world.directory(), world.admin());
    let state = || (world.revision(), directory.feed_snapshot(&world.edge()).expect("bytes").envelope);
    let before = state();
    let rule = body(json!({"rule": "department = sales", "name": "Selling"}));
    let tried = directory.change_group(&admin, "sales", rule, Mode::DryRun).expect("a group");
    assert_eq!((tried.value.member_count, tried.value.name.as_str()), (2, "Selling"));
    assert_eq!(tried.revision.number(), before.0);
    directory.delete_group(&admin, "emea", Mode::DryRun).expect("a group");
    directory.delete_user(&admin, "ada", Mode::DryRun).expect("a user");
    directory
        .create_role(&admin, body(json!({"name": "r", "permissions": ["a"]})), Mode::DryRun)
        .expect("a role");
    assert_eq!(state(), before);
    assert_eq!(directory.group(&admin, "sales").expect("a group").name, "sales");
    assert_eq!(directory.audit(&admin, 0, 100).expect("records").len() as u64, before.0);
}

#[test]
fn what_a_connection_pushed_is_changed_there() {
    let world = world();
    let okta = Client::new(&world, "okta", "okta");
    okta.user(&json!({"userName": "zoe"}));
    okta.group(&json!({"displayName": "pushed"}));
    let (directory, admin) = (world.directory(), world.admin());
    let refusals = [
        directory.delete_user(&admin, "zoe", COMMIT).map(|_| ()),
        directory.change_user(&admin, "zoe", body(json!({"active": false})), COMMIT).map(|_| ()),
        directory.delete_group(&admin, "pushed", COMMIT).map(|_| ()),
    ];
    for refusal in refusals {
        assert_eq!(refusal.expect_err("not local").code(), "pushed_by_connection");
    }
    let patch = body(json!({"rule": "job IS NULL"}));
    let refusal = directory.change_group(&admin, "pushed", patch, COMMIT).expect_err("not local");
    assert_eq!(refusal.code(), "rule_on_pushed_group");
    let patch = body(json!({"state": "disabled", "title": {"fr": "Poussé"}}));
    let changed = directory.change_group(&admin, "pushed", patch, COMMIT).expect("a group").value;
    assert_eq!((changed.title["en"].as_str(), changed.title["fr"].as_str()), ("pushed", "Poussé"));
}

#[test]
fn the_audit_trail_is_a_chain() {
    let world = world();
    let records = world.directory().audit(&world.admin(), 0, 100).expect("records");
    assert_eq!(records.len(), 6);
    let mut previous = "0".repeat(64);
    for (number, record) in (1..).zip(&records) {
        assert_eq!((record.seq, &record.previous), (number, &previous));
        assert_eq!(record.hash, record.expected_hash());
        previous.clone_from(&record.hash);
    }
    let forged = cohort_directory::audit::AuditRecord { actor: "eve".to_owned(), ..records[2].clone() };
    assert_ne!(forged.hash, forged.expected_hash());
}
