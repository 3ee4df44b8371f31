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

/// Xorshift: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).expect("a small number")
    }

    fn pick<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }
}

const FILTERS: [&str; 14] = [
    "",
    "active eq true",
    "title pr",
    "not (title pr)",
    "title gt \"clerk\"",
    "displayName eq \"TWIN\"",
    "displayName eq \"twin\" and active eq false",
    "emails.value eq \"shared@x.org\"",
    "emails[type eq \"work\" and value sw \"shared\"]",
    "userName eq \"u3\"",
    "userName sw \"u1\" or externalId eq \"x4\"",
    "meta.lastModified ge \"2026-03-01T09:00:00.020Z\"",
    "meta.lastModified lt \"2026-03-01T09:00:00.030Z\" and active eq true",
    "meta.lastModified gt \"2026-03-01T09:00:00.010Z\" and meta.lastModified le \"2026-03-01T09:00:00.030Z\"",
];

const ORDERS: [&str; 8] =
    ["", "userName", "displayName", "title", "active", "emails", "meta.lastModified", "externalId"];

/// All users that a filter lets through, in order, worked out without the store's help.
fn expected(all: &[Value], filter: &str, by: &str, descending: bool) -> Vec<String> {
    let parsed = (!filter.is_empty()).then(|| cohort_scim::filter::parse(filter).expect(filter));
    let object = |user: &Value| user.as_object().expect("an object").clone();
    let passes = |user: &&Value| {
        parsed.as_ref().is_none_or(|filter| cohort_scim::filter::matches(filter, &object(user), User))
    };
    let mut users: Vec<(usize, &Value)> = all.iter().enumerate().filter(|(_, user)| passes(user)).collect();
    let text = |value: &Value| value.as_str().map(str::to_lowercase);
    // Absent values come last in ascending order, first in descending order.
    let key = |user: &Value| match by {
        "" => None,
        "externalId" => Some(user[by].as_str().map(str::to_owned)),
        "active" => Some(user[by].as_bool().map(|active| active.to_string())),
        "meta.lastModified" => Some(text(&user["meta"]["lastModified"])),
        "emails" => {
            let emails = user["emails"].as_array().cloned().unwrap_or_default();
            let primary = emails.iter().find(|email| email["primary"] == true).or(emails.first());
            Some(primary.and_then(|email| text(&email["value"])))
        }
        other => Some(text(&user[other])),
    };
    users.sort_by_key(|(made, user)| (key(user).map(|key| (key.is_none(), key)), *made));
    if descending {
        users.reverse();
    }
    users.into_iter().map(|(_, user)| id(user)).collect()
}

#[test]
fn every_way_to_a_page_gives_the_same_resources() {
    let seed = 0x5eed_0000_2026_1122;
    println!("seed {seed:#x}");
    let (mut random, world) = (Random(seed), World::new());
    let okta = Client::new(&world, "okta", "okta");
    let mut ids = Vec::new();
    for number in 0..40 {
        let mut user = json!({"userName": format!("{}{number}", random.pick(&["u", "U", "ü"]))});
        let maybe = |random: &mut Random, user: &mut Value, name: &str, value: Value| {
            if random.below(2) == 0 {
                user[name] = value;
            }
        };
        let title = random.pick(&["Clerk", "clerk", "Countess", "ärzte"]);
        maybe(&mut random, &mut user, "title", json!(title));
        maybe(&mut random, &mut user, "displayName", json!("Twin"));
        maybe(&mut random, &mut user, "active", json!(false));
        maybe(&mut random, &mut user, "externalId", json!(format!("x{number}")));
        let first = random.pick(&["shared@x.org", "Shared@x.org", "z@x.org"]);
        let emails =
            json!([{"value": first, "type": "work"}, {"value": "b@x.org", "primary": random.below(2) == 0}]);
        maybe(&mut random, &mut user, "emails", emails);
        ids.push(okta.user(&user));
        world.clock.pass(Duration::from_millis(1));
    }
    // Some are changed later, in another order than they were made in, several at one moment.
    for _ in 0..15 {
        let user = &ids[random.below(ids.len())];
        let title = random.pick(&["Cook", "cook", "Clerk"]);
        okta.patch(User, user, &json!([{"op": "replace", "path": "title", "value": title}]));
        world.clock.pass(Duration::from_millis(random.below(2) as u64));
    }
    let all: Vec<Value> = ids.iter().map(|id| okta.get(User, id).expect("a user")).collect();
    for (filter, by) in FILTERS.iter().flat_map(|filter| ORDERS.iter().map(move |by| (*filter, *by))) {
        for order in ["ascending", "descending"] {
            let descending = order == "descending" && !by.is_empty();
            let mut expected = expected(&all, filter, by, descending);
            if by.is_empty() && filter.contains("lastModified") {
                // The order is the server's choice, and here it goes along the bounds.
                expected = self::expected(&all, filter, "meta.lastModified", false);
            }
            let count = (3 + random.below(9)).to_string();
            let mut parameters = vec![("count", count.as_str())];
            parameters.extend((!filter.is_empty()).then_some(("filter", filter)));
            parameters.extend((!by.is_empty()).then_some(("sortBy", by)));
            parameters.extend((!by.is_empty()).then_some(("sortOrder", order)));
            let what = format!("{parameters:?}");
            assert_eq!(walk_by_cursor(&okta, &parameters), expected, "{what} by cursor");
            assert_eq!(walk_by_index(&okta, &parameters, expected.len()), expected, "{what} by index");
        }
    }
}

fn page_ids(page: &Value) -> Vec<String> {
    page["Resources"].as_array().expect("resources").iter().map(id).collect()
}

fn walk_by_cursor(client: &Client<'_>, parameters: &[(&str, &str)]) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let parameters: Vec<_> = [("cursor", cursor.as_str())].iter().chain(parameters).copied().collect();
        let page = client.query(User, &parameters).expect("a page");
        found.extend(page_ids(&page));
        match page.get("nextCursor").and_then(Value::as_str) {
            Some(next) => cursor = next.to_owned(),
            None => return found,
        }
    }
}

fn walk_by_index(client: &Client<'_>, parameters: &[(&str, &str)], total: usize) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let start = (found.len() + 1).to_string();
        let parameters: Vec<_> = [("startIndex", start.as_str())].iter().chain(parameters).copied().collect();
        let page = client.query(User, &parameters).expect("a page");
        assert_eq!(page["totalResults"], total, "{parameters:?}");
        let ids = page_ids(&page);
        if ids.is_empty() {
            return found;
        }
        found.extend(ids);
    }
}
