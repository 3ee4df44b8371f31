//! Changes of a small organisation, good and bad, that bytes choose.

use cohort_core::attribute::{Profile, Text};
use cohort_core::change::Change;
use cohort_core::id::{GrantId, GroupId, Instant, PersonId, RoleId, ScopeId, SourceId, Span, UserId};
use cohort_core::model::{EdgeKey, EdgeKind, Grant, Group, Role, User};
use cohort_core::rule::Rule;
use cohort_core::view::{Effect, GroupState, Member, Principal, Reach, Via};

use super::choices::Choices;
use crate::build::fold;

/// How many of each there may be. Ids from these numbers on name nobody and nothing.
pub(super) const USERS: usize = 4;
pub(super) const GROUPS: usize = 5;
pub(super) const ROLES: usize = 4;
pub(super) const GRANTS: usize = 6;

/// Scopes: some of one type each, and a type with enough of them to cross the bound of ancestors.
const SCOPES: &[&str] =
    &["org", "project:1", "folder:1", "folder:2", "doc:1", "doc:*", "app/project:1", "realm"];
const STEPS: usize = 70;

const NAMES: &[&str] = &["ada", "bob", "eve", "Ada", "", "a\u{7}", "00000000-0000-0000-0000-000000000001"];

const PERMISSIONS: &[&str] =
    &["doc:read", "doc:write", "bill.pay", "bill.send", "*", "doc:*", "bill.*", "bill.pay.*", "", "a b"];

/// Rules of every kind; the last few name groups that may name them back.
const RULES: &[&str] = &[
    "department = sales",
    "department != sales AND job IS NULL",
    "NOT department IN (legal, sales) OR status = active",
    "REPORTS TO ada",
    "REPORTS TO bob DEEP AND NOT REPORTS TO eve",
    "attr.from <= NOW AND attr.until > NOW",
    "attr.many = NOW",
    "MEMBER OF (group0)",
    "MEMBER OF (group1, group2) AND department = sales",
    "MEMBER OF (group3) OR REPORTS TO ada",
    "MEMBER OF (group4) AND attr.until > NOW - 30m",
    "MEMBER OF (\"00000000-0000-0000-0000-000000000001\", group0) OR department = legal",
];

/// The next change.
pub(super) fn change(choices: &mut Choices<'_>) -> Change {
    match choices.below(25) {
        0 => Change::SetOrg { enabled: !choices.one_in(4) },
        1..=4 => Change::SetUser(user(choices)),
        5 => Change::RemoveUser(user_id(choices)),
        6..=8 => Change::SetGroup(group(choices)),
        9 => Change::RemoveGroup(group_id(choices)),
        10..=13 => Change::SetEdge(edge(choices), span(choices)),
        14 => Change::RemoveEdge(edge(choices)),
        15..=16 => Change::SetRole(role(choices)),
        17 => Change::RemoveRole(role_id(choices)),
        18..=19 => {
            let (scope, parents) = (scope(choices), (0..choices.below(4)).map(|_| scope(choices)).collect());
            Change::SetScope { scope, parents }
        }
        20 => Change::RemoveScope(scope(choices)),
        21..=22 => Change::SetGrant(grant(choices)),
        23 if choices.one_in(2) => {
            Change::SetOwner { group: group_id(choices), user: user_id(choices), span: span(choices) }
        }
        23 => {
            let person = choices.pick(&[None, Some(0), Some(1)]).copied().flatten();
            Change::SetPerson { user: user_id(choices), person: person.map(PersonId::from_u128) }
        }
        _ => Change::RemoveGrant(grant_id(choices)),
    }
}

/// Changes that put steps above each other, each below the next; from below, no single one has many above it.
pub(super) fn stairs(choices: &mut Choices<'_>) -> Vec<Change> {
    let top = choices.below(STEPS);
    let under = |number: usize| Change::SetScope { scope: step(number), parents: vec![step(number + 1)] };
    (0..top).map(under).collect()
}

/// One of few ids, and now and then one past them.
fn number(choices: &mut Choices<'_>, count: usize) -> u128 {
    let number = if choices.one_in(24) { count } else { choices.below(count) };
    u128::try_from(number).unwrap_or_default()
}

pub(super) fn user_id(choices: &mut Choices<'_>) -> UserId {
    UserId::from_u128(number(choices, USERS))
}

fn group_id(choices: &mut Choices<'_>) -> GroupId {
    GroupId::from_u128(number(choices, GROUPS))
}

fn role_id(choices: &mut Choices<'_>) -> RoleId {
    RoleId::from_u128(number(choices, ROLES))
}

fn grant_id(choices: &mut Choices<'_>) -> GrantId {
    GrantId::from_u128(number(choices, GRANTS))
}

