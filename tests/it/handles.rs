//! Handles: names looked up once answer as names do, through all deltas, and on no other bytes; and what is asked by
//! them: selections, roles, who can and where.

use cohort_core::decide::{
    Check, ConditionSet, DenyReason, Outcome, Permission, Place, Query, RoleCheck, StaleHandle, Uncertainty,
    User, check, check_many, decide, has_role,
};
use cohort_core::encode::{self, UserNames};
use cohort_core::id::{Instant, RoleId, ScopeId, UserId};
use cohort_core::view::Snapshot;
use cohort_core::who_can::{Cursor, WhoCan, WhoCanError, scopes_where_can, users_who_can};
use cohort_tests::build::{id_of, user_id};

use crate::office::{CONDITIONS, MINUTES, Office, PERMISSIONS, SCOPES, USERS, told};

/// Changes after which the answers are others, one at a time.
const NEWS: &[&str] = &[
    "user zoe\nmember zoe of team",
    "disable division",
    "group above has division\ngrant payer to above",
    "role reader grants doc:read, doc:sign, doc:open",
    "set ada inactive",
    "remove bob",
    "enable division",
    "grant chief to user:guy on doc:9",
    "org disabled",
];

fn permission(snapshot: &Snapshot, name: &str) -> Permission {
    snapshot.permission(name).unwrap()
}

fn user(snapshot: &Snapshot, name: &str) -> User {
    snapshot.user(name).unwrap().unwrap()
}

fn role(name: &str) -> RoleId {
    RoleId::from_u128(id_of("role", name))
}

/// Compares every question by handles with the same by names.
fn check_all(office: &Office) {
    let edge = &office.edge;
    for name in USERS {
        let Some(user) = edge.user(name).unwrap() else { continue };
        for (name_of, permission) in PERMISSIONS.iter().filter_map(|one| Some((one, edge.permission(one)?))) {
            for query in office.questions(name, name_of) {
                let place = edge.place_in(query.scope.unwrap(), query.parent.unwrap_or("org")).unwrap();
                let conditions = Some(edge.conditions(query.conditions));
                let question = Check { conditions, ..Check::new(user, permission, place, query.at) };
                assert_eq!(check(edge, &question), Ok(decide(edge, &query)), "{query:?}");
            }
        }
    }
}

#[test]
fn handles_answer_as_names_do() {
    let mut office = Office::open();
    check_all(&office);
    for news in ["set ada inactive", "org disabled"] {
        office.tell(news);
        check_all(&office);
    }
    assert_eq!(office.edge.permission("doc:raed"), None);
    assert_eq!(office.edge.user("nobody"), Ok(None));
    assert!(office.edge.place("no scope").is_err() && office.edge.place_in("org", "no scope").is_err());
}

#[test]
fn handles_stay_good_after_deltas() {
    let mut office = Office::open();
    let ids: Vec<String> = USERS.iter().map(|name| user_id(name).to_string()).collect();
    let users: Vec<User> = USERS.iter().map(|name| user(&office.edge, name)).collect();
    let known = PERMISSIONS.iter().filter(|name| office.edge.knows_permission(name));
    let permissions: Vec<(&str, Permission)> =
        known.map(|name| (*name, permission(&office.edge, name))).collect();
    let conditions = office.edge.conditions(&["mfa"]);
    for news in NEWS {
        office.tell(news);
        for (id, user) in ids.iter().zip(&users) {
            for (name, permission) in &permissions {
                let question = Check {
                    conditions: Some(conditions),
                    ..Check::new(*user, *permission, office.edge.place("doc:1").unwrap(), office.at(1))
                };
                let query = Query::new(id, name, office.at(1)).on("doc:1");
                let query = Query { conditions: &["mfa"], ..query };
                let found = check(&office.edge, &question).unwrap();
                assert_eq!(found, decide(&office.edge, &query), "{news}: {query:?}");
            }
        }
    }
}

#[test]
fn a_permission_is_known_as_long_as_a_role_has_it() {
    let mut office = Office::open();
    let before = permission(&office.edge, "bill:pay");
    office.tell("role payer grants bill:see");
    assert_eq!(office.edge.permission("bill:pay"), None);
    let (edge, at) = (&office.edge, office.at(0));
    let question = Check::new(user(edge, "ada"), before, edge.place("invoice:7").unwrap(), at);
    assert_eq!(check(edge, &question).unwrap().outcome, Outcome::Deny(DenyReason::NoPath));
}

