//! The provisioning log of a connection: what is kept, and for how long.

use std::time::Duration;

use cohort_directory::journal::{Asked, RequestQuery};
use cohort_directory::{Caller, Category, Directory, Effort, Retention, Settings};

use crate::support::World;

const DAY: Duration = Duration::from_secs(24 * 3_600);
const ALL: RequestQuery = RequestQuery { before: None, failed: false, limit: 1_000 };

fn note(directory: &Directory, caller: &Caller, status: u16) {
    let asked = Asked {
        method: "GET".to_owned(),
        path: "/Users".to_owned(),
        status,
        micros: 5,
        error: None,
        body: b"",
        rows: 0,
        effort: Effort::default(),
    };
    directory.note_request(caller, asked);
}

fn numbers(directory: &Directory, admin: &Caller, query: RequestQuery) -> Vec<u64> {
    let requests = directory.requests(admin, "okta", query).expect("a log");
    requests.iter().map(|request| request.seq).collect()
}

#[test]
fn requests_are_kept_for_their_time() {
    let world = World::new();
    let (okta, admin) = (world.connection("okta", "okta"), world.admin());
    note(world.directory(), &okta, 200);
    world.clock.pass(29 * DAY);
    note(world.directory(), &okta, 404);
    assert_eq!(numbers(world.directory(), &admin, ALL), [2, 1]);
    world.clock.pass(2 * DAY);
    assert_eq!(numbers(world.directory(), &admin, ALL), [2], "30 days are over for the first");
    world.clock.pass(30 * DAY);
    assert!(numbers(world.directory(), &admin, ALL).is_empty());
    note(world.directory(), &okta, 200);
    assert_eq!(numbers(world.directory(), &admin, ALL), [3], "a number is never given twice");
}

#[test]
fn the_newest_are_kept_whatever_the_settings_were_before() {
    let mut world = World::new();
    let (okta, admin) = (world.connection("okta", "okta"), world.admin());
    for number in 0..50 {
        note(world.directory(), &okta, if number % 10 == 0 { 500 } else { 200 });
    }
    world.close();
    let retention = Retention { count: 12, ..Retention::default() };
    let settings = Settings { retention, ..Settings::default() };
    let fewer = Directory::open_with(&world.folder, world.clock.clone(), settings).expect("a folder");
    assert_eq!(numbers(&fewer, &admin, ALL).len(), 50, "what was noted outlives the server");
    note(&fewer, &okta, 200);
    assert_eq!(numbers(&fewer, &admin, ALL), (40..=51).rev().collect::<Vec<u64>>());
    assert_eq!(numbers(&fewer, &admin, RequestQuery { failed: true, ..ALL }), [41]);
    assert_eq!(numbers(&fewer, &admin, RequestQuery { before: Some(45), limit: 2, ..ALL }), [44, 43]);
}

#[test]
fn only_administrators_read_the_log_and_only_connections_are_in_it() {
    let world = World::new();
    let (okta, admin, edge) = (world.connection("okta", "okta"), world.admin(), world.edge());
    for caller in [&admin, &edge] {
        note(world.directory(), caller, 200);
    }
    assert!(numbers(world.directory(), &admin, ALL).is_empty());
    for caller in [&okta, &edge] {
        let refused = world.directory().requests(caller, "okta", ALL).expect_err("no administrator");
        assert_eq!(refused.category(), Category::Forbidden);
    }
    let unknown = world.directory().requests(&admin, "entra", ALL).expect_err("no such connection");
    assert_eq!(unknown.category(), Category::NotFound);
}
