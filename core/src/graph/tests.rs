//! Incremental facts, refused changes, and the way back.

mod owners;
mod random;
mod rules;

use alloc::string::String;
use alloc::vec::Vec;

use super::{Graph, GraphError};
use crate::attribute::{Profile, Text};
use crate::change::Change;
use crate::id::{GrantId, GroupId, Instant, OrgId, PersonId, RoleId, ScopeId, Span, UserId};
use crate::model::{EdgeKey, Grant, Group, Role, User};
use crate::rule::Rule;
use crate::view::{Effect, FactKey, Member, Principal, Via};

fn fold(text: &str) -> String {
    text.to_lowercase()
}

fn user(id: u128, department: &str) -> Change {
    let mut user = User::new(UserId::from_u128(id), &alloc::format!("user{id}"));
    let mut profile = Profile::new();
    profile.set("department", alloc::vec![Text::folded_by(department, fold)]);
    user.profile = profile;
    Change::SetUser(user)
}

fn group(id: u128, rule: Option<&str>) -> Change {
    let rule = rule.map(|text| Rule::parse(text, fold).unwrap());
    Change::SetGroup(Group { rule, ..Group::new(GroupId::from_u128(id), &alloc::format!("group{id}")) })
}

fn role(id: u128, permissions: &[&str], includes: &[u128]) -> Change {
    let mut role = Role::new(RoleId::from_u128(id), &alloc::format!("role{id}"), permissions).unwrap();
    role.includes = includes.iter().map(|id| RoleId::from_u128(*id)).collect();
    Change::SetRole(role)
}

fn nested(below: u128, above: u128) -> Change {
    let member = Member::Group(GroupId::from_u128(below));
    Change::SetEdge(EdgeKey::include(GroupId::from_u128(above), member, Via::Manual), Span::ALWAYS)
}

fn grant(id: u128, effect: Effect, group: u128) -> Change {
    let grant =
        Grant::new(GrantId::from_u128(id), Principal::Group(GroupId::from_u128(group)), RoleId::from_u128(1));
    Change::SetGrant(Grant { effect, ..grant })
}

fn person(user: u128, person: Option<u128>) -> Change {
    Change::SetPerson { user: UserId::from_u128(user), person: person.map(PersonId::from_u128) }
}

fn realm_grant(id: u128, principal: Principal) -> Change {
    let grant = Grant::new(GrantId::from_u128(id), principal, RoleId::from_u128(1));
    Change::SetGrant(Grant { scope: ScopeId::realm(), ..grant })
}

fn scope(text: &str) -> ScopeId {
    ScopeId::parse(text).unwrap()
}

fn world() -> Graph {
    let mut graph = Graph::new(OrgId::from_u128(9));
    for change in sample() {
        graph.apply(&change).unwrap();
    }
    graph
}

fn sample() -> Vec<Change> {
    let member = EdgeKey::include(GroupId::from_u128(11), Member::User(UserId::from_u128(2)), Via::Scim);
    let excluded = EdgeKey::exclude(GroupId::from_u128(10), UserId::from_u128(1));
    let (from, until) = (Instant::from_millis(10), Instant::from_millis(20));
    alloc::vec![
        user(1, "Sales"),
        user(2, "legal"),
        group(10, Some("department = sales")),
        group(11, None),
        group(12, None),
        nested(10, 11),
        nested(11, 12),
        Change::SetEdge(member, Span::ALWAYS),
        Change::SetEdge(excluded, Span::new(Some(from), Some(until)).unwrap()),
        Change::SetOwner { group: GroupId::from_u128(11), user: UserId::from_u128(2), span: Span::ALWAYS },
        role(1, &["doc:read", "doc:write"], &[]),
        role(2, &["doc:*"], &[]),
        role(3, &["bill:pay", "doc:read"], &[1]),
        Change::SetScope { scope: scope("project:1"), parents: alloc::vec![scope("area:1")] },
        grant(1, Effect::Allow, 12),
        person(1, Some(7)),
        realm_grant(3, Principal::Person(PersonId::from_u128(7))),
    ]
}

#[test]
fn a_rule_lets_users_in_and_out_as_profiles_change() {
    let mut graph = world();
    let at = Instant::from_millis(0);
    let sales = GroupId::from_u128(10);
    assert_eq!(graph.users_in(sales, at), [UserId::from_u128(1)].into());
    let applied = graph.apply(&user(2, "SALES")).unwrap();
    let moves: Vec<_> = applied.moves.iter().map(|one| (one.user.as_u128(), one.joined)).collect();
    assert_eq!(moves, [(2, true)]);
    assert_eq!(graph.users_in(GroupId::from_u128(12), at).len(), 2);
    let applied = graph.apply(&user(1, "legal")).unwrap();
    assert_eq!(applied.moves.iter().map(|one| one.joined).collect::<Vec<_>>(), [false]);
    assert_eq!(graph.users_in(sales, at), [UserId::from_u128(2)].into());
}