/// Each handle alone of other bytes, the others of these.
#[test]
fn handles_of_other_bytes_are_refused() {
    let mut office = Office::open();
    office.tell("user zoe");
    let (here, there) = (&office.edge, &Snapshot::open(&office.build.snapshot_bytes()).unwrap());
    let at = office.at(0);
    let of = |from: &Snapshot| {
        (
            user(from, "ada"),
            permission(from, "doc:read"),
            from.place("doc:1").unwrap(),
            from.conditions(&["mfa"]),
        )
    };
    let (own, others) = (of(here), of(there));
    let ask = |user: User, permission: Permission, place: Place, set: ConditionSet| {
        let question = Check { conditions: Some(set), ..Check::new(user, permission, place, at) };
        check(here, &question).map(|decision| decision.outcome)
    };
    assert_eq!(ask(own.0, own.1, own.2, own.3), Ok(Outcome::Allow));
    assert_eq!(ask(others.0, own.1, own.2, own.3), Err(StaleHandle));
    assert_eq!(ask(own.0, others.1, own.2, own.3), Err(StaleHandle));
    assert_eq!(ask(own.0, own.1, others.2, own.3), Err(StaleHandle));
    assert_eq!(ask(own.0, own.1, own.2, others.3), Err(StaleHandle));
    let (good, stale) = (Check::new(own.0, own.1, own.2, at), Check::new(others.0, own.1, own.2, at));
    assert_eq!(check_many(here, &[good]).map(|all| all.len()), Ok(1));
    assert_eq!(check_many(here, &[good, stale]), Err(StaleHandle));
    assert_eq!(here.select(others.0, None, at), Err(StaleHandle));
    let selection = here.select(own.0, None, at).unwrap();
    assert_eq!(selection.can(own.1), Ok(true));
    assert_eq!(selection.can(others.1), Err(StaleHandle));
    let question = RoleCheck { user: others.0, role: role("reader"), place: own.2, conditions: None, at };
    assert_eq!(has_role(here, &question), Err(StaleHandle));
    assert_eq!(own.3.names(here), ["mfa"]);
    assert!(others.3.names(here).is_empty());
}

/// Everybody has a selection, for all conditions and moments.
fn check_selections(office: &Office) {
    let edge = &office.edge;
    for name in USERS {
        for (conditions, minutes) in
            CONDITIONS.iter().flat_map(|set| MINUTES.iter().map(move |one| (*set, *one)))
        {
            let (user, at) = (user(edge, name), office.at(minutes));
            let selection = edge.select(user, Some(edge.conditions(conditions)), at).unwrap();
            assert_eq!(selection.revision(), edge.header().revision);
            for one in PERMISSIONS.iter().filter(|one| edge.knows_permission(one)) {
                let permission = permission(edge, one);
                let ask = |at: Instant| {
                    let query = Query { conditions, ..Query::new(name, one, at) };
                    decide(edge, &query)
                };
                let can = selection.can(permission).unwrap();
                assert_eq!(can, ask(at).outcome.is_allow(), "{name} {one} {minutes} {conditions:?}");
                let last = selection.valid_until().plus_millis(-1);
                assert!(
                    last < at || can == ask(last).outcome.is_allow(),
                    "{name} {one} {minutes} until {last:?}"
                );
                let whole = selection.check(edge, permission, edge.org_place()).unwrap();
                assert_eq!(told(&whole, edge), told(&ask(at), edge));
            }
        }
    }
}

#[test]
fn a_selection_says_what_each_question_says() {
    let mut office = Office::open();
    office.tell("deny payer to user:ada\ngrant payer to division\nrole clerk grants doc:write\ngrant clerk to team requires mfa");
    check_selections(&office);
    for news in ["set bob inactive", "org disabled"] {
        office.tell(news);
        check_selections(&office);
    }
}

