//! What identity providers push, and what becomes of it.

use cohort_scim::ResourceType::{Group, User};
use cohort_scim::ScimError;
use serde_json::{Value, json};

use crate::support::{COMMIT, Client, World, body, id};

fn ada() -> Value {
    json!({"userName": "Ada@x.org", "externalId": "00u1", "displayName": "Ada", "active": true})
}

#[test]
fn a_pushed_user_is_found_by_every_name() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let ada = okta.user(&ada());
    okta.user(&json!({"userName": "bob"}));
    for filter in [
        "userName eq \"ada@X.org\"".to_owned(),
        "externalId eq \"00u1\"".to_owned(),
        format!("id eq \"{ada}\""),
        "displayName sw \"ad\" and active eq true".to_owned(),
    ] {
        let found = okta.find(User, &filter);
        assert_eq!(found["totalResults"], 1, "{filter}");
        assert_eq!(found["Resources"][0]["id"], ada.as_str(), "{filter}");
    }
    assert_eq!(okta.find(User, "userName eq \"eve\"")["totalResults"], 0);
}

#[test]
fn pages_are_stable_and_counted() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let made: Vec<String> =
        (0..5).map(|number| okta.user(&json!({"userName": format!("u{number}")}))).collect();
    let page = okta.query(User, &[("startIndex", "2"), ("count", "3")]).expect("a page");
    let ids: Vec<String> = page["Resources"].as_array().expect("resources").iter().map(id).collect();
    assert_eq!(ids, made[1..4]);
    assert_eq!((&page["totalResults"], &page["startIndex"]), (&json!(5), &json!(2)));
}

#[test]
fn names_are_unique_within_a_connection_only() {
    let world = World::new();
    let (okta, entra) = (Client::new(&world, "okta", "okta"), Client::new(&world, "entra", "entra"));
    okta.user(&ada());
    let group = okta.group(&json!({"displayName": "Sales"}));
    let twins = [
        (User, json!({"userName": "ADA@x.org"}), "userName"),
        (User, json!({"userName": "ada2", "externalId": "00u1"}), "externalId"),
        (Group, json!({"displayName": "sALES"}), "displayName"),
    ];
    for (kind, body, attribute) in twins {
        let refused = okta.post(kind, &body).expect_err("a twin");
        assert!(matches!(refused, ScimError::NotUnique { attribute: a, .. } if a == attribute), "{refused}");
    }
    entra.user(&ada());
    let other = entra.group(&json!({"displayName": "Sales"}));
    let slug = |id: &str| world.directory().group(&world.admin(), id).expect("a group").slug;
    assert_eq!((slug(&group), slug(&other)), ("sales".to_owned(), "sales-2".to_owned()));
}

#[test]
fn another_connections_resources_are_not_there() {
    let world = World::new();
    let (okta, entra) = (Client::new(&world, "okta", "okta"), Client::new(&world, "entra", "strict"));
    let ada = okta.user(&ada());
    let group = okta.group(&json!({"displayName": "Sales"}));
    for (kind, id) in [(User, &ada), (Group, &group)] {
        let foreign = entra.get(kind, id).expect_err("not theirs");
        assert_eq!(foreign, ScimError::NotFound { resource_type: kind.name(), id: id.as_str().into() });
        assert!(entra.delete(kind, id).is_err());
        assert_eq!(entra.find(kind, &format!("id eq \"{id}\""))["totalResults"], 0);
    }
    let schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"];
    let body = json!({"schemas": schemas, "displayName": "Spies", "members": [{"value": ada}]});
    assert!(matches!(entra.post(Group, &body), Err(ScimError::UnknownMember { .. })));
    assert_eq!(entra.find(Group, "displayName eq \"Spies\"")["totalResults"], 0);
}

#[test]
fn put_keeps_what_it_does_not_speak_of() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let ada = okta.user(&json!({"userName": "ada", "title": "Countess", "active": false}));
    let replaced = okta.put(User, &ada, json!({"userName": "ada"})).expect("a user");
    assert_eq!((replaced.get("active"), replaced.get("title")), (Some(&json!(false)), None));
    let group = okta.group(&json!({"displayName": "Sales", "members": [{"value": ada}]}));
    okta.put(Group, &group, json!({"displayName": "Selling"})).expect("a group");
    assert_eq!(okta.members(&group), [ada.as_str()]);
    okta.put(Group, &group, json!({"displayName": "Selling", "members": []})).expect("a group");
    assert!(okta.members(&group).is_empty());
    let seen = world.directory().group(&world.admin(), "sales").expect("the slug stays");
    assert_eq!((seen.name.as_str(), seen.title["en"].as_str()), ("Selling", "Selling"));
}