#[test]
fn a_new_user_meets_rules_on_absent_fields() {
    let mut graph = world();
    graph.apply(&group(13, Some("job IS NULL"))).unwrap();
    graph.apply(&user(3, "x")).unwrap();
    assert_eq!(graph.users_in(GroupId::from_u128(13), Instant::from_millis(0)).len(), 3);
}

#[test]
fn an_exclusion_masks_the_rule_for_its_time_only() {
    let graph = world();
    let (sales, all) = (GroupId::from_u128(10), GroupId::from_u128(12));
    for (millis, members) in [(9, 2), (10, 1), (19, 1), (20, 2)] {
        assert_eq!(graph.users_in(all, Instant::from_millis(millis)).len(), members, "{millis}");
    }
    assert!(graph.users_in(sales, Instant::from_millis(15)).is_empty());
}

#[test]
fn facts_do_not_depend_on_the_order_of_changes() {
    let mut reordered = sample();
    // Users come after the rule that reads them, roles in reverse of their includes' need.
    reordered.swap(0, 2);
    reordered.swap(10, 9);
    reordered.swap(9, 10);
    let mut graph = Graph::new(OrgId::from_u128(9));
    for change in &reordered {
        graph.apply(change).unwrap();
    }
    assert_eq!(graph.facts(), world().facts());
}

#[test]
fn every_change_can_be_taken_back() {
    let changes = [
        user(1, "legal"),
        Change::RemoveUser(UserId::from_u128(1)),
        group(10, None),
        Change::RemoveGroup(GroupId::from_u128(11)),
        Change::RemoveGroup(GroupId::from_u128(12)),
        role(1, &["doc:read"], &[]),
        Change::RemoveRole(RoleId::from_u128(1)),
        Change::RemoveGrant(GrantId::from_u128(1)),
        Change::SetOrg { enabled: false },
        Change::RemoveScope(scope("project:1")),
        user(7, "sales"),
        person(1, None),
        person(2, Some(7)),
    ];
    for change in changes {
        let mut graph = world();
        let applied = graph.apply(&change).unwrap();
        assert!(!applied.facts.is_empty(), "{change:?}");
        assert_ne!(graph.facts(), world().facts(), "{change:?}");
        for inverse in &applied.inverse {
            graph.apply(inverse).unwrap();
        }
        assert_eq!(graph.facts(), world().facts(), "{change:?}");
    }
}

#[test]
fn what_already_holds_changes_nothing() {
    let mut graph = world();
    for change in sample() {
        let applied = graph.apply(&change).unwrap();
        assert_eq!((applied.facts, applied.inverse), (Vec::new(), Vec::new()), "{change:?}");
    }
}

#[track_caller]
fn check_refused(change: &Change, expected: &GraphError) {
    let mut graph = world();
    assert_eq!(graph.apply(change).as_ref().unwrap_err(), expected);
    assert_eq!(graph.facts(), world().facts());
}