#[test]
fn a_selection_ends_with_news() {
    let mut office = Office::open();
    let ada = user(&office.edge, "ada");
    let selection = office.edge.select(ada, None, office.at(0)).unwrap();
    let (read, place) = (permission(&office.edge, "doc:read"), office.edge.org_place());
    assert!(selection.check(&office.edge, read, place).unwrap().outcome.is_allow());
    office.tell("user zoe");
    assert_eq!(selection.check(&office.edge, read, place), Err(StaleHandle));
}

#[track_caller]
fn check_role(
    office: &Office,
    (name, role_name, scope): (&str, &str, &str),
    minutes: i64,
    expected: &Outcome,
) {
    let edge = &office.edge;
    let (user, place, at) = (user(edge, name), edge.place(scope).unwrap(), office.at(minutes));
    let question = RoleCheck { user, role: role(role_name), place, conditions: None, at };
    assert_eq!(has_role(edge, &question).unwrap().outcome, *expected, "{name} {role_name} {scope}");
}

#[test]
fn roles_are_had_by_inclusion_and_lost_by_their_own_deny() {
    let mut office = Office::open();
    let no_path = Outcome::Deny(DenyReason::NoPath);
    let had = |office: &Office, what| check_role(office, what, 0, &Outcome::Allow);
    let not_had = |office: &Office, what| check_role(office, what, 0, &no_path);
    had(&office, ("ada", "reader", "org"));
    had(&office, ("ada", "writer", "doc:1"));
    not_had(&office, ("ada", "writer", "org"));
    not_had(&office, ("ada", "chief", "doc:1"));
    not_had(&office, ("ada", "nonsense", "org"));
    // Denied is the role itself, not what it includes nor what includes it.
    check_role(&office, ("bob", "writer", "doc:2"), 0, &Outcome::Deny(DenyReason::DeniedBy(role("writer"))));
    had(&office, ("bob", "reader", "doc:2"));
    check_role(
        &office,
        ("eve", "chief", "project:3"),
        0,
        &Outcome::Deny(DenyReason::DeniedBy(role("chief"))),
    );
    had(&office, ("eve", "writer", "project:3"));
    had(&office, ("cyd", "writer", "project:2"));
    not_had(&office, ("cyd", "writer", "doc:2"));
    had(&office, ("fay", "reader", "project:3"));
    check_role(&office, ("cyd", "chief", "org"), 3, &Outcome::Allow);
    check_role(&office, ("cyd", "chief", "org"), 8, &no_path);
    check_role(&office, ("dan", "writer", "org"), 0, &Outcome::Deny(DenyReason::InactiveUser));
    let stale = Outcome::Indeterminate(Uncertainty::Stale);
    check_role(&office, ("ada", "reader", "org"), 15, &stale);
    office.tell("org disabled");
    check_role(&office, ("ada", "reader", "org"), 0, &Outcome::Deny(DenyReason::OrgDisabled));
}

#[test]
fn a_role_with_conditions_is_had_by_who_asserts_them() {
    let office = Office::open();
    let edge = &office.edge;
    let (user, place, at) = (user(edge, "bob"), edge.place("invoice:9").unwrap(), office.at(0));
    let ask = |conditions: &[&str]| {
        let conditions = Some(edge.conditions(conditions));
        let question = RoleCheck { user, role: role("payer"), place, conditions, at };
        told(&has_role(edge, &question).unwrap(), edge).0
    };
    assert_eq!(ask(&["on_network"]), "requires [\"mfa\"]");
    assert_eq!(ask(&["mfa"]), "Allow");
}

/// All pages of `limit` users, one after the other.
fn pages(edge: &Snapshot, asked: &WhoCan, limit: usize) -> Vec<UserId> {
    let (mut all, mut from) = (Vec::new(), None::<Cursor>);
    loop {
        let page = users_who_can(edge, asked, from, limit).unwrap();
        assert!(page.users.len() <= limit);
        all.extend(page.users);
        from = page.next;
        if from.is_none() {
            return all;
        }
    }
}

