//! What edges are handed, and when they hear of it.

use std::time::Duration;

use cohort_core::decide::{Outcome, Query, Uncertainty, decide};
use cohort_core::id::{Revision, ScopeId};
use cohort_core::view::Snapshot;
use cohort_directory::{Directory, FeedError, Purpose, Settings, SliceAsked, SliceBytes};
use serde_json::json;

use crate::support::{COMMIT, Client, World, body, payload};

fn snapshot(world: &World) -> Snapshot {
    let bytes = world.directory().feed_snapshot(&world.edge()).expect("bytes");
    Snapshot::open(&payload(world, &bytes.envelope)).expect("a snapshot that opens")
}

/// Everything that a state says, so that two can be compared.
fn told(state: &Snapshot) -> String {
    format!("{:?} {:?}", state.header(), state.facts())
}

/// Requests of every kind, some of which undo each other.
fn bustle(world: &World) {
    let (directory, admin) = (world.directory(), world.admin());
    let okta = Client::new(world, "okta", "okta");
    let [ada, bob] = ["ada", "bob"].map(|name| okta.user(&json!({"userName": name, "title": "clerk"})));
    let pushed = okta.group(&json!({"displayName": "Pushed", "members": [{"value": ada}, {"value": bob}]}));
    directory
        .create_group(&admin, body(json!({"name": "clerks", "rule": "job = clerk"})), COMMIT)
        .expect("a group");
    directory.add_members(&admin, "clerks", body(json!({"groupId": pushed})), COMMIT).expect("a member");
    let role = json!({"roleId": "resource_owner", "scope": "project:1"});
    directory.grant_group_role(&admin, "clerks", body(role), COMMIT).expect("a grant");
    directory
        .set_scope(&admin, body(json!({"scope": "doc:1", "parents": ["project:1"]})), COMMIT)
        .expect("a scope");
    okta.delete(cohort_scim::ResourceType::User, &bob).expect("a user");
    directory.change_group(&admin, "pushed", body(json!({"state": "disabled"})), COMMIT).expect("a group");
    directory.create_group(&admin, body(json!({"name": "brief"})), COMMIT).expect("a group");
    directory.delete_group(&admin, "brief", COMMIT).expect("a group");
}

#[test]
fn a_delta_leads_to_the_same_state_as_a_snapshot() {
    let world = World::new();
    let mut held = snapshot(&world);
    bustle(&world);
    let from = held.header().revision;
    let delta = world.directory().feed_delta(&world.edge(), from).expect("bytes");
    held.apply(&payload(&world, &delta.envelope)).expect("a delta that applies");
    assert_eq!(delta.revision.number(), world.revision());
    assert_eq!(told(&held), told(&snapshot(&world)));
}

#[test]
fn deltas_one_by_one_lead_there_too() {
    let world = World::new();
    let mut held = snapshot(&world);
    let (directory, admin, edge) = (world.directory(), world.admin(), world.edge());
    let user = json!({"userName": "ada", "attributes": {"job": "clerk"}});
    directory.create_user(&admin, body(user), COMMIT).expect("a user");
    for step in [
        json!({"name": "clerks", "slug": "a", "rule": "job = clerk"}),
        json!({"name": "all", "slug": "b"}),
        json!({"name": "late", "slug": "c", "state": "archived"}),
    ] {
        directory.create_group(&admin, body(step), COMMIT).expect("a group");
        let delta = directory.feed_delta(&edge, held.header().revision).expect("bytes");
        held.apply(&payload(&world, &delta.envelope)).expect("a delta that applies");
        assert_eq!(told(&held), told(&snapshot(&world)));
    }
    assert_eq!(held.header().revision.number(), world.revision());
}

#[test]
fn a_heartbeat_moves_the_freshness_bound() {
    let world = World::new();
    let mut held = snapshot(&world);
    let before = held.header().valid_until;
    world.clock.pass(Duration::from_secs(300));
    let beat = world.directory().feed_delta(&world.edge(), held.header().revision).expect("bytes");
    held.apply(&payload(&world, &beat.envelope)).expect("a heartbeat");
    assert_eq!(held.header().valid_until, before.plus_millis(300_000));
}

#[test]
fn a_revision_ahead_is_refused() {
    let world = World::new();
    let from = Revision::new(99);
    let refused = world.directory().feed_delta(&world.edge(), from).expect_err("no such revision");
    assert!(matches!(refused, FeedError::Ahead { .. }), "{refused}");
}

#[test]
fn waiting_ends_with_the_next_revision() {
    let world = World::new();
    let (edge, admin) = (world.edge(), world.admin());
    let now = world.directory().published(&edge).expect("a revision");
    let waited = world.directory().wait_for(&edge, now, Duration::from_millis(1)).expect("a revision");
    assert_eq!(waited, now);
    let heard = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| world.directory().wait_for(&edge, now, Duration::from_secs(60)));
        world.directory().create_group(&admin, body(json!({"name": "news"})), COMMIT).expect("a group");
        waiting.join().expect("a thread that ends")
    });
    assert_eq!(heard.expect("a revision"), now.next());
}

