//! Following a feed: the bytes of one change, and what applying them costs.

use std::time::{Duration, Instant};

use cohort_core::change::Change;
use cohort_core::encode::{self, UserNames};
use cohort_core::graph::Graph;
use cohort_core::id::Span;
use cohort_core::model::Group;
use cohort_core::view::{FactChange, Header, Snapshot, Via};

use super::{FIRST, VALIDITY, row};
use crate::bench::sample::{Budget, Samples, time};
use crate::bench::{Failure, Rows};
use crate::organisation::{Organisation, Random};

/// Different changes of one kind, at most; they are repeated in turn.
const DIFFERENT_MAX: usize = 500;
/// Deltas that a feed goes on by before its state is weighed, or asked.
pub(in crate::bench) const FOLLOWED: usize = 10_000;
/// How long the changes of one kind may take to work out.
const PREPARING: Duration = Duration::from_secs(3);

/// Changes there and back, as the facts that they put and drop.
pub(super) struct Deltas {
    there: &'static str,
    back: &'static str,
    facts: Vec<[Vec<FactChange>; 2]>,
}

/// The deltas to measure; the graph is as it was before.
///
/// # Errors
/// [`Failure::Change`] if the graph refuses one.
pub(super) fn prepare(organisation: &Organisation, graph: &mut Graph) -> Result<Vec<Deltas>, Failure> {
    let size = organisation.size();
    let mut random = Random::new(2);
    let member = |random: &mut Random| {
        let (user, group) = (random.below(size.users), random.below(size.groups));
        Change::SetEdge(organisation.membership(user, group, Via::Manual), Span::ALWAYS)
    };
    let group = |random: &mut Random| {
        let number = size.groups + random.below(size.groups);
        Change::SetGroup(Group::new(organisation.group_id(number), "new-group"))
    };
    let role = |random: &mut Random| Change::SetRole(organisation.new_role(random.below(size.roles)));
    let mut there_and_back = |change: &dyn Fn(&mut Random) -> Change| {
        let start = Instant::now();
        let mut different = Vec::new();
        while different.is_empty() || (different.len() < DIFFERENT_MAX && start.elapsed() < PREPARING) {
            different.push(facts(graph, &change(&mut random))?);
        }
        Ok::<_, Failure>(different)
    };
    Ok(vec![
        Deltas { there: "add membership", back: "remove membership", facts: there_and_back(&member)? },
        Deltas { there: "add group", back: "remove group", facts: there_and_back(&group)? },
        Deltas { there: "add role", back: "remove role", facts: there_and_back(&role)? },
    ])
}

/// Deltas by which a feed goes on, in each of which a user joins a group; the graph has the memberships too.
///
/// # Errors
/// [`Failure::Change`] if the graph refuses one.
pub(in crate::bench) fn memberships(
    organisation: &Organisation,
    graph: &mut Graph,
    names: UserNames,
) -> Result<Vec<Vec<u8>>, Failure> {
    let (size, mut random, mut revision) = (organisation.size(), Random::new(5), FIRST);
    let mut next = || {
        let (user, group) = (random.below(size.users), random.below(size.groups));
        let joins = Change::SetEdge(organisation.membership(user, group, Via::Manual), Span::ALWAYS);
        let (from, facts) = (revision, graph.apply(&joins)?.facts);
        revision = from.next();
        Ok(encode::delta_with(graph.org(), from, revision, VALIDITY, &facts, names))
    };
    (0..FOLLOWED).map(|_| next()).collect()
}

/// The facts of a change and of the way back.
fn facts(graph: &mut Graph, change: &Change) -> Result<[Vec<FactChange>; 2], Failure> {
    let there = graph.apply(change)?;
    let back: Result<Vec<_>, _> = there.inverse.iter().map(|change| graph.apply(change)).collect();
    let back = encode::merged(back?.into_iter().map(|applied| applied.facts));
    Ok([there.facts, back])
}

/// Measures encoding and applying each way; the snapshot has the same facts afterwards.
///
/// # Errors
/// [`Failure::Apply`] if the edge refuses a delta.
pub(super) fn measure(
    organisation: &Organisation,
    snapshot: &mut Snapshot,
    deltas: &[Deltas],
    rows: &mut Rows<'_>,
) -> Result<(), Failure> {
    for Deltas { there, back, facts } in deltas {
        let name = format!("encode delta: {there}");
        if rows.wants(&name) {
            rows.add(row(&name, &encode_there(organisation, facts)?, None));
            rows.add_bytes(&format!("delta: {there}"), bytes_there(organisation, facts));
        }
        for (way, timed) in [there, back].into_iter().enumerate() {
            let name = format!("apply delta: {timed}");
            if rows.wants(&name) {
                rows.add(row(&name, &apply_both(snapshot, facts, way)?, None));
            }
        }
    }
    Ok(())
}

/// Encoded twice, of which the second is timed: whoever encodes a change has just made it, while these were made long ago.
fn encode_there(organisation: &Organisation, facts: &[[Vec<FactChange>; 2]]) -> Result<Samples, Failure> {
    let mut turns = facts.iter().cycle();
    let encoded =
        |changes: &[FactChange]| encode::delta(organisation.id(), FIRST, FIRST.next(), VALIDITY, changes);
    Samples::take(Budget::SHORT, || {
        let changes = turns.next().map_or(&[][..], |[there, _]| there);
        let before = encoded(changes);
        let (took, delta) = time(|| encoded(changes));
        drop((before, delta));
        Ok(took)
    })
}

/// The length of a delta, half of them have at most that.
fn bytes_there(organisation: &Organisation, facts: &[[Vec<FactChange>; 2]]) -> Option<usize> {
    let delta =
        |changes: &[_]| encode::delta(organisation.id(), FIRST, FIRST.next(), VALIDITY, changes).len();
    let mut lengths: Vec<usize> = facts.iter().map(|[there, _]| delta(there)).collect();
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied()
}

/// Goes there and back each time; the samples are of the `timed` way, 0 or 1.
fn apply_both(
    snapshot: &mut Snapshot,
    facts: &[[Vec<FactChange>; 2]],
    timed: usize,
) -> Result<Samples, Failure> {
    let mut turns = facts.iter().cycle();
    Samples::take(Budget::SHORT, || {
        let mut took = [Duration::ZERO; 2];
        for (changes, took) in turns.next().into_iter().flatten().zip(&mut took) {
            let Header { org, revision, .. } = *snapshot.header();
            let delta = encode::delta(org, revision, revision.next(), VALIDITY, changes);
            let applied;
            (*took, applied) = time(|| snapshot.apply(&delta));
            applied?;
        }
        Ok(took.get(timed).copied().unwrap_or_default())
    })
}
