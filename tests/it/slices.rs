//! Slices: what one user is told answers as the whole does, and holds nothing about anybody else.

use cohort_core::change::Change;
use cohort_core::decide::{
    AmbiguousName, Check, Decision, Outcome, Query, RoleCheck, Uncertainty, check, decide, has_role,
};
use cohort_core::encode::{self, SliceRequest, Validity, slice};
use cohort_core::id::{Instant, OrgId, Revision, RoleId, ScopeId, UserId};
use cohort_core::model::{Role, User};
use cohort_core::view::{ApplyError, Kind, OpenError, Snapshot, WireFault};
use cohort_core::who_can::{WhoCan, WhoCanError, scopes_where_can, users_who_can};
use cohort_tests::build::{id_of, user_id};

use crate::office::{Office, PERMISSIONS, SCOPES, USERS, told};

const OUTSIDE: Outcome = Outcome::Indeterminate(Uncertainty::OutsideCoverage);

/// What slices are asked for: nothing, one of each, and all.
const ASKED: &[(&[&str], &[&str])] = &[
    (&[], &[]),
    (&["doc:read"], &["org", "project:1"]),
    (&["doc:write"], &["doc:2"]),
    (&["doc:read"], &["doc:3"]),
    (&["doc:sign", "doc:raed"], &["doc:3", "vault:7", "realm"]),
    (&["bill:pay"], &["invoice:7", "doc:9"]),
    (&["doc:read"], &["doc:9"]),
    (&["doc:read", "doc:write"], &["doc:9", "project:1", "vault:8"]),
    (PERMISSIONS, SCOPES),
];

fn bytes_of(office: &Office, user: &str, (permissions, scopes): (&[&str], &[&str])) -> Vec<u8> {
    let scopes: Vec<ScopeId> = scopes.iter().map(|scope| ScopeId::parse(scope).unwrap()).collect();
    let request = SliceRequest { user: user_id(user), permissions, scopes: &scopes };
    slice(&office.edge, &request).unwrap()
}

fn slice_of(office: &Office, user: &str, asked: (&[&str], &[&str])) -> Snapshot {
    Snapshot::open(&bytes_of(office, user, asked)).unwrap()
}

/// Whether a slice asked for these has to answer.
fn is_covered((permissions, scopes): (&[&str], &[&str]), query: &Query<'_>, office: &Office) -> bool {
    let scope = query.scope.unwrap();
    let covers = |scope: &str| scope == "org" || scopes.contains(&scope);
    let is_known = || scope == "org" || office.edge.knows_scope(&ScopeId::parse(scope).unwrap());
    permissions.contains(&query.permission)
        && covers(scope)
        && query.parent.is_none_or(|one| covers(one) || is_known())
}

fn check_slice(office: &Office, user: &str, asked: (&[&str], &[&str])) {
    let part = slice_of(office, user, asked);
    for permission in PERMISSIONS {
        for query in office.questions(user, permission) {
            let (expected, found) = (decide(&office.edge, &query), decide(&part, &query));
            if !is_covered(asked, &query, office) && found.outcome == OUTSIDE {
                continue;
            }
            assert_eq!(told(&found, &part), told(&expected, &office.edge), "{asked:?} {query:?}");
        }
    }
}

#[test]
fn a_slice_answers_as_the_whole_or_not_at_all() {
    let office = Office::open();
    for user in USERS {
        ASKED.iter().for_each(|asked| check_slice(&office, user, *asked));
    }
}

#[test]
fn handles_of_a_slice_answer_as_names_do() {
    let office = Office::open();
    for asked in ASKED {
        let part = slice_of(&office, "ada", *asked);
        let ada = part.user("ada").unwrap().unwrap();
        for (name, permission) in PERMISSIONS.iter().filter_map(|name| Some((name, part.permission(name)?))) {
            assert!(asked.0.contains(name), "{name}");
            for query in office.questions("ada", name).iter().filter(|query| query.conditions.is_empty()) {
                let (scope, parent) = (query.scope.unwrap(), query.parent.unwrap_or("org"));
                let question = Check::new(ada, permission, part.place_in(scope, parent).unwrap(), query.at);
                assert_eq!(check(&part, &question).unwrap(), decide(&part, query), "{query:?}");
            }
        }
    }
}

