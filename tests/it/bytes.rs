//! Bytes that are nearly right: whoever signed them, what is off in the numbered sections is refused; and numbers that
//! do not fit into what rows are made of.

use cohort_core::decide::{Outcome, Query, decide};
use cohort_core::encode::{self, UserNames, Validity};
use cohort_core::id::{GrantId, GroupId, Instant, OrgId, PersonId, Revision, RoleId, ScopeId, Span, UserId};
use cohort_core::view::{
    ApplyError, Effect, Fact, FactChange, FactKey, Facts, GrantFact, GroupState, Member, OpenError,
    Principal, Reach, Snapshot, StateError, Via, WireFault,
};

const ORG: OrgId = OrgId::from_u128(7);
const AT: Revision = Revision::new(3);

/// Ids that stand nowhere else in the bytes.
const fn id(number: u128) -> u128 {
    0x1111_2222_3333_4444_5555_6666_7777_8800 + number
}

fn user(number: u128) -> UserId {
    UserId::from_u128(id(number))
}

fn group(number: u128) -> GroupId {
    GroupId::from_u128(id(0x10 + number))
}

fn role(number: u128) -> RoleId {
    RoleId::from_u128(id(0x20 + number))
}

fn scope(text: &str) -> ScopeId {
    ScopeId::parse(text).unwrap()
}

fn grant_of(role: RoleId, on: &str) -> GrantFact {
    let (reach, effect, span) = (Reach::Subtree, Effect::Allow, Span::ALWAYS);
    GrantFact { role, scope: scope(on), reach, effect, requires: Vec::new(), span }
}

fn user_told(number: u128) -> (FactKey, Fact) {
    (FactKey::User(user(number)), Fact::User { name: format!("u{number}"), active: true })
}

fn group_told(number: u128) -> (FactKey, Fact) {
    let slug = format!("g{number}");
    (FactKey::Group(group(number)), Fact::Group { slug, state: GroupState::Enabled })
}

fn role_told(number: u128, permissions: &[&str]) -> (FactKey, Fact) {
    let permissions = permissions.iter().map(ToString::to_string).collect();
    (
        FactKey::Role(role(number)),
        Fact::Role { name: format!("r{number}"), permissions, includes: Vec::new() },
    )
}

fn granted(principal: Principal, number: u128, fact: GrantFact) -> (FactKey, Fact) {
    (FactKey::Grant(principal, GrantId::from_u128(id(0x30 + number))), Fact::Grant(fact))
}

fn edge(member: u128, into: u128, via: Via, span: Span) -> (FactKey, Fact) {
    (FactKey::Edge(Member::User(user(member)), group(into), via), Fact::Edge { spans: vec![span] })
}

fn validity() -> Validity {
    Validity::from_now(Instant::from_millis(0), 900_000)
}

fn facts(more: impl IntoIterator<Item = (FactKey, Fact)>) -> Facts {
    let org = (FactKey::Org, Fact::Org { enabled: true });
    [org, user_told(1), group_told(1), role_told(1, &["doc:read"])].into_iter().chain(more).collect()
}

fn bytes(facts: &Facts) -> Vec<u8> {
    encode::snapshot_with(ORG, AT, validity(), facts, UserNames::Withheld)
}

/// `bytes` with `to` in the one place of `from`.
#[track_caller]
fn with(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let places: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    assert_eq!(places.len(), 1, "{from:x?} in {bytes:x?}");
    [&bytes[..places[0]], to, &bytes[places[0] + from.len()..]].concat()
}

/// `bytes` with `one` and `other`, each of which stands there once, in each other's place.
#[track_caller]
fn swapped(bytes: &[u8], one: &[u8], other: &[u8]) -> Vec<u8> {
    let aside = vec![0xee; one.len()];
    with(&with(&with(bytes, one, &aside), other, one), &aside, other)
}

#[track_caller]
fn check(right: &[u8], wrong: &[u8], fault: impl Fn(WireFault) -> bool) {
    Snapshot::open(right).unwrap();
    match Snapshot::open(wrong).unwrap_err() {
        OpenError::Wire(error) => assert!(fault(error.fault), "{error}"),
        OpenError::State { cause, .. } => panic!("{cause}"),
    }
}