#[test]
fn listeners_hear_each_revision() {
    let world = World::new();
    let (heard, told) = std::sync::mpsc::channel();
    let heard = std::sync::Mutex::new(heard);
    world.directory().subscribe(Box::new(move |org, revision| {
        heard.lock().expect("no panic").send((org, revision.number())).expect("a listener");
    }));
    let admin = world.admin();
    world.directory().create_group(&admin, body(json!({"name": "news"})), COMMIT).expect("a group");
    assert_eq!(told.recv_timeout(Duration::from_secs(60)), Ok((admin.org(), 2)));
}

#[test]
fn news_are_gathered() {
    let mut world = World::new();
    world.close();
    let gather = Duration::from_millis(30);
    let settings = Settings { gather, ..Settings::default() };
    let directory = Directory::open_with(&world.folder, world.clock.clone(), settings).expect("a folder");
    let token = directory.issue_token(Some("acme"), Purpose::Admin).expect("a token");
    let admin = directory.caller(&token, "acme").expect("a caller");
    let (heard, told) = std::sync::mpsc::channel();
    let heard = std::sync::Mutex::new(heard);
    directory.subscribe(Box::new(move |_, revision| {
        heard.lock().expect("no panic").send(revision.number()).expect("a listener");
    }));
    let before = directory.revision(&admin).expect("a revision").number();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (directory, admin) = (&directory, &admin);
            scope.spawn(move || {
                let new = body(json!({"name": format!("group {number}")}));
                directory.create_group(admin, new, COMMIT).expect("a group");
            });
        }
    });
    drop(directory);
    let heard: Vec<u64> = told.iter().collect();
    assert_eq!(heard.last(), Some(&(before + 8)));
    assert!(heard.is_sorted() && heard.len() <= 8, "{heard:?}");
    world.open();
}

fn slice_of(world: &World, user: &str, permissions: &[&str]) -> Result<SliceBytes, FeedError> {
    let permissions = permissions.iter().map(|name| (*name).to_owned()).collect();
    let scopes = vec![ScopeId::parse("doc:1").expect("a scope")];
    world.directory().feed_slice(&world.edge(), &SliceAsked { user: user.to_owned(), permissions, scopes })
}

#[test]
fn a_slice_answers_for_its_user_and_changes_with_what_it_says() {
    let world = World::new();
    bustle(&world);
    let permission = "resource:read";
    let before = slice_of(&world, "ADA", &[permission]).expect("a slice");
    let slice = Snapshot::open(&payload(&world, &before.bytes.envelope)).expect("a slice that opens");
    let whole = snapshot(&world);
    for (user, scope) in [("ada", "doc:1"), ("ada", "org"), ("ada", "doc:2"), ("bob", "doc:1")] {
        let query = Query::new(user, permission, world.directory().now()).on(scope);
        let expected = if (user, scope) == ("ada", "doc:2") || user == "bob" {
            Outcome::Indeterminate(Uncertainty::OutsideCoverage)
        } else {
            decide(&whole, &query).outcome
        };
        assert_eq!(decide(&slice, &query).outcome, expected, "{user} {scope}");
    }
    let (directory, admin) = (world.directory(), world.admin());
    directory.create_group(&admin, body(json!({"name": "strangers"})), COMMIT).expect("a group");
    let after = slice_of(&world, "ada", &[permission]).expect("a slice");
    assert_eq!(after.content, before.content, "what is not about the user changes nothing");
    assert_eq!(after.bytes.revision, before.bytes.revision.next());
    assert_ne!(slice_of(&world, "ada", &["x:y"]).expect("a slice").content, before.content);
    directory.change_group(&admin, "clerks", body(json!({"state": "disabled"})), COMMIT).expect("a group");
    assert_ne!(slice_of(&world, "ada", &[permission]).expect("a slice").content, before.content);
}

#[test]
fn a_slice_of_nobody_or_of_several_is_refused_by_name() {
    let world = World::new();
    for name in ["okta", "entra"] {
        Client::new(&world, name, name).user(&json!({"userName": "ada"}));
    }
    assert!(
        matches!(slice_of(&world, "ada", &["a:b"]), Err(FeedError::AmbiguousUser { user }) if user == "ada")
    );
    assert!(
        matches!(slice_of(&world, "eve", &["a:b"]), Err(FeedError::UnknownUser { user }) if user == "eve")
    );
}

#[test]
fn only_edges_and_administrators_follow() {
    let world = World::new();
    let okta = world.connection("okta", "okta");
    assert!(matches!(world.directory().feed_snapshot(&okta), Err(FeedError::Forbidden)));
    assert!(world.directory().groups(&okta).is_err());
    assert!(world.directory().groups(&world.edge()).is_err());
}