#[test]
fn a_slice_knows_nothing_of_others() {
    let office = Office::open();
    let part = slice_of(&office, "ada", (PERMISSIONS, SCOPES));
    let ask = |subject: &str| decide(&part, &Query::new(subject, "doc:read", office.at(0))).outcome;
    assert_eq!(ask("ada"), Outcome::Allow);
    assert_eq!(ask(&user_id("ada").to_string()), Outcome::Allow);
    for other in ["bob", &user_id("bob").to_string(), "nobody"] {
        assert_eq!(ask(other), OUTSIDE, "{other}");
    }
}

/// Whether `bytes` hold this anywhere.
fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[test]
fn a_slice_holds_nothing_of_others() {
    let office = Office::open();
    let of_ada = bytes_of(&office, "ada", (&["doc:read"], &["project:1"]));
    for own in ["ada", "team", "division", "reader", "writer", "project:1", "doc:read"] {
        assert!(holds(&of_ada, own.as_bytes()), "{own}");
    }
    for other in [
        "bob",
        "eve",
        "contractors",
        "hidden",
        "resting",
        "payer",
        "doc:write",
        "project:2",
        "vault",
        "on_network",
    ] {
        assert!(!holds(&of_ada, other.as_bytes()), "{other}");
    }
    for user in USERS {
        let id = id_of("user", user).to_be_bytes();
        assert_eq!(holds(&of_ada, &id), *user == "ada", "{user}");
    }
    for (group, is_in) in [("team", true), ("division", true), ("contractors", false), ("late", false)] {
        assert_eq!(holds(&of_ada, &id_of("group", group).to_be_bytes()), is_in, "{group}");
    }
}

#[test]
fn only_who_is_there_has_a_slice_and_only_of_the_whole() {
    let mut office = Office::open();
    let request = |user| SliceRequest { user: user_id(user), permissions: &["doc:read"], scopes: &[] };
    assert_eq!(slice(&office.edge, &request("nobody")), None);
    assert_eq!(slice(&slice_of(&office, "ada", (&["doc:read"], &[])), &request("ada")), None);
    office.tell("remove ada");
    assert_eq!(slice(&office.edge, &request("ada")), None);
    assert!(slice(&office.edge, &request("dan")).is_some());
}

#[test]
fn a_slice_has_roles_as_far_as_it_was_asked() {
    let office = Office::open();
    let part = slice_of(&office, "ada", (&["doc:read"], &["project:1"]));
    let ask = |role: &str, scope: &str| {
        let (user, place) = (part.user("ada").unwrap().unwrap(), part.place(scope).unwrap());
        let role = RoleId::from_u128(id_of("role", role));
        has_role(&part, &RoleCheck { user, role, place, conditions: None, at: office.at(0) }).unwrap().outcome
    };
    assert_eq!(ask("reader", "org"), Outcome::Allow);
    assert_eq!(ask("writer", "project:1"), Outcome::Allow);
    assert!(matches!(ask("writer", "org"), Outcome::Deny(_)));
    assert_eq!(ask("writer", "project:2"), OUTSIDE);
    assert_eq!(ask("payer", "org"), OUTSIDE);
}

#[test]
fn a_slice_lists_nobody_and_no_places() {
    let office = Office::open();
    let part = slice_of(&office, "ada", (&["doc:read"], &[]));
    let (permission, place, at) = (part.permission("doc:read").unwrap(), part.org_place(), office.at(0));
    let asked = WhoCan { permission, place, conditions: None, at };
    assert_eq!(users_who_can(&part, &asked, None, 10), Err(WhoCanError::Slice));
    let question = Check::new(part.user("ada").unwrap().unwrap(), permission, place, at);
    assert_eq!(scopes_where_can(&part, &question, None, 10), Err(WhoCanError::Slice));
}

#[test]
fn a_slice_takes_heartbeats_and_stays_one() {
    let mut office = Office::open();
    let mut part = slice_of(&office, "ada", (&["doc:read"], &[]));
    let (org, at) = (office.build.graph.org(), office.build.revision);
    let later = Validity::from_now(office.at(10), 900_000);
    part.apply(&encode::delta(org, at, at, later, &[])).unwrap();
    assert_eq!(part.header().kind, Kind::Slice);
    let soon = office.at(20);
    let ask = |part: &Snapshot, permission| decide(part, &Query::new("ada", permission, soon)).outcome;
    assert_eq!(ask(&part, "doc:read"), Outcome::Allow);
    assert_eq!(ask(&part, "doc:write"), OUTSIDE);
    let facts = office.build.graph.apply(&Change::SetOrg { enabled: false }).unwrap().facts;
    assert_eq!(part.apply(&encode::delta(org, at, at.next(), later, &facts)), Err(ApplyError::Slice));
    assert_eq!(ask(&part, "doc:read"), Outcome::Allow);
}

