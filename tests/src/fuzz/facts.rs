//! Facts of small organisations, and edits of them that bytes choose.

use std::sync::OnceLock;

use cohort_core::id::{GrantId, GroupId, Instant, PersonId, RoleId, ScopeId, Span, UserId};
use cohort_core::view::{Effect, Fact, FactKey, Facts, GrantFact, GroupState, Member, Principal, Reach, Via};

use super::change;
use super::choices::Choices;
use crate::random::{Pair, World};

/// Worlds whose facts are edited, beside an empty one.
const WORLDS: u64 = 6;

/// Bytes that a text may have, some of them too many for every name.
const TEXT_BYTES: &[usize] = &[0, 1, 5, 64, 256, 257];

/// The facts of some random worlds, the first of an empty one.
pub(super) fn bases() -> &'static [Facts] {
    static BASES: OnceLock<Vec<Facts>> = OnceLock::new();
    BASES.get_or_init(|| {
        let of_lines = |lines: &[String]| Pair::of(lines).map(|pair| pair.edge().facts());
        let worlds = (0..WORLDS).filter_map(|number| of_lines(&World::new(1, number).lines).ok());
        of_lines(&[]).into_iter().chain(worlds).collect()
    })
}

/// Puts something about `facts` another way, not always one that fits together.
pub(super) fn edit(facts: &mut Facts, choices: &mut Choices<'_>) {
    let at = choices.below(facts.len());
    let chosen = facts.iter().nth(at).map(|(key, fact)| (key.clone(), fact.clone()));
    match (choices.below(8), chosen) {
        (0 | 1, Some((key, _))) => _ = facts.remove(&key),
        (2, Some((key, fact))) => _ = facts.insert(key, edited(fact, choices)),
        // The value of one key at another: written as if it fitted.
        (3, Some((_, fact))) => _ = facts.insert(new_key(choices, facts), fact),
        (4, _) => stairs(facts, choices),
        _ => {
            let key = new_key(choices, facts);
            let fact = new_fact(&key, choices, facts);
            facts.insert(key, fact);
        }
    }
}

/// Whether a fact is one that can be about its key; what is written of others reads as something else.
pub(super) const fn fits(key: &FactKey, fact: &Fact) -> bool {
    matches!(
        (key, fact),
        (FactKey::Org, Fact::Org { .. })
            | (FactKey::Role(_), Fact::Role { .. })
            | (FactKey::Scope(_), Fact::Scope { .. })
            | (FactKey::Group(_), Fact::Group { .. })
            | (FactKey::User(_), Fact::User { .. })
            | (FactKey::Person(_), Fact::Person { .. })
            | (FactKey::Edge(..), Fact::Edge { .. })
            | (FactKey::Grant(..), Fact::Grant(_))
    )
}

/// Scopes each below the next, so long a line that a bound is met, perhaps closed to a circle.
fn stairs(facts: &mut Facts, choices: &mut Choices<'_>) {
    let (first, count) = (choices.below(8), choices.below(80));
    let step = |number: usize| ScopeId::parse(&format!("step:{number}")).unwrap_or_else(|_| ScopeId::org());
    for number in first..first + count {
        facts.insert(FactKey::Scope(step(number)), Fact::Scope { parents: vec![step(number + 1)] });
    }
    if choices.one_in(4) {
        facts.insert(FactKey::Scope(step(first + count)), Fact::Scope { parents: vec![step(first)] });
    }
}

/// The id of somebody or something that is there, or of nobody.
fn id(choices: &mut Choices<'_>, ids: &[u128]) -> u128 {
    if choices.one_in(8) {
        u128::from(choices.byte())
    } else {
        choices.pick(ids).copied().unwrap_or_default()
    }
}

fn user(choices: &mut Choices<'_>, facts: &Facts) -> UserId {
    let of_key = |key: &FactKey| if let FactKey::User(id) = key { Some(id.as_u128()) } else { None };
    UserId::from_u128(id(choices, &facts.keys().filter_map(of_key).collect::<Vec<_>>()))
}

fn group(choices: &mut Choices<'_>, facts: &Facts) -> GroupId {
    let of_key = |key: &FactKey| if let FactKey::Group(id) = key { Some(id.as_u128()) } else { None };
    GroupId::from_u128(id(choices, &facts.keys().filter_map(of_key).collect::<Vec<_>>()))
}

fn role(choices: &mut Choices<'_>, facts: &Facts) -> RoleId {
    let of_key = |key: &FactKey| if let FactKey::Role(id) = key { Some(id.as_u128()) } else { None };
    RoleId::from_u128(id(choices, &facts.keys().filter_map(of_key).collect::<Vec<_>>()))
}

/// One of few persons, so that links and grants meet.
fn person(choices: &mut Choices<'_>) -> PersonId {
    PersonId::from_u128(u128::from(choices.byte() % 4))
}

