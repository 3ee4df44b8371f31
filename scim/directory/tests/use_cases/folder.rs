//! The data folder: opened, closed, shared, damaged; and who is let in.

use std::fs;
use std::sync::Arc;

use cohort_directory::{Ambient, AuthError, Directory, DirectoryError, OpenError, Purpose};
use serde_json::json;

use crate::support::{COMMIT, Client, World, body};

fn snapshot(world: &World) -> Vec<u8> {
    world.directory().feed_snapshot(&world.edge()).expect("bytes").envelope
}

fn refusal(world: &World) -> OpenError {
    let clock: Arc<dyn Ambient> = world.clock.clone();
    Directory::open(&world.folder, clock).err().expect("a folder that does not open")
}

#[test]
fn reopening_gives_the_same_bytes() {
    let mut world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let users: Vec<_> = (0..20)
        .map(|number| okta.user(&json!({"userName": format!("u{number}"), "title": "clerk"})))
        .collect();
    let members: Vec<_> = users.iter().map(|id| json!({"value": id})).collect();
    okta.group(&json!({"displayName": "All", "members": members}));
    let (directory, admin) = (world.directory(), world.admin());
    let group = json!({"name": "clerks", "rule": "job = clerk AND status = active"});
    directory.create_group(&admin, body(group), COMMIT).expect("a group");
    directory
        .create_role(&admin, body(json!({"name": "boss", "permissions": ["project:*"]})), COMMIT)
        .expect("a role");
    let exclude = json!({"userId": users[3], "kind": "exclude", "expiresAt": "2027-01-01"});
    directory.add_members(&admin, "clerks", body(exclude), COMMIT).expect("an exclusion");
    let grant =
        json!({"principal": "group:clerks", "role": "boss", "scope": "project:1", "requires": ["mfa"]});
    directory.create_grant(&admin, body(grant), COMMIT).expect("a grant");
    let before = (world.revision(), snapshot(&world));
    world.open();
    assert_eq!((world.revision(), snapshot(&world)), before);
    world.directory().delete_group(&world.admin(), "clerks", COMMIT).expect("a group");
    assert_eq!(world.revision(), before.0 + 1);
}

/// What a crash leaves behind is what lies on the disk at that moment.
#[test]
fn an_answered_request_survives_a_crash() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let ada = okta.user(&json!({"userName": "ada"}));
    let group = okta.group(&json!({"displayName": "Sales", "members": [{"value": ada}]}));
    okta.patch(cohort_scim::ResourceType::Group, &group, &json!([{"op": "remove", "path": "members"}]));
    let crashed = world.folder.join("crashed");
    fs::create_dir(&crashed).expect("a folder");
    for name in ["cohort.db", "cohort.db-wal", "signing.key", "admin.token"] {
        fs::copy(world.folder.join(name), crashed.join(name)).expect("a file");
    }
    let after = Directory::open(&crashed, world.clock.clone()).expect("a folder that opens");
    let admin = after.local_admin("acme").expect("an organisation");
    assert_eq!(after.revision(&admin).expect("a revision").number(), world.revision());
    assert_eq!(after.feed_snapshot(&admin).expect("bytes").envelope, snapshot(&world));
    let from = cohort_core::id::Revision::new(world.revision() - 1);
    let missed = after.feed_delta(&admin, from).expect("the delta that nobody was told of");
    assert_eq!(missed, world.directory().feed_delta(&world.edge(), from).expect("bytes"));
}

#[test]
fn threads_lose_nothing() {
    let mut world = World::new();
    let admin = world.admin();
    let before = world.revision();
    world.directory().create_group(&admin, body(json!({"name": "all"})), COMMIT).expect("a group");
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let (world, admin) = (&world, &admin);
            scope.spawn(move || {
                for number in 0..10 {
                    let name = format!("u{thread}-{number}");
                    let directory = world.directory();
                    let user = body(json!({"userName": name}));
                    directory.create_user(admin, user, COMMIT).expect("a user");
                    let member = body(json!({"userId": name}));
                    directory.add_members(admin, "all", member, COMMIT).expect("a member");
                }
            });
        }
    });
    world.open();
    assert_eq!(world.revision(), before + 1 + 16 * 10 * 2);
    let group = world.directory().group(&world.admin(), "all").expect("a group");
    assert_eq!((group.member_count, group.direct_count), (160, 160));
}

