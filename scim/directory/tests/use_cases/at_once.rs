//! What is answered without waiting, and what is not because it would be much.

use cohort_directory::limits::GLANCE_MAX;
use cohort_scim::ResourceType::{Group, User};
use serde_json::{Value, json};

use crate::support::{Client, World};

fn members(ids: &[String]) -> Value {
    ids.iter().map(|id| json!({"value": id})).collect()
}

#[test]
fn one_resource_is_at_hand() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let ada = okta.user(&json!({"userName": "ada", "externalId": "1"}));
    let staff = okta.group(&json!({"displayName": "staff", "members": [{"value": ada}]}));

    let user = okta.get_at_once(User, &ada).expect("at hand").expect("a user");
    assert_eq!(user.body["groups"][0]["value"], staff.as_str());
    let group = okta.get_at_once(Group, &staff).expect("at hand").expect("a group");
    assert_eq!(group.body["members"][0]["value"], ada.as_str());
    for filter in
        ["userName eq \"ADA\"", "externalId eq \"1\"", &format!("id eq \"{ada}\" and active eq true")]
    {
        let page = okta.query_at_once(&[User], &[("filter", filter)]).expect("at hand").expect("a list");
        assert_eq!(page["Resources"][0]["id"], ada.as_str(), "{filter}");
    }
}

#[test]
fn a_list_that_may_be_long_is_not() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    okta.user(&json!({"userName": "ada", "displayName": "Ada"}));
    for filter in
        ["displayName eq \"Ada\"", "displayName eq \"Ada\" and userName eq \"ada\"", "userName sw \"a\""]
    {
        assert_eq!(okta.query_at_once(&[User], &[("filter", filter)]), None, "{filter}");
    }
    assert_eq!(okta.query_at_once(&[User], &[]), None);
    let either = [("filter", "userName eq \"ada\" or externalId eq \"1\"")];
    assert_eq!(okta.query_at_once(&[User], &either), None);
    // Of groups, nothing is known by a `userName`.
    assert_eq!(okta.query_at_once(&[User, Group], &[("filter", "userName eq \"ada\"")]), None);
}

#[test]
fn a_large_group_is_not_nor_who_is_in_many() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let user = |number: usize| okta.user(&json!({"userName": format!("user{number}")}));
    let users: Vec<String> = (0..=GLANCE_MAX).map(user).collect();
    let few = okta.group(&json!({"displayName": "few", "members": members(&users[1..])}));
    assert!(okta.get_at_once(Group, &few).is_some());
    let many = okta.group(&json!({"displayName": "many", "members": members(&users)}));
    assert_eq!(okta.get_at_once(Group, &many), None);
    assert_eq!(okta.members(&many).len(), users.len());

    // The last user is in one group, which is in another, and so on.
    let (loner, mut below) = (okta.user(&json!({"userName": "loner"})), String::new());
    for number in 0..=GLANCE_MAX {
        assert!(okta.get_at_once(User, &loner).is_some(), "in {number} groups");
        let inner = if number == 0 { &loner } else { &below };
        below = okta.group(&json!({"displayName": format!("ring {number}"), "members": [{"value": inner}]}));
    }
    assert_eq!(okta.get_at_once(User, &loner), None);
    assert_eq!(okta.query_at_once(&[User], &[("filter", "userName eq \"loner\"")]), None);
    let user = okta.get(User, &loner).expect("a user");
    assert_eq!(user["groups"].as_array().map(Vec::len), Some(GLANCE_MAX + 1));
}

#[test]
fn an_organisation_that_is_not_loaded_is_not() {
    let mut world = World::new();
    let ada = Client::new(&world, "okta", "okta").user(&json!({"userName": "ada"}));
    world.open();
    let okta = Client::new(&world, "okta", "okta");
    assert_eq!(okta.get_at_once(User, &ada), None);
    assert!(okta.get(User, &ada).is_ok());
    assert!(okta.get_at_once(User, &ada).is_some());
}
