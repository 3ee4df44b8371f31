//! Callers are remembered, and what a token no longer opens is closed at once all the same.

use std::time::Duration;

use cohort_directory::connections::{ConnectionPatch, Rotation};
use cohort_directory::{AuthError, Caller, Directory, Moment, Purpose, counted};
use serde_json::json;

use crate::support::{COMMIT, World, body};

fn okta(world: &World) -> String {
    let purpose = Purpose::Scim { connection: "okta".to_owned(), dialect: Some("okta".to_owned()) };
    world.directory().issue_token(Some("acme"), purpose).expect("a token")
}

/// Shows the token often enough to be remembered.
fn known(world: &World, token: &str) -> Caller {
    let directory = world.directory();
    // What is remembered is forgotten after a second, which may pass on a busy machine.
    let is_remembered = |_| counted(|| directory.caller(token, "acme").expect("a known token")).1 == 0;
    assert!((0..100).any(is_remembered), "never remembered");
    directory.caller(token, "acme").expect("a known token")
}

#[track_caller]
fn refused(world: &World, token: &str) {
    assert!(matches!(world.directory().caller(token, "acme"), Err(AuthError::Unauthenticated)));
}

#[test]
fn a_token_taken_back_here_is_refused_at_once() {
    let world = World::new();
    let admin = world.admin();
    let tokens = [okta(&world), okta(&world)];
    tokens
        .iter()
        .for_each(|token| assert_eq!(known(&world, token).connection().expect("one").name(), "okta"));
    let newest = world.directory().tokens(&admin).expect("tokens").pop().expect("a token");
    world.directory().revoke_token(&admin, &newest.id, COMMIT).expect("taken back");
    let is_open = |token: &String| world.directory().caller(token, "acme").is_ok();
    assert_eq!(tokens.iter().filter(|token| is_open(token)).count(), 1);
    world.directory().revoke_connection(&admin, "okta", COMMIT).expect("taken back");
    tokens.iter().for_each(|token| refused(&world, token));

    let token = okta(&world);
    known(&world, &token);
    world.directory().rotate_connection(&admin, "okta", Rotation::default(), COMMIT).expect("rotated");
    refused(&world, &token);
}

#[test]
fn a_token_taken_back_beside_the_server_is_refused_at_once() {
    let world = World::new();
    let token = okta(&world);
    let admin = known(&world, &world.directory().issue_token(Some("acme"), Purpose::Admin).expect("a token"));
    let beside = Directory::open_beside(&world.folder, world.clock.clone()).expect("a second opening");
    let views = world.directory().tokens(&admin).expect("tokens");
    let id = views.iter().find(|view| view.connection.is_some()).map(|view| view.id.clone()).expect("an id");
    known(&world, &token);
    beside.withdraw_token("acme", &id).expect("taken back");
    refused(&world, &token);
}

#[test]
fn a_remembered_token_ends_in_time() {
    let world = World::new();
    let token = okta(&world);
    let until = world.directory().now().plus_millis(60_000);
    let overlap = Rotation { overlap_until: Some(Moment(until)) };
    world.directory().rotate_connection(&world.admin(), "okta", overlap, COMMIT).expect("rotated");
    known(&world, &token);
    world.clock.pass(Duration::from_millis(59_999));
    known(&world, &token);
    world.clock.pass(Duration::from_millis(1));
    refused(&world, &token);
}

#[test]
fn a_remembered_caller_speaks_the_dialect_of_now() {
    let world = World::new();
    let token = okta(&world);
    assert_eq!(known(&world, &token).connection().expect("one").dialect().name, "okta");
    let patch: ConnectionPatch = body(json!({"dialect": "entra"}));
    world.directory().change_connection(&world.admin(), "okta", patch, COMMIT).expect("changed");
    assert_eq!(known(&world, &token).connection().expect("one").dialect().name, "entra");
}

#[test]
fn a_remembered_token_opens_no_other_organisation() {
    let world = World::new();
    let token = okta(&world);
    known(&world, &token);
    world.directory().create_org("initech", "Initech").expect("an organisation");
    assert!(matches!(world.directory().caller(&token, "initech"), Err(AuthError::UnknownOrg { .. })));
    assert_eq!(known(&world, &token).org_slug(), "acme");
}