#[test]
fn patching_members_touches_only_pushed_edges() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let [ada, bob, eve] = ["ada", "bob", "eve"].map(|name| okta.user(&json!({"userName": name})));
    let group = okta.group(&json!({"displayName": "Sales", "members": [{"value": ada}]}));
    let by_hand = body(json!({"userId": eve}));
    world.directory().add_members(&world.admin(), &group, by_hand, COMMIT).expect("a member");
    okta.patch(Group, &group, &json!([{"op": "add", "path": "members", "value": [{"value": bob}]}]));
    assert_eq!(okta.members(&group), [ada.as_str(), &bob]);
    let path = format!("members[value eq \"{ada}\"]");
    okta.patch(Group, &group, &json!([{"op": "remove", "path": path}]));
    assert_eq!(okta.members(&group), [bob.as_str()]);
    okta.patch(Group, &group, &json!([{"op": "replace", "path": "members", "value": [{"value": ada}]}]));
    assert_eq!(okta.members(&group), [ada.as_str()]);
    okta.patch(Group, &group, &json!([{"op": "replace", "path": "members", "value": []}]));
    let left = world.directory().members(&world.admin(), &group).expect("members");
    assert_eq!(left.iter().map(|member| member.member_id.as_str()).collect::<Vec<_>>(), [eve]);
}

#[test]
fn user_groups_are_computed() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let ada = okta.user(&ada());
    let inner = okta.group(&json!({"displayName": "Inner", "members": [{"value": ada}]}));
    okta.group(&json!({"displayName": "Outer", "members": [{"value": inner, "type": "Group"}]}));
    let local = body(json!({"name": "Local", "rule": "status = active"}));
    world.directory().create_group(&world.admin(), local, COMMIT).expect("a group");
    let seen = okta.get(User, &ada).expect("a user");
    let groups = seen["groups"].as_array().expect("groups").iter();
    let groups: Vec<_> = groups.map(|group| (group["display"].clone(), group["type"].clone())).collect();
    assert_eq!(groups, [(json!("Inner"), json!("direct")), (json!("Outer"), json!("indirect"))]);
}

#[test]
fn a_pending_member_joins_when_the_user_arrives() {
    let world = World::new();
    let hr = Client::new(&world, "hr", "onelogin");
    let group = hr.group(&json!({"displayName": "Sales", "members": [{"value": "00u1"}]}));
    let before = world.revision();
    assert!(hr.members(&group).is_empty());
    let ada = hr.user(&ada());
    assert_eq!(hr.members(&group), [ada]);
    assert_eq!(world.revision(), before + 1);
}

#[test]
fn a_withdrawn_pending_member_does_not_join() {
    let world = World::new();
    let hr = Client::new(&world, "hr", "onelogin");
    let group = hr.group(&json!({"displayName": "Sales", "members": [{"value": "00u1"}]}));
    hr.patch(Group, &group, &json!([{"op": "remove", "path": "members", "value": [{"value": "00u1"}]}]));
    hr.user(&ada());
    assert!(hr.members(&group).is_empty());
}

#[test]
fn what_changes_nothing_makes_no_revision() {
    let world = World::new();
    let entra = Client::new(&world, "entra", "entra");
    let ada = entra.user(&ada());
    let group = entra.group(&json!({"displayName": "Sales", "members": [{"value": ada}]}));
    let (before, etag) = (world.revision(), entra.get(Group, &group).expect("a group")["meta"].clone());
    entra.patch(User, &ada, &json!([{"op": "Replace", "path": "active", "value": "True"}]));
    entra.put(User, &ada, self::ada()).expect("a user");
    entra.patch(Group, &group, &json!([{"op": "Add", "path": "members", "value": [{"value": ada}]}]));
    assert_eq!(world.revision(), before);
    assert_eq!(entra.get(Group, &group).expect("a group")["meta"], etag);
}

