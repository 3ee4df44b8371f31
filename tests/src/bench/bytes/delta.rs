//! Following a feed: the bytes of one change, and what applying them costs.

use std::time::{Duration, Instant};

use cohort_core::change::Change;
use cohort_core::encode;
use cohort_core::graph::Graph;
use cohort_core::id::Span;
use cohort_core::model::Group;
use cohort_core::view::{FactChange, Snapshot, Via};

use super::{FIRST, VALIDITY, row};
use crate::bench::sample::{Budget, Samples, time};
use crate::bench::{Failure, Rows};
use crate::organisation::{Organisation, Random};

/// Different changes of one kind, at most; they are repeated in turn.
const DIFFERENT_MAX: usize = 500;
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
    let mut revision = FIRST;
    let mut encode_next = |changes: &[FactChange]| {
        let from = revision;
        revision = from.next();
        encode::delta(organisation.id(), from, revision, VALIDITY, changes)
    };
    for Deltas { there, back, facts } in deltas {
        let encoding = format!("encode delta: {there}");
        if rows.wants(&encoding) {
            let mut turns = facts.iter().cycle();
            let samples = Samples::of(Budget::SHORT, || {
                let changes = turns.next().map_or(&[][..], |[there, _]| there);
                encode::delta(organisation.id(), FIRST, FIRST.next(), VALIDITY, changes)
            });
            rows.add(row(&encoding, &samples, None));
        }
        for (way, timed) in [there, back].into_iter().enumerate() {
            let applying = format!("apply delta: {timed}");
            if !rows.wants(&applying) {
                continue;
            }
            let mut turns = facts.iter().cycle();
            let samples = Samples::take(Budget::SHORT, || {
                let mut timed = Default::default();
                for (leg, changes) in turns.next().into_iter().flatten().enumerate() {
                    let delta = encode_next(changes);
                    let (took, applied) = time(|| snapshot.apply(&delta));
                    applied?;
                    if leg == way {
                        timed = took;
                    }
                }
                Ok::<_, Failure>(timed)
            })?;
            rows.add(row(&applying, &samples, None));
        }
    }
    Ok(())
}