#[test]
fn broken_invariants_are_named() {
    let (sales, all) = (GroupId::from_u128(10), GroupId::from_u128(12));
    check_refused(&grant(2, Effect::Deny, 12), &GraphError::RuleBelowDeny(sales));
    let everyone = Grant::new(GrantId::from_u128(2), Principal::Everyone, RoleId::from_u128(1));
    let conditional = Grant { effect: Effect::Deny, requires: alloc::vec!["mfa".into()], ..everyone };
    check_refused(&Change::SetGrant(conditional), &GraphError::ConditionalDeny);
    check_refused(&nested(99, 12), &GraphError::UnknownGroup(GroupId::from_u128(99)));
    check_refused(&role(1, &["a"], &[3]), &GraphError::RoleCycle(RoleId::from_u128(1)));
    check_refused(&role(4, &["nothing.*"], &[]), &GraphError::EmptyPattern("nothing.*".into()));
    // What the role itself names no longer is no match.
    check_refused(&role(3, &["bill:*"], &[]), &GraphError::EmptyPattern("bill:*".into()));
    let (one, two) = (scope("project:1"), scope("x:2"));
    let own_parent = Change::SetScope { scope: one.clone(), parents: alloc::vec![two.clone(), one.clone()] };
    check_refused(&own_parent, &GraphError::ScopeCycle(one));
    let below = |above| Change::SetScope { scope: two.clone(), parents: alloc::vec![above] };
    check_refused(&below(ScopeId::org()), &GraphError::FixedScope);
    check_refused(&below(ScopeId::realm()), &GraphError::FixedScope);
    let above = Change::SetScope { scope: ScopeId::realm(), parents: alloc::vec![two.clone()] };
    check_refused(&above, &GraphError::FixedScope);
    check_refused(&person(99, Some(7)), &GraphError::UnknownUser(UserId::from_u128(99)));
    for principal in [Principal::Everyone, Principal::Group(all), Principal::User(UserId::from_u128(1))] {
        check_refused(&realm_grant(4, principal), &GraphError::RealmGrant);
    }

    let mut graph = world();
    graph.apply(&group(20, None)).unwrap();
    graph.apply(&grant(2, Effect::Deny, 20)).unwrap();
    let rule_below = group(20, Some("department = x"));
    assert_eq!(graph.apply(&rule_below), Err(GraphError::RuleBelowDeny(GroupId::from_u128(20))));
    assert_eq!(graph.apply(&nested(12, 20)), Err(GraphError::RuleBelowDeny(sales)));
    assert!(graph.apply(&nested(20, 12)).is_ok(), "{all}");
}

/// A parent above a scope lies above everything below it as well: a snapshot with too many would not open.
#[test]
fn ancestors_are_counted_for_the_scopes_below_too() {
    let mut graph = Graph::new(OrgId::from_u128(9));
    let below = |child: usize, parent: usize| Change::SetScope {
        scope: scope(&alloc::format!("level:{child}")),
        parents: alloc::vec![scope(&alloc::format!("level:{parent}"))],
    };
    for level in 0..64 {
        graph.apply(&below(level, level + 1)).unwrap();
    }
    let refused = graph.apply(&below(64, 65));
    assert_eq!(refused, Err(GraphError::TooManyAncestors(scope("level:0"))));
    assert_eq!(graph.apply(&below(64, 0)), Err(GraphError::ScopeCycle(scope("level:64"))));
}

#[test]
fn the_last_permission_of_a_wildcard_stays() {
    let mut graph = Graph::new(OrgId::from_u128(9));
    graph.apply(&role(1, &["bill.pay"], &[])).unwrap();
    graph.apply(&role(2, &["bill.*"], &[])).unwrap();
    let last_match = GraphError::LastMatch { role: RoleId::from_u128(2), pattern: "bill.*".into() };
    let empty = Err(last_match);
    assert_eq!(graph.apply(&Change::RemoveRole(RoleId::from_u128(1))), empty);
    assert_eq!(graph.apply(&role(1, &["doc:read"], &[])), empty);
    graph.apply(&role(1, &["bill.send"], &[])).unwrap();
    graph.apply(&role(2, &["doc:write"], &[])).unwrap();
    assert!(graph.apply(&Change::RemoveRole(RoleId::from_u128(1))).is_ok());
}

#[test]
fn a_removed_role_that_comes_back_is_included_nowhere() {
    let mut graph = world();
    let (gone, including) = (RoleId::from_u128(1), RoleId::from_u128(3));
    let fact_before = graph.facts().get(&FactKey::Role(including)).cloned();
    graph.apply(&Change::RemoveRole(gone)).unwrap();
    assert_eq!(graph.role(including).unwrap().includes, []);
    let fact = graph.facts().get(&FactKey::Role(including)).cloned();
    assert_ne!(fact, fact_before);
    graph.apply(&role(1, &["doc:share"], &[])).unwrap();
    assert_eq!(graph.facts().get(&FactKey::Role(including)).cloned(), fact);
}

#[test]
fn included_roles_are_counted_over_all_levels() {
    let mut graph = Graph::new(OrgId::from_u128(9));
    let too_large = |id: u128| Err(GraphError::RoleTooLarge(RoleId::from_u128(id)));
    // Role 64 includes 63 and so on down to 0: sixty-four roles.
    graph.apply(&role(0, &["doc:read"], &[])).unwrap();
    for id in 1..=64 {
        graph.apply(&role(id, &["doc:read"], &[id - 1])).unwrap();
    }
    assert_eq!(graph.apply(&role(65, &["doc:read"], &[64])), too_large(65));
    graph.apply(&role(65, &["doc:read"], &[63])).unwrap();
    // One more below all of them is one too many for the uppermost alone.
    graph.apply(&role(66, &["bill:pay"], &[])).unwrap();
    let facts = graph.facts().clone();
    assert_eq!(graph.apply(&role(0, &["doc:read"], &[66])), too_large(64));
    assert_eq!(*graph.facts(), facts);
    graph.apply(&role(64, &["doc:read"], &[62])).unwrap();
    graph.apply(&role(65, &["doc:read"], &[62])).unwrap();
    graph.apply(&role(0, &["doc:read"], &[66])).unwrap();
    // A role found on two ways is one role.
    graph.apply(&role(65, &["doc:read"], &[62, 61, 62])).unwrap();
    let many: Vec<u128> = (0..65).map(|_| 66).collect();
    assert_eq!(graph.apply(&role(67, &["doc:read"], &many)), too_large(67));
}