pub(super) fn scope(choices: &mut Choices<'_>) -> ScopeId {
    if choices.one_in(8) {
        return step(choices.below(STEPS));
    }
    ScopeId::parse(choices.word(SCOPES)).unwrap_or_else(|_| ScopeId::org())
}

fn step(number: usize) -> ScopeId {
    ScopeId::parse(&format!("step:{number}")).unwrap_or_else(|_| ScopeId::org())
}

/// A span within the first minute of 1970.
pub(super) fn span(choices: &mut Choices<'_>) -> Span {
    if !choices.one_in(3) {
        return Span::ALWAYS;
    }
    let mut bound = || Instant::from_millis(i64::from(choices.byte()) * 250);
    let (from, until) = (bound(), bound());
    Span::new(Some(from), Some(until)).or_else(|_| Span::new(None, Some(until))).unwrap_or(Span::ALWAYS)
}

fn user(choices: &mut Choices<'_>) -> User {
    let id = user_id(choices);
    let mut profile = Profile::new();
    let many = if choices.one_in(6) { 20 } else { 2 };
    let fields = [
        ("department", vec![choices.word(&["", "Sales", "legal"]).to_owned()]),
        ("manager", vec![choices.word(NAMES).to_owned()]),
        ("status", vec![choices.word(&["Active", "Inactive"]).to_owned()]),
        ("attr.from", vec![moment(choices)]),
        ("attr.until", vec![moment(choices)]),
        ("attr.many", (0..many).map(|_| moment(choices)).collect()),
    ];
    for (field, values) in &fields {
        profile.set(field, values.iter().map(|value| Text::folded_by(value, fold)).collect());
    }
    let source = choices.one_in(3).then(|| SourceId::from_u128(1));
    let (active, name) = (!choices.one_in(6), fold(choices.word(NAMES)));
    User { source, active, profile, ..User::new(id, &name) }
}

/// A moment within the first minute of 1970, as attributes tell it.
fn moment(choices: &mut Choices<'_>) -> String {
    cohort_oracle::instant_text(i64::from(choices.byte()) * 250)
}

fn group(choices: &mut Choices<'_>) -> Group {
    let id = group_id(choices);
    let slug = match choices.below(12) {
        0 => String::new(),
        1 => "group0".to_owned(),
        2 => "x".repeat(300),
        _ => format!("group{}", id.as_u128()),
    };
    let rule = choices.one_in(2).then(|| choices.word(RULES));
    let rule = rule.and_then(|text| Rule::parse(text, fold).ok());
    let states = [GroupState::Enabled, GroupState::Enabled, GroupState::Disabled, GroupState::Archived];
    let state = choices.pick(&states).copied().unwrap_or(GroupState::Enabled);
    Group { state, rule, ..Group::new(id, &slug) }
}

fn edge(choices: &mut Choices<'_>) -> EdgeKey {
    let group = group_id(choices);
    let member =
        if choices.one_in(3) { Member::Group(group_id(choices)) } else { Member::User(user_id(choices)) };
    let kind = if choices.one_in(5) { EdgeKind::Exclude } else { EdgeKind::Include };
    let via = choices.pick(&[Via::Manual, Via::Scim, Via::Manual, Via::Scim, Via::Rule]).copied();
    EdgeKey { group, member, kind, via: via.unwrap_or(Via::Manual) }
}

fn role(choices: &mut Choices<'_>) -> Role {
    let id = role_id(choices);
    let permissions = (0..choices.below(4)).map(|_| choices.word(PERMISSIONS).to_owned()).collect();
    let includes = (0..choices.below(3)).map(|_| role_id(choices)).collect();
    let name = if choices.one_in(16) { String::new() } else { format!("role{}", id.as_u128()) };
    Role { id, name, permissions, includes }
}

fn grant(choices: &mut Choices<'_>) -> Grant {
    let principal = match choices.below(5) {
        0 => Principal::Everyone,
        1 => Principal::User(user_id(choices)),
        2 => Principal::Person(PersonId::from_u128(u128::from(choices.one_in(2)))),
        _ => Principal::Group(group_id(choices)),
    };
    let conditions = choices.below(3) * usize::from(choices.one_in(2));
    let requires = (0..conditions).map(|_| choices.word(&["mfa", "trusted", "mfa", ""]).to_owned()).collect();
    Grant {
        scope: scope(choices),
        reach: if choices.one_in(4) { Reach::Exact } else { Reach::Subtree },
        effect: if choices.one_in(3) { Effect::Deny } else { Effect::Allow },
        requires,
        span: span(choices),
        ..Grant::new(grant_id(choices), principal, role_id(choices))
    }
}