fn check_who_can(office: &Office) {
    let edge = &office.edge;
    for name in PERMISSIONS.iter().filter(|name| edge.knows_permission(name)) {
        for (scope, minutes) in SCOPES.iter().flat_map(|scope| [(scope, 0), (scope, 3)]) {
            let (permission, place, at) =
                (permission(edge, name), edge.place(scope).unwrap(), office.at(minutes));
            let asked = WhoCan { permission, place, conditions: Some(edge.conditions(&["mfa"])), at };
            let can = |user: &&&str| {
                let query = Query::new(user, name, at).on(scope);
                let query = Query { conditions: &["mfa"], ..query };
                decide(edge, &query).outcome.is_allow()
            };
            let mut expected: Vec<UserId> = USERS.iter().filter(can).map(|name| user_id(name)).collect();
            expected.sort_unstable();
            let all = pages(edge, &asked, usize::MAX);
            for limit in 1..4 {
                assert_eq!(pages(edge, &asked, limit), all, "{name} {scope} by {limit}");
            }
            let mut found = all;
            found.sort_unstable();
            assert_eq!(found, expected, "{name} {scope} {minutes}");
        }
    }
}

#[test]
fn who_can_is_everybody_who_may() {
    let mut office = Office::open();
    check_who_can(&office);
    for news in ["remove bob", "set ada inactive", "org disabled"] {
        office.tell(news);
        check_who_can(&office);
    }
}

#[test]
fn a_page_goes_on_in_its_own_list() {
    let mut office = Office::open();
    office.tell("user zoe");
    let (here, there) = (&office.edge, &Snapshot::open(&office.build.snapshot_bytes()).unwrap());
    let ask = |from: &Snapshot, cursor: Option<Cursor>| {
        let (permission, place, at) = (permission(from, "doc:read"), from.org_place(), office.at(0));
        users_who_can(from, &WhoCan { permission, place, conditions: None, at }, cursor, 1)
    };
    let next = ask(here, None).unwrap().next;
    assert!(next.is_some() && ask(here, next).is_ok());
    assert_eq!(ask(there, next), Err(WhoCanError::Stale));
}

#[test]
fn where_one_can_is_where_one_was_granted() {
    let mut office = Office::open();
    office.tell("grant reader to user:bob on doc:1\ndeny reader to user:bob on doc:1\ngrant reader to user:bob on vault:7");
    let edge = &office.edge;
    let ask = |name: &str, what: &str, after: Option<&str>, limit: usize| {
        let after = after.map(|scope| ScopeId::parse(scope).unwrap());
        let question = Check::new(user(edge, name), permission(edge, what), edge.org_place(), office.at(0));
        let found = scopes_where_can(edge, &question, after.as_ref(), limit).unwrap();
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(ask("bob", "doc:read", None, 9), ["org", "project:1", "project:2", "vault:7"]);
    assert_eq!(ask("bob", "doc:read", None, 2), ["org", "project:1"]);
    assert_eq!(ask("bob", "doc:read", Some("project:1"), 1), ["project:2"]);
    assert_eq!(ask("bob", "doc:read", Some("vault:7"), 1), [""; 0]);
    assert_eq!(ask("bob", "doc:write", None, 9), ["project:1"]);
    assert_eq!(ask("fay", "doc:sign", None, 9), ["realm"]);
    assert_eq!(ask("dan", "doc:write", None, 9), [""; 0]);
    assert_eq!(ask("bob", "bill:pay", None, 9), [""; 0]);
}

/// Whoever asks by id needs no names, and the bytes hold none, whatever deltas bring.
#[test]
fn names_withheld_are_nowhere() {
    let office = Office::open();
    let (graph, revision, validity) = (&office.build.graph, office.build.revision, office.build.validity());
    let with = |names| encode::snapshot_with(graph.org(), revision, validity, graph.facts(), names);
    let (told, withheld) = (with(UserNames::Told), with(UserNames::Withheld));
    let holds = |bytes: &[u8], name: &str| bytes.windows(3).any(|window| window == name.as_bytes());
    let nameless = Snapshot::open(&withheld).unwrap();
    for name in USERS {
        assert!(holds(&told, name) && !holds(&withheld, name), "{name}");
        assert_eq!(nameless.user(name), Ok(None));
        for permission in PERMISSIONS {
            let id = user_id(name).to_string();
            let by_id = decide(&nameless, &Query::new(&id, permission, office.at(0)));
            let by_name = decide(&office.edge, &Query::new(name, permission, office.at(0)));
            assert_eq!(by_id, by_name, "{name} {permission}");
        }
    }
}