#[track_caller]
fn check_order(facts: &Facts, one: &[u8], other: &[u8]) {
    let right = bytes(facts);
    check(&right, &swapped(&right, one, other), |fault| fault == WireFault::Order);
}

fn id_bytes(number: u128) -> [u8; 16] {
    id(number).to_be_bytes()
}

#[test]
fn texts_and_ids_ascend() {
    check_order(&facts([role_told(1, &["doc:a", "doc:b"])]), b"doc:a", b"doc:b");
    let on = |number, on| granted(Principal::Everyone, number, grant_of(role(1), on));
    check_order(&facts([on(1, "doc:1"), on(2, "doc:2")]), b"doc:1", b"doc:2");
    check_order(&facts([on(1, "doc:1"), on(2, "doc:2")]), &id_bytes(0x31), &id_bytes(0x32));
    check_order(&facts([role_told(2, &["doc:a"])]), &id_bytes(0x21), &id_bytes(0x22));
    check_order(&facts([user_told(2)]), &id_bytes(1), &id_bytes(2));
    let to = |number, person| {
        let person = Principal::Person(PersonId::from_u128(id(person)));
        granted(person, number, grant_of(role(1), "realm"))
    };
    check_order(&facts([to(1, 0x41), to(2, 0x42)]), &id_bytes(0x41), &id_bytes(0x42));
    let same = granted(Principal::Everyone, 1, grant_of(role(1), "org"));
    let two = bytes(&facts([on(1, "org"), on(2, "org")]));
    check(&bytes(&facts([same])), &with(&two, &id_bytes(0x32), &id_bytes(0x31)), |fault| {
        fault == WireFault::Order
    });
}

#[test]
fn no_group_is_told_twice() {
    let right = bytes(&facts([group_told(2)]));
    let wrong = with(&right, &id_bytes(0x12), &id_bytes(0x11));
    check(&right, &wrong, |fault| fault == WireFault::Order);
}

#[test]
fn the_organisation_is_none_of_the_scopes() {
    let right = bytes(&facts([granted(Principal::Everyone, 1, grant_of(role(1), "a:b"))]));
    check(&right, &with(&right, b"a:b", b"org"), |fault| fault == WireFault::Order);
}

/// Flags, number of edges, and for each what lies between its group and the one before, origin and spans; no grants.
#[test]
fn edges_ascend_and_have_one_spelling() {
    let both = [edge(1, 1, Via::Manual, Span::ALWAYS), edge(1, 1, Via::Scim, Span::ALWAYS)];
    let right = bytes(&facts(both));
    let told = [1, 2, 0, 0, 0, 1, 0];
    for wrong in [&[1, 2, 0, 1, 0, 0, 0][..], &[1, 2, 0, 0, 0, 0, 0], &[1, 2, 0, 4, 1, 0, 0, 1, 0]] {
        check(&right, &with(&right, &told, wrong), |fault| fault == WireFault::Order);
    }
    check(&right, &with(&right, &told, &[1, 2, 0, 0, 0, 3, 0]), |fault| {
        matches!(fault, WireFault::Tag { .. })
    });
    check(&right, &with(&right, &told, &[4, 2, 0, 0, 0, 1, 0]), |fault| {
        matches!(fault, WireFault::Tag { .. })
    });
}

/// Behind a user's id: the length of the row, and what lies between its groups.
#[test]
fn rows_are_no_longer_than_rows_and_have_one_spelling() {
    let one = |rest: &[u8]| [&id_bytes(1), rest].concat();
    let right = bytes(&facts([]));
    for len in [65, 254] {
        check(&right, &with(&right, &one(&[0]), &one(&[len])), |fault| fault == WireFault::Number);
    }
    let right = bytes(&facts([edge(1, 1, Via::Manual, Span::ALWAYS)]));
    check(&right, &with(&right, &one(&[1, 0]), &one(&[1, 0x80, 0])), |fault| fault == WireFault::Number);
    let beyond = with(&right, &one(&[1, 0]), &one(&[1, 1]));
    check(&right, &beyond, |fault| matches!(fault, WireFault::Reference { .. }));
}

