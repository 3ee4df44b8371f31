//! The generator keeps its word: sizes, nesting, and the same organisation for the same seed.

use cohort_core::change::Change;
use cohort_core::decide::decide;
use cohort_core::encode::{self, Validity};
use cohort_core::graph::Graph;
use cohort_core::id::{Instant, Revision};
use cohort_core::view::{Effect, FactKey, GroupState, Member, Snapshot, Via};

use super::{Organisation, Random, Size};

fn small() -> Organisation {
    Organisation::new(Size::S, 7)
}

fn graph(organisation: &Organisation) -> Graph {
    let mut graph = Graph::new(organisation.id());
    for change in organisation.changes() {
        graph.apply(&change).unwrap();
    }
    graph
}

#[test]
fn same_seed_gives_the_same_facts() {
    assert_eq!(graph(&small()).facts(), graph(&small()).facts());
    assert_ne!(graph(&small()).facts(), graph(&Organisation::new(Size::S, 8)).facts());
}

#[test]
fn users_are_in_eight_groups_on_average() {
    let organisation = Organisation::new(Size::M, 7);
    let direct: usize = (0..10_000).map(|user| organisation.memberships(user).len()).sum();
    assert!((78_000..82_000).contains(&direct), "{direct}");
}

#[test]
fn group_sizes_fall_like_the_rank() {
    let mut sizes = [0; 3];
    let mut random = Random::new(7);
    for _ in 0..80_000 {
        match random.rank_below(5_000) {
            0 => sizes[0] += 1,
            9 => sizes[1] += 1,
            99 => sizes[2] += 1,
            _ => {}
        }
    }
    assert!(sizes[0] > 5 * sizes[1] && sizes[1] > 5 * sizes[2] && sizes[2] > 0, "{sizes:?}");
}

#[test]
fn groups_nest_up_to_the_last_level() {
    let organisation = Organisation::new(Size::M, 7);
    let above = |group: &usize| organisation.parent(*group);
    let levels = (0..Size::M.groups).map(|group| std::iter::successors(Some(group), above).count());
    assert_eq!(levels.max(), Some(usize::from(organisation.size().levels)));
}

#[test]
fn every_ingredient_is_there() {
    let organisation = small();
    let changes: Vec<Change> = organisation.changes().collect();
    let has = |of: fn(&Change) -> bool| changes.iter().filter(|change| of(change)).count();
    assert_eq!(has(|change| matches!(change, Change::SetUser(_))), Size::S.users);
    assert_eq!(has(|change| matches!(change, Change::SetRole(_))), Size::S.roles);
    assert!(has(|change| matches!(change, Change::SetRole(role) if !role.includes.is_empty())) > 0);
    assert!(
        has(|change| matches!(change, Change::SetGroup(group) if group.state == GroupState::Disabled)) > 0
    );
    assert!(
        has(|change| matches!(change, Change::SetEdge(key, _) if matches!(key.member, Member::Group(_)))) > 0
    );
    assert!(has(|change| matches!(change, Change::SetGrant(grant) if grant.effect == Effect::Deny)) > 0);
    let scoped = has(|change| matches!(change, Change::SetGrant(grant) if !grant.scope.is_org()));
    assert!((15..50).contains(&scoped), "{scoped} of about 300 grants below the organisation");
    let graph = graph(&organisation);
    assert!(graph.facts().keys().any(|key| matches!(key, FactKey::Edge(.., Via::Rule))));
    let expected = organisation.changes_expected();
    assert!(changes.len().abs_diff(expected) < expected / 20, "{} of {expected}", changes.len());
}

#[test]
fn questions_have_both_answers() {
    let organisation = small();
    let now = Instant::from_millis(1_000);
    let validity = Validity::from_now(now, 900_000);
    let graph = graph(&organisation);
    let bytes = encode::snapshot(graph.org(), Revision::new(1), validity, graph.facts());
    let snapshot = Snapshot::open(&bytes).unwrap();
    let mut random = Random::new(7);
    let allowed = (0..1_000)
        .map(|_| organisation.question(&mut random))
        .filter(|question| decide(&snapshot, &question.query(now)).outcome.is_allow())
        .count();
    assert!((300..950).contains(&allowed), "{allowed} of 1000 allowed");
}