#[test]
fn if_match_names_the_version_that_is_changed() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let ada = okta.user(&ada());
    let seen = okta.get(User, &ada).expect("a user");
    let version = seen["meta"]["version"].as_str().expect("a version");
    let retitle = |title: &str| json!([{"op": "replace", "path": "title", "value": title}]);
    let first = okta.patch_if(User, &ada, Some(version), &retitle("one")).expect("the right version");
    let refused = okta.patch_if(User, &ada, Some(version), &retitle("two")).expect_err("an old version");
    assert_eq!(refused, ScimError::VersionMismatch { current: first.version.clone() });
    okta.patch_if(User, &ada, Some("*"), &retitle("three")).expect("any version");
    assert_eq!(okta.get(User, &ada).expect("a user")["title"], "three");
}

#[test]
fn a_deleted_user_comes_back_as_another() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let first = okta.user(&ada());
    let group = okta.group(&json!({"displayName": "Sales", "members": [{"value": first}]}));
    let version = okta.get(Group, &group).expect("a group")["meta"]["version"].clone();
    okta.delete(User, &first).expect("a user");
    assert!(okta.members(&group).is_empty());
    assert_ne!(okta.get(Group, &group).expect("a group")["meta"]["version"], version);
    let second = okta.user(&ada());
    assert_ne!(first, second);
    assert!(okta.get(User, &first).is_err());
    assert!(okta.members(&group).is_empty());
}

#[test]
fn passwords_are_not_kept() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let ada = okta.user(&json!({"userName": "ada", "password": "hunter2-hunter2"}));
    assert_eq!(okta.get(User, &ada).expect("a user").get("password"), None);
    let users = world.directory().users(&world.admin()).expect("users");
    assert!(!format!("{users:?}").contains("hunter2"));
}

#[test]
fn a_profile_change_moves_the_member() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let mut user = ada();
    user[enterprise] = json!({"department": "Sales"});
    let ada = okta.user(&user);
    let (directory, admin) = (world.directory(), world.admin());
    let rule = body(json!({"name": "emea-sales", "rule": "department = sales"}));
    directory.create_group(&admin, rule, COMMIT).expect("a group");
    let role = body(json!({"name": "quoter", "permissions": ["quote:create"]}));
    directory.create_role(&admin, role, COMMIT).expect("a role");
    let role = body(json!({"roleId": "quoter"}));
    directory.grant_group_role(&admin, "emea-sales", role, COMMIT).expect("a grant");
    assert!(world.allows("ada@x.org", "quote:create"));

    let path = format!("{enterprise}:department");
    okta.patch(User, &ada, &json!([{"op": "replace", "path": path, "value": "Legal"}]));
    assert!(!world.allows("ada@x.org", "quote:create"));
    let last = directory.audit(&admin, 0, 100).expect("records").pop().expect("a record");
    assert_eq!(last.moves, ["ada@x.org left emea-sales by rule: department changed"]);
    assert_eq!((last.actor.as_str(), last.action.as_str()), ("connection:okta", "scim.user.patch"));
}

#[test]
fn a_managers_reports_are_members() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let bob = okta.user(&json!({"userName": "bob"}));
    let ada = okta.user(&json!({"userName": "ada", enterprise: {"manager": {"value": bob}}}));
    let team = body(json!({"name": "team", "rule": "REPORTS TO bob"}));
    world.directory().create_group(&world.admin(), team, COMMIT).expect("a group");
    let count = || world.directory().group(&world.admin(), "team").expect("a group").member_count;
    assert_eq!(count(), 1);
    let path = format!("{enterprise}:manager");
    okta.patch(User, &ada, &json!([{"op": "remove", "path": path}]));
    assert_eq!(count(), 0);
}

#[test]
fn activity_flips_access() {
    let world = World::new();
    let entra = Client::new(&world, "entra", "entra");
    let ada = entra.user(&ada());
    let (directory, admin) = (world.directory(), world.admin());
    let role = body(json!({"name": "reader", "permissions": ["doc:read"]}));
    directory.create_role(&admin, role, COMMIT).expect("a role");
    let grant = body(json!({"principal": format!("user:{ada}"), "role": "reader"}));
    directory.create_grant(&admin, grant, COMMIT).expect("a grant");
    for (value, allowed) in [("False", false), ("True", true)] {
        entra.patch(User, &ada, &json!([{"op": "Replace", "path": "active", "value": value}]));
        assert_eq!(world.allows("Ada@x.org", "doc:read"), allowed);
    }
}