/// A role with more permissions than the format takes could not be told to any edge.
#[test]
fn wildcards_count_what_they_match() {
    let mut graph = Graph::new(OrgId::from_u128(9));
    let many = |id: u128| {
        let names: Vec<String> = (0..6_000).map(|number| alloc::format!("part{id}:{number}")).collect();
        role(id, &names.iter().map(String::as_str).collect::<Vec<_>>(), &[])
    };
    graph.apply(&many(1)).unwrap();
    graph.apply(&role(2, &["*"], &[])).unwrap();
    assert_eq!(graph.apply(&many(3)), Err(GraphError::RoleTooLarge(RoleId::from_u128(2))));
    graph.apply(&role(2, &["part1:*"], &[])).unwrap();
    graph.apply(&many(3)).unwrap();
    assert_eq!(graph.apply(&role(4, &["x"], &[2, 3])), Err(GraphError::RoleTooLarge(RoleId::from_u128(4))));
    graph.apply(&role(4, &["x"], &[2])).unwrap();
}

#[test]
fn an_organisation_knows_sixty_four_conditions() {
    let mut graph = world();
    let requiring = |id: u128, names: core::ops::Range<usize>| {
        let requires = names.map(|name| alloc::format!("c{name}")).collect();
        let grant = Grant::new(GrantId::from_u128(id), Principal::Everyone, RoleId::from_u128(1));
        Change::SetGrant(Grant { requires, ..grant })
    };
    let one_more = Err(GraphError::TooManyConditionNames);
    assert_eq!(graph.apply(&requiring(10, 0..65)), Err(GraphError::TooManyConditions));
    graph.apply(&requiring(10, 0..40)).unwrap();
    graph.apply(&requiring(11, 30..64)).unwrap();
    let facts = graph.facts().clone();
    assert_eq!(graph.apply(&requiring(12, 60..65)), one_more);
    assert_eq!(graph.apply(&requiring(10, 0..30)).unwrap().facts.len(), 1);
    // Those that the other grant has too are known still.
    assert_eq!(graph.apply(&requiring(12, 64..65)), one_more);
    graph.apply(&requiring(10, 0..40)).unwrap();
    assert_eq!(*graph.facts(), facts);
    // What a grant alone required makes room when the grant says something else, or goes.
    graph.apply(&requiring(10, 1..40)).unwrap();
    graph.apply(&requiring(12, 64..65)).unwrap();
    assert_eq!(graph.apply(&requiring(13, 0..1)), one_more);
    graph.apply(&requiring(11, 0..5)).unwrap();
    graph.apply(&Change::RemoveGrant(GrantId::from_u128(10))).unwrap();
    graph.apply(&requiring(13, 70..128)).unwrap();
    assert_eq!(graph.apply(&requiring(14, 128..129)), one_more);
    graph.apply(&Change::RemoveRole(RoleId::from_u128(1))).unwrap();
    graph.apply(&role(1, &["doc:read"], &[])).unwrap();
    graph.apply(&requiring(14, 128..192)).unwrap();
}

/// The realm's grants outlive the accounts here: another account of the person, or the same again, has them.
#[test]
fn a_grant_to_a_person_stays_when_an_account_goes() {
    let mut graph = world();
    let applied = graph.apply(&Change::RemoveUser(UserId::from_u128(1))).unwrap();
    let dropped: Vec<_> = applied.facts.iter().map(|change| &change.key).collect();
    assert!(dropped.contains(&&FactKey::Person(UserId::from_u128(1))), "{dropped:?}");
    assert!(graph.grant(GrantId::from_u128(3)).is_some());
    assert_eq!(graph.person(UserId::from_u128(1)), None);
    graph.apply(&user(1, "Sales")).unwrap();
    assert_eq!(graph.person(UserId::from_u128(1)), None, "a new account is nobody's until the realm says so");
}
