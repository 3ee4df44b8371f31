use cohort_core::change::Change;
use cohort_core::decide::Query;
use cohort_core::encode::{self, Validity};
use cohort_core::explain::explain;
use cohort_core::graph::Graph;
use cohort_core::id::{GrantId, GroupId, Instant, OrgId, Revision, RoleId, ScopeId, Span, UserId};
use cohort_core::model::{EdgeKey, Grant, Group, Role, User};
use cohort_core::view::{GroupState, Member, Principal, Snapshot, Via};
use serde_json::json;

use super::{Question, reasons};

const NOW: Instant = Instant::from_millis(1_772_355_600_000);

/// Ada is in `sales`, which is a quoter on project 42.
fn state(sales: GroupState) -> Snapshot {
    let mut graph = Graph::new(OrgId::from_u128(1));
    let ada = User::new(UserId::from_u128(2), "ada");
    let group = Group { state: sales, ..Group::new(GroupId::from_u128(3), "sales") };
    let quoter = Role::new(RoleId::from_u128(4), "quoter", &["quote:create"]).expect("a role");
    let scope = ScopeId::parse("project:42").expect("a scope");
    let principal = Principal::Group(group.id);
    let grant = Grant { scope, ..Grant::new(GrantId::from_u128(5), principal, quoter.id) };
    let edge = EdgeKey::include(group.id, Member::User(ada.id), Via::Scim);
    for change in [
        Change::SetUser(ada),
        Change::SetGroup(group),
        Change::SetRole(quoter),
        Change::SetGrant(grant),
        Change::SetEdge(edge, Span::ALWAYS),
    ] {
        graph.apply(&change).expect("a change that fits");
    }
    let validity = Validity::from_now(NOW, 900_000);
    let bytes = encode::snapshot(graph.org(), Revision::new(7), validity, graph.facts());
    Snapshot::open(&bytes).expect("a snapshot of ours")
}

#[track_caller]
fn check(sales: GroupState, expected: &serde_json::Value) {
    let state = state(sales);
    let query = Query::new("ada", "quote:create", NOW).on("project:42");
    let answer = reasons(&state, &explain(&state, &query));
    assert_eq!(&serde_json::to_value(answer).expect("JSON"), expected);
}

#[test]
fn an_allow_names_its_path() {
    check(
        GroupState::Enabled,
        &json!({
            "outcome": "allow",
            "revision": 7,
            "validUntil": "2026-03-01T09:15:00.000Z",
            "text": "allow: scim sales < quoter",
            "paths": [{
                "text": "scim sales < quoter",
                "entry": "scim",
                "groups": [{"id": "00000000-0000-0000-0000-000000000003", "name": "sales"}],
                "role": {"id": "00000000-0000-0000-0000-000000000004", "name": "quoter"},
                "scope": "project:42",
                "grantId": "00000000-0000-0000-0000-000000000005",
            }],
            "misses": [],
        }),
    );
}

#[test]
fn a_denial_names_what_would_have_to_change() {
    check(
        GroupState::Disabled,
        &json!({
            "outcome": "deny",
            "reason": "no_path",
            "revision": 7,
            "validUntil": "2026-03-01T09:15:00.000Z",
            "text": "deny: no path near disabled sales",
            "paths": [],
            "misses": [{
                "kind": "group_disabled",
                "name": "sales",
                "id": "00000000-0000-0000-0000-000000000003",
            }],
        }),
    );
}

#[test]
fn a_question_is_read_in_the_words_of_the_api() {
    let body = json!({"subject": "ada", "permission": "p", "in": "project:1", "at": "2026-03-01"});
    let question: Question = serde_json::from_value(body).expect("a question");
    assert_eq!(question.r#in.as_deref(), Some("project:1"));
    assert_eq!(question.at.map(|at| at.to_string()).as_deref(), Some("2026-03-01T00:00:00.000Z"));
    assert!(serde_json::from_value::<Question>(json!({"subject": "ada", "permision": "p"})).is_err());
}