#[test]
fn a_folder_is_served_once() {
    let world = World::new();
    assert!(matches!(refusal(&world), OpenError::InUse { .. }));
}

#[test]
fn a_token_made_beside_the_server_is_taken_by_it() {
    let world = World::new();
    let beside = Directory::open_beside(&world.folder, world.clock.clone()).expect("a second opening");
    let token = beside.issue_token(Some("acme"), Purpose::Admin).expect("a token");
    let admin = world.directory().caller(&token, "acme").expect("a known token");
    let made = world.directory().create_group(&admin, body(json!({"name": "new"})), COMMIT);
    made.expect("a group");
    assert_eq!(beside.groups(&admin).expect("groups").len(), 1);
    let refused = beside.create_group(&admin, body(json!({"name": "newer"})), COMMIT);
    assert!(matches!(refused, Err(DirectoryError::Beside)));
    assert_eq!(beside.public_key(), world.directory().public_key());
}

#[test]
fn nothing_is_made_beside() {
    let folder = std::env::temp_dir().join(format!("cohort-directory-none-{}", std::process::id()));
    let world = World::new();
    let opened = Directory::open_beside(&folder, world.clock.clone());
    assert!(matches!(opened.err(), Some(OpenError::Missing { .. })));
    assert!(!folder.exists());
}

#[test]
fn damage_is_named() {
    let mut world = World::new();
    world.close();
    let key = world.folder.join("signing.key");
    let whole = fs::read(&key).expect("a key");
    fs::write(&key, "short").expect("a folder to write to");
    assert!(refusal(&world).to_string().contains("`signing.key` does not hold 64 hexadecimal digits"));
    fs::write(&key, whole).expect("a folder to write to");

    let database = world.folder.join("cohort.db");
    let whole = fs::read(&database).expect("a database");
    fs::write(&database, b"not a database, but long enough to be taken for one at first").expect("a file");
    assert!(matches!(refusal(&world), OpenError::Damaged { .. }));
    let cut = whole.get(..whole.len() / 2).expect("half of it");
    fs::write(&database, cut).expect("a file");
    assert!(matches!(refusal(&world), OpenError::Damaged { .. }));
    fs::write(&database, whole).expect("a file");
    world.open();
}

#[test]
fn secrets_are_private() {
    let world = World::new();
    for name in ["signing.key", "admin.token"] {
        let data = fs::metadata(world.folder.join(name)).expect("a file");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(data.permissions().mode() & 0o777, 0o600, "{name}");
        }
        assert!(data.len() > 64, "{name}");
    }
}

#[test]
fn the_first_token_is_written_once() {
    let mut world = World::new();
    let file = world.folder.join("admin.token");
    assert_eq!(world.directory().fresh_admin_token(), Some(file.as_path()));
    let token = fs::read_to_string(&file).expect("a token");
    world.open();
    assert_eq!(world.directory().fresh_admin_token(), None);
    world.directory().caller(token.trim(), "acme").expect("it is still good");
}

#[test]
fn a_token_opens_its_own_organisation_only() {
    let world = World::new();
    let directory = world.directory();
    let other = directory.create_org("other", "Other").expect("an organisation");
    let token = directory.issue_token(Some("acme"), Purpose::Edge).expect("a token");
    assert!(directory.caller(&token, "ACME").is_ok());
    for org in ["other", "nowhere", &other.id.to_string()] {
        assert!(matches!(directory.caller(&token, org), Err(AuthError::UnknownOrg { .. })), "{org}");
    }
    let mut wrong = token.clone();
    wrong.replace_range(20..21, if &token[20..21] == "0" { "1" } else { "0" });
    for token in ["", "cohort_", wrong.as_str()] {
        assert!(matches!(directory.caller(token, "acme"), Err(AuthError::Unauthenticated)), "{token}");
    }
    let again = directory.create_org("ACME", "Twin");
    assert!(matches!(again, Err(DirectoryError::Taken { .. })));
    let unknown = Purpose::Scim { connection: "x".to_owned(), dialect: Some("ldap".to_owned()) };
    assert!(matches!(directory.issue_token(Some("acme"), unknown), Err(DirectoryError::Dialect { .. })));
}