/// With enough behind it, four gaps are read at once.
#[test]
fn long_rows_have_one_spelling_too() {
    let many = || (2..40).map(group_told);
    let right = bytes(&facts(many().chain([edge(1, 1, Via::Manual, Span::ALWAYS)])));
    let one = |rest: &[u8]| [&id_bytes(1), rest].concat();
    check(&right, &with(&right, &one(&[1, 0]), &one(&[1, 0x80, 0])), |fault| fault == WireFault::Number);
}

/// Groups that lie near and far from each other, in rows of all lengths.
#[test]
fn rows_of_all_gaps_come_back() {
    let groups = (2..600).map(group_told);
    let users = (2..200).map(user_told);
    let edges = (2..200u128).flat_map(|user| {
        let into = (1..=user % 13).map(move |step| (user * 7 + step * step * 31) % 599 + 1);
        into.map(move |group| edge(user, group, Via::Manual, Span::ALWAYS))
    });
    let told = facts(groups.chain(users).chain(edges));
    let bytes = encode::snapshot(ORG, AT, validity(), &told);
    assert_eq!(Snapshot::open(&bytes).unwrap().facts(), told);
}

/// More users whose ids begin with the same eight bytes than are searched at once.
#[test]
fn ids_that_begin_alike_are_told_apart() {
    let id = |number: u128| UserId::from_u128(7 << 64 | (2 * number));
    let users = (0..1_000).map(|number| {
        let name = format!("alike{number}");
        (FactKey::User(id(number)), Fact::User { name, active: true })
    });
    let snapshot = Snapshot::open(&bytes(&facts(users))).unwrap();
    for number in 0..1_000 {
        assert!(snapshot.user_active(id(number)), "{number}");
        assert!(!snapshot.user_active(UserId::from_u128(7 << 64 | (2 * number + 1))), "{number}");
    }
}

/// Behind a grant's id: role, scope, flags, and how many conditions which are.
#[test]
fn grants_name_what_is_there() {
    let requires = vec!["mfa".to_owned()];
    let fact = GrantFact { requires, ..grant_of(role(1), "org") };
    let right = bytes(&facts([granted(Principal::Everyone, 1, fact)]));
    let grant = |rest: &[u8]| [&id_bytes(0x31), rest].concat();
    let (told, wrong) =
        (grant(&[0, 0, 16, 1, 0]), |rest: &[u8]| with(&right, &grant(&[0, 0, 16, 1, 0]), &grant(rest)));
    assert_eq!(with(&right, &told, &told), right);
    let beyond = |fault| matches!(fault, WireFault::Reference { .. });
    check(&right, &wrong(&[1, 0, 16, 1, 0]), beyond);
    check(&right, &wrong(&[0, 2, 16, 1, 0]), beyond);
    check(&right, &wrong(&[0, 0, 16, 1, 1]), beyond);
    check(&right, &wrong(&[0, 0, 16, 0]), |fault| fault == WireFault::Number);
    check(&right, &wrong(&[0, 0, 18, 1, 0]), |fault| matches!(fault, WireFault::Tag { .. }));
    check(&right, &wrong(&[0, 0, 48, 1, 0]), |fault| matches!(fault, WireFault::Tag { .. }));
}

#[test]
fn a_person_without_grants_is_not_told() {
    let right = bytes(&facts([]));
    let (last, before) = right.split_last().unwrap();
    assert_eq!(*last, 0, "persons come last, and there are none");
    let wrong = [before, &[1], &id_bytes(0x41), &[0]].concat();
    check(&right, &wrong, |fault| matches!(fault, WireFault::Number | WireFault::Truncated));
    let wrong = [before, &[1], &id_bytes(0x41), &[0, 0, 0, 0]].concat();
    check(&right, &wrong, |fault| fault == WireFault::Number);
}

#[test]
fn nobody_but_a_person_is_granted_the_realm() {
    let told = bytes(&facts([granted(Principal::Everyone, 1, grant_of(role(1), "realm"))]));
    let refused = Snapshot::open(&told).unwrap_err();
    assert!(matches!(refused, OpenError::State { cause: StateError::RealmGrant(_), .. }), "{refused}");
}