fn new_key(choices: &mut Choices<'_>, facts: &Facts) -> FactKey {
    match choices.below(9) {
        0 => FactKey::Org,
        1 => FactKey::Role(role(choices, facts)),
        2 => FactKey::Scope(change::scope(choices)),
        3 => FactKey::Group(group(choices, facts)),
        4 => FactKey::User(user(choices, facts)),
        8 => FactKey::Person(user(choices, facts)),
        5 => {
            let via = choices.pick(&[Via::Manual, Via::Scim, Via::Rule]).copied().unwrap_or(Via::Manual);
            FactKey::Edge(member(choices, facts), group(choices, facts), via)
        }
        _ => {
            let principal = match (choices.below(4), member(choices, facts)) {
                (0, _) => Principal::Everyone,
                (1, _) => Principal::Person(person(choices)),
                (_, Member::User(id)) => Principal::User(id),
                (_, Member::Group(id)) => Principal::Group(id),
            };
            FactKey::Grant(principal, GrantId::from_u128(u128::from(choices.byte())))
        }
    }
}

fn member(choices: &mut Choices<'_>, facts: &Facts) -> Member {
    if choices.one_in(2) { Member::Group(group(choices, facts)) } else { Member::User(user(choices, facts)) }
}

fn new_fact(key: &FactKey, choices: &mut Choices<'_>, facts: &Facts) -> Fact {
    let fact = match key {
        FactKey::Org => Fact::Org { enabled: true },
        FactKey::Role(_) => {
            Fact::Role { name: "new".to_owned(), permissions: texts(choices), includes: Vec::new() }
        }
        FactKey::Scope(_) => {
            Fact::Scope { parents: (0..choices.below(4)).map(|_| change::scope(choices)).collect() }
        }
        FactKey::Group(_) => Fact::Group { slug: text(choices), state: GroupState::Enabled },
        FactKey::User(_) => Fact::User { name: text(choices), active: true },
        FactKey::Person(_) => Fact::Person { id: person(choices) },
        FactKey::Edge(..) => Fact::Edge { spans: spans(choices) },
        FactKey::Grant(..) => Fact::Grant(GrantFact {
            role: role(choices, facts),
            scope: change::scope(choices),
            reach: Reach::Subtree,
            effect: Effect::Allow,
            requires: texts(choices),
            span: change::span(choices),
        }),
    };
    if choices.one_in(2) { edited(fact, choices) } else { fact }
}

fn edited(fact: Fact, choices: &mut Choices<'_>) -> Fact {
    match fact {
        Fact::Org { enabled } => Fact::Org { enabled: !enabled },
        Fact::Role { name, permissions, includes } if choices.one_in(2) => {
            Fact::Role { name, permissions: shuffled(permissions, choices), includes }
        }
        Fact::Role { permissions, includes, .. } => Fact::Role { name: text(choices), permissions, includes },
        Fact::Scope { parents } => Fact::Scope { parents: shuffled(parents, choices) },
        Fact::Group { slug, .. } => Fact::Group { slug, state: GroupState::Disabled },
        Fact::User { active, .. } => Fact::User { name: text(choices), active },
        Fact::Person { .. } => Fact::Person { id: person(choices) },
        Fact::Edge { spans } => Fact::Edge { spans: shuffled(spans, choices) },
        Fact::Grant(grant) => {
            let effect = if choices.one_in(2) { Effect::Deny } else { Effect::Allow };
            Fact::Grant(GrantFact { effect, requires: shuffled(grant.requires, choices), ..grant })
        }
    }
}

/// One less, one twice, or two in each other's place.
fn shuffled<T: Clone>(mut items: Vec<T>, choices: &mut Choices<'_>) -> Vec<T> {
    let (at, other) = (choices.below(items.len()), choices.below(items.len()));
    match (choices.below(3), items.get(at).cloned()) {
        (_, None) => {}
        (0, _) => drop(items.remove(at)),
        (1, Some(item)) => items.insert(other, item),
        _ => items.swap(at, other),
    }
    items
}

fn text(choices: &mut Choices<'_>) -> String {
    let bytes = choices.pick(TEXT_BYTES).copied().unwrap_or_default();
    choices.word(&["a", "z", "A", "\u{1}"]).repeat(bytes)
}

fn texts(choices: &mut Choices<'_>) -> Vec<String> {
    (0..choices.below(5)).map(|_| text(choices)).collect()
}

/// Up to a few more spans than an edge takes; most lie in order.
fn spans(choices: &mut Choices<'_>) -> Vec<Span> {
    let count = if choices.one_in(8) { choices.below(20) } else { 1 + choices.below(3) };
    let mut from = 0;
    let mut next = || {
        from += 1 + i64::from(choices.byte());
        let until = from + i64::from(choices.byte());
        let span = Span::new(Some(Instant::from_millis(from)), Some(Instant::from_millis(until)));
        from = until;
        span.unwrap_or(Span::ALWAYS)
    };
    (0..count).map(|_| next()).collect()
}