/// Users of other sources may have the same name; then it means nobody.
#[test]
fn a_slice_does_not_answer_to_a_name_that_several_have() {
    let mut office = Office::open();
    let name = |id: u128| {
        Change::SetUser(User {
            source: Some(cohort_core::id::SourceId::from_u128(id)),
            ..User::new(UserId::from_u128(id), "twin")
        })
    };
    let mut facts = Vec::new();
    for id in [1, 2] {
        facts.push(office.build.graph.apply(&name(id)).unwrap().facts);
    }
    let (org, from) = (office.build.graph.org(), office.build.revision);
    office
        .edge
        .apply(&encode::delta(org, from, from.next(), office.build.validity(), &encode::merged(facts)))
        .unwrap();
    assert_eq!(office.edge.user("twin"), Err(AmbiguousName));
    let request = SliceRequest { user: UserId::from_u128(1), permissions: &["doc:read"], scopes: &[] };
    let bytes = slice(&office.edge, &request).unwrap();
    assert!(!holds(&bytes, b"twin"));
    let part = Snapshot::open(&bytes).unwrap();
    assert_eq!(part.user("twin"), Ok(None));
    assert!(part.user(&UserId::from_u128(1).to_string()).unwrap().is_some());
}

/// Bytes that call themselves a slice are one: of one user.
#[test]
fn several_users_are_no_slice() {
    let opened = |users: u128| {
        let mut graph = cohort_core::graph::Graph::new(OrgId::from_u128(1));
        for id in 0..users {
            graph.apply(&Change::SetUser(User::new(UserId::from_u128(id), &format!("u{id}")))).unwrap();
        }
        graph.apply(&Change::SetRole(Role::new(RoleId::from_u128(1), "r", &["doc:read"]).unwrap())).unwrap();
        let validity = Validity::from_now(Instant::from_millis(0), 1_000);
        let mut bytes = encode::snapshot(graph.org(), Revision::new(1), validity, graph.facts());
        bytes[6] = 3;
        // No unknown permission, and no scope.
        bytes.extend([0, 0]);
        Snapshot::open(&bytes)
    };
    assert!(opened(1).is_ok());
    for users in [0, 2] {
        let refused = opened(users).unwrap_err();
        assert!(matches!(refused, OpenError::Wire(error) if error.fault == WireFault::Number), "{refused}");
    }
}

#[test]
fn the_words_of_a_decision_are_those_of_its_bytes() {
    let office = Office::open();
    let part = slice_of(&office, "ada", (&["bill:pay"], &["invoice:7"]));
    let query = Query::new("ada", "bill:pay", office.at(0)).on("invoice:7");
    let (here, there): (Decision, Decision) = (decide(&part, &query), decide(&office.edge, &query));
    assert_eq!(told(&here, &part).0, "requires [\"mfa\"]");
    assert_eq!(told(&here, &part), told(&there, &office.edge));
    assert_eq!(told(&here, &office.edge).0, "requires []");
}

/// Where a place lies that nobody told of is for the question to say, and for a slice to know only if it was asked.
#[test]
fn a_slice_knows_no_parent_that_it_was_not_asked_for() {
    let office = Office::open();
    for user in USERS {
        for scope in SCOPES {
            check_slice(&office, user, (PERMISSIONS, &[scope]));
        }
    }
}

#[test]
fn a_handle_of_one_slice_is_nobody_in_another() {
    let office = Office::open();
    let parts: Vec<Snapshot> =
        USERS.iter().map(|user| slice_of(&office, user, (&["doc:read"], &["project:1"]))).collect();
    for (at, part) in parts.iter().enumerate() {
        let id = user_id(USERS[at]).to_string();
        let user = part.user(&id).unwrap().unwrap();
        let permission = part.permission("doc:read").unwrap();
        let question = Check::new(user, permission, part.org_place(), part.header().created);
        for (other, of_another) in parts.iter().enumerate() {
            assert_eq!(
                check(of_another, &question).is_ok(),
                other == at,
                "{} asked of {}",
                USERS[at],
                USERS[other]
            );
        }
    }
}