fn applied(state: &mut Snapshot, changes: Vec<(FactKey, Fact)>) -> Result<(), ApplyError> {
    let changes = changes.into_iter().map(|(key, fact)| FactChange { key, fact: Some(fact) }).collect();
    let (from, changes) = (state.header().revision, encode::merged([changes]));
    let names = state.header().names;
    state.apply(&encode::delta_with(ORG, from, from.next(), validity(), &changes, names))
}

#[test]
fn a_delta_brings_no_conditional_deny_and_moves_no_organisation() {
    let deny =
        GrantFact { effect: Effect::Deny, requires: vec!["mfa".to_owned()], ..grant_of(role(1), "org") };
    let moved =
        |key: &str, above: &str| (FactKey::Scope(scope(key)), Fact::Scope { parents: vec![scope(above)] });
    for wrong in [
        granted(Principal::Everyone, 1, deny),
        moved("org", "project:1"),
        moved("project:1", "org"),
        moved("realm", "project:1"),
    ] {
        let mut state = Snapshot::open(&bytes(&facts([]))).unwrap();
        let refused = applied(&mut state, vec![wrong.clone()]);
        assert!(matches!(refused, Err(ApplyError::Wire(_))), "{wrong:?}");
    }
}

/// What once named it, and does no more, keeps nothing from going.
#[test]
fn what_nothing_names_any_more_can_go() {
    let includes = |others: &[RoleId]| {
        let (name, permissions) = ("r1".to_owned(), vec!["doc:read".to_owned()]);
        (FactKey::Role(role(1)), Fact::Role { name, permissions, includes: others.to_vec() })
    };
    let granted = granted(Principal::User(user(1)), 1, grant_of(role(2), "org"));
    let told = facts([role_told(2, &["doc:read"]), includes(&[role(2)]), granted.clone()]);
    let mut state = Snapshot::open(&bytes(&told)).unwrap();
    let drop = |state: &mut Snapshot, key: FactKey| {
        let (from, change) = (state.header().revision, FactChange { key, fact: None });
        state.apply(&encode::delta_with(ORG, from, from.next(), validity(), &[change], UserNames::Withheld))
    };
    let gone = || FactKey::Role(role(2));
    let named = Err(ApplyError::State(StateError::UnknownRole(role(2))));
    assert_eq!(drop(&mut state, gone()), named);
    drop(&mut state, granted.0).unwrap();
    assert_eq!(drop(&mut state, gone()), named);
    applied(&mut state, vec![includes(&[])]).unwrap();
    drop(&mut state, gone()).unwrap();
    applied(&mut state, vec![role_told(3, &["doc:read"]), includes(&[role(3)])]).unwrap();
    assert_eq!(
        drop(&mut state, FactKey::Role(role(3))),
        Err(ApplyError::State(StateError::UnknownRole(role(3))))
    );
}

#[test]
fn a_delta_names_only_what_is_there() {
    let unknown_user = ApplyError::State(StateError::UnknownUser(user(9)));
    let unknown_group = ApplyError::State(StateError::UnknownGroup(group(9)));
    let unknown_role = ApplyError::State(StateError::UnknownRole(role(9)));
    let realm = ApplyError::State(StateError::RealmGrant(GrantId::from_u128(id(0x31))));
    let into = (
        FactKey::Edge(Member::Group(group(1)), group(9), Via::Manual),
        Fact::Edge { spans: vec![Span::ALWAYS] },
    );
    for (wrong, expected) in [
        (edge(9, 1, Via::Manual, Span::ALWAYS), &unknown_user),
        (edge(1, 9, Via::Manual, Span::ALWAYS), &unknown_group),
        (into, &unknown_group),
        (granted(Principal::User(user(9)), 1, grant_of(role(1), "org")), &unknown_user),
        (granted(Principal::Group(group(9)), 1, grant_of(role(1), "org")), &unknown_group),
        (granted(Principal::Everyone, 1, grant_of(role(9), "org")), &unknown_role),
        (granted(Principal::Everyone, 1, grant_of(role(1), "realm")), &realm),
    ] {
        let mut state = Snapshot::open(&bytes(&facts([]))).unwrap();
        assert_eq!(applied(&mut state, vec![wrong.clone()]).as_ref(), Err(expected), "{wrong:?}");
        assert_eq!(state.facts(), Snapshot::open(&bytes(&facts([]))).unwrap().facts());
    }
}

