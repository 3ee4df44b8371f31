//! Pages by cursor as time passes, and what a list does with very many resources.

use std::time::Duration;

use cohort_scim::ResourceType::{Group, User};
use cohort_scim::ScimError;
use serde_json::{Value, json};

use crate::support::{Client, World, id};

fn next(page: &Value) -> &str {
    page["nextCursor"].as_str().expect("a cursor")
}

#[test]
fn a_cursor_expires_after_an_hour() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    for name in ["a", "b", "c"] {
        okta.user(&json!({"userName": name}));
    }
    let first = okta.query(User, &[("cursor", ""), ("count", "1")]).expect("a page");
    world.clock.pass(Duration::from_secs(3_600));
    let second = okta.query(User, &[("cursor", next(&first)), ("count", "1")]).expect("a page in time");
    world.clock.pass(Duration::from_millis(1));
    let late = okta.query(User, &[("cursor", next(&first))]);
    assert_eq!(late, Err(ScimError::ExpiredCursor));
    let foreign = okta.query(Group, &[("cursor", next(&first))]);
    assert_eq!(foreign, Err(ScimError::InvalidCursor));
    assert!(okta.query(User, &[("cursor", next(&second))]).is_ok());
}

#[test]
fn a_cursor_outlives_the_server() {
    let mut world = World::new();
    let first = {
        let okta = Client::new(&world, "okta", "okta");
        for name in ["a", "b"] {
            okta.user(&json!({"userName": name}));
        }
        okta.query(User, &[("cursor", ""), ("count", "1")]).expect("a page")
    };
    world.open();
    let okta = Client::new(&world, "okta", "okta");
    let second = okta.query(User, &[("cursor", next(&first))]).expect("a page");
    assert_eq!(second["Resources"][0]["userName"], "b");
    assert_eq!(second.get("nextCursor"), None);
}

#[test]
fn users_are_found_by_what_their_documents_say_now() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    let mail =
        |value: &str| json!([{"value": value, "type": "work"}, {"value": "Home@x.org", "type": "home"}]);
    let ada = okta.user(&json!({"userName": "ada", "displayName": "Ada", "emails": mail("ada@x.org")}));
    let found = |filter: &str| {
        let page = okta.find(User, filter);
        page["Resources"].as_array().expect("resources").iter().map(id).collect::<Vec<_>>()
    };
    for filter in [
        "displayName eq \"ADA\"",
        "emails.value eq \"ADA@X.org\"",
        "emails eq \"home@x.org\"",
        "emails[type eq \"work\"].value eq \"ada@x.org\"",
    ] {
        assert_eq!(found(filter), [ada.as_str()], "{filter}");
    }
    assert!(found("emails[type eq \"home\" and value eq \"ada@x.org\"]").is_empty());
    let operations = json!([
        {"op": "replace", "path": "emails[type eq \"work\"].value", "value": "new@x.org"},
        {"op": "remove", "path": "displayName"},
    ]);
    okta.patch(User, &ada, &operations);
    assert!(found("emails.value eq \"ada@x.org\"").is_empty());
    assert!(found("displayName eq \"ada\"").is_empty());
    assert_eq!(found("emails.value eq \"new@x.org\""), [ada.as_str()]);
    okta.delete(User, &ada).expect("a user");
    assert!(found("emails.value eq \"new@x.org\"").is_empty());
    assert_eq!(okta.query(User, &[("count", "0")]).expect("a page")["totalResults"], 0);
}

#[test]
fn bounds_of_the_last_change_are_exact() {
    let world = World::new();
    let okta = Client::new(&world, "okta", "okta");
    for name in ["a", "b", "c"] {
        okta.user(&json!({"userName": name}));
        world.clock.pass(Duration::from_millis(1));
    }
    let names = |operator: &str, at: &str, more: &[(&str, &str)]| {
        let filter = format!("meta.lastModified {operator} \"{at}\"");
        let parameters: Vec<_> = [("filter", filter.as_str())].iter().chain(more).copied().collect();
        let page = okta.query(User, &parameters).expect("a page");
        let resources = page["Resources"].as_array().expect("resources").clone();
        resources.iter().map(|user| user["userName"].as_str().expect("a name").to_owned()).collect::<String>()
    };
    let middle = "2026-03-01T10:00:00.001+01:00";
    for (operator, expected) in
        [("gt", "c"), ("ge", "bc"), ("lt", "a"), ("le", "ab"), ("eq", "b"), ("ne", "ac")]
    {
        assert_eq!(names(operator, middle, &[]), expected, "{operator}");
        assert_eq!(names(operator, middle, &[("cursor", "")]), expected, "{operator} by cursor");
        let descending = [("sortBy", "meta.lastModified"), ("sortOrder", "descending")];
        let reversed: String = expected.chars().rev().collect();
        assert_eq!(names(operator, middle, &descending), reversed, "{operator} descending");
    }
}