/// Not known is not asked for: a grant may not lose the condition that there is no room for.
#[test]
fn one_condition_too_many_is_refused() {
    let requiring = |number: u128, names: std::ops::Range<usize>| {
        let requires = names.map(|name| format!("c{name:03}")).collect();
        granted(Principal::User(user(1)), number, GrantFact { requires, ..grant_of(role(1), "org") })
    };
    let mut state = Snapshot::open(&bytes(&facts([requiring(1, 0..63)]))).unwrap();
    applied(&mut state, vec![requiring(2, 62..64)]).unwrap();
    assert_eq!(
        applied(&mut state, vec![requiring(3, 64..65)]),
        Err(ApplyError::State(StateError::TooManyConditions))
    );
    let id = user(1).to_string();
    let outcome = decide(&state, &Query::new(&id, "doc:read", Instant::from_millis(0))).outcome;
    assert_eq!(outcome.code(), "condition_required");
}

#[test]
fn names_are_told_by_all_or_none() {
    let mut state = Snapshot::open(&bytes(&facts([]))).unwrap();
    let (from, next) = (AT, AT.next());
    let (key, fact) = user_told(2);
    let changes = [FactChange { key, fact: Some(fact) }];
    assert_eq!(state.apply(&encode::delta(ORG, from, next, validity(), &changes)), Err(ApplyError::Names));
    applied(&mut state, vec![user_told(2)]).unwrap();
    assert_eq!(state.user_name(user(2)), Some(""));
}

fn outcome(state: &Snapshot, user: UserId) -> Outcome {
    decide(state, &Query::new(&user.to_string(), "doc:read", Instant::from_millis(0))).outcome
}

/// Rows are made of 16 bits: groups and users with higher numbers are kept otherwise.
#[test]
fn numbers_past_sixteen_bits_are_told_apart() {
    const MANY: u128 = 1 << 16;
    let many_groups = (0..MANY + 8).map(|number| {
        let id = GroupId::from_u128(number);
        (FactKey::Group(id), Fact::Group { slug: format!("g{number}"), state: GroupState::Enabled })
    });
    let many_users = (0..MANY + 8).map(|number| {
        (FactKey::User(UserId::from_u128(number)), Fact::User { name: format!("u{number}"), active: false })
    });
    let last = GroupId::from_u128(MANY + 7);
    let grants = [
        granted(Principal::Group(last), 1, grant_of(role(1), "org")),
        granted(Principal::User(user(2)), 2, grant_of(role(1), "org")),
    ];
    let told = facts(many_groups.chain(many_users).chain([user_told(2), user_told(3)]).chain(grants));
    let mut state = Snapshot::open(&bytes(&told)).unwrap();
    assert!(!outcome(&state, user(1)).is_allow() && outcome(&state, user(2)).is_allow());
    assert_eq!(outcome(&state, UserId::from_u128(0)).code(), "inactive_user");
    // By a delta, and in bytes: the group is among the last, as all but one have no members.
    let joined =
        (FactKey::Edge(Member::User(user(3)), last, Via::Manual), Fact::Edge { spans: vec![Span::ALWAYS] });
    applied(&mut state, vec![joined.clone()]).unwrap();
    assert!(outcome(&state, user(3)).is_allow());
    let crowd = (0..MANY + 7).map(|number| {
        let key =
            FactKey::Edge(Member::User(UserId::from_u128(number)), GroupId::from_u128(number), Via::Manual);
        (key, Fact::Edge { spans: vec![Span::ALWAYS] })
    });
    let told: Facts = told.into_iter().chain(crowd).chain([joined]).collect();
    let again = Snapshot::open(&bytes(&told)).unwrap();
    assert!(outcome(&again, user(3)).is_allow() && !outcome(&again, user(1)).is_allow());
    assert_eq!(again.facts().len(), told.len());
}
