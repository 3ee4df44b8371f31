//! What each kind of change costs a graph.
//!
//! Every repetition draws a change of its kind, applies it under the clock, and takes it back by its inverse, so
//! each kind is measured on the same organisation.

mod kinds;

use std::hint::black_box;

use cohort_core::graph::Graph;
use cohort_core::view::{FactKey, Member, Via};

use super::report::{Part, Row};
use super::sample::{Budget, Samples, time};
use super::{Failure, Rows};
use crate::organisation::{Organisation, Random};
use kinds::{Draw, KINDS, Kind};

/// Look-ups in one sample.
const LOOKUPS: u32 = 100;

/// Measures all kinds that are asked for; gives the graph back as it was, and the nanoseconds of one look-up.
///
/// # Errors
/// [`Failure::Change`] if a change is refused that must not be.
pub(super) fn measure(
    organisation: &Organisation,
    mut graph: Graph,
    rows: &mut Rows<'_>,
) -> Result<(Graph, f64), Failure> {
    let lookup_ns = lookup(organisation, &graph);
    for kind in KINDS {
        if rows.wants(kind.name) {
            let row = kind_row(organisation, &mut graph, kind)?;
            rows.add(row);
        }
    }
    Ok((graph, lookup_ns))
}

fn kind_row(organisation: &Organisation, graph: &mut Graph, kind: &Kind) -> Result<Row, Failure> {
    let mut random = Random::new(1);
    let mut facts = Vec::new();
    let samples = Samples::take(Budget::SHORT, || {
        let change = (kind.change)(&mut Draw { organisation, graph, random: &mut random });
        let (took, applied) = time(|| graph.apply(&change));
        let applied = applied?;
        facts.push(applied.facts.len());
        for back in &applied.inverse {
            graph.apply(back)?;
        }
        Ok::<_, Failure>(took)
    })?;
    facts.sort_unstable();
    Ok(Row {
        part: Part::Change,
        name: kind.name.to_string(),
        median_ns: samples.median(),
        p99_ns: samples.p99(),
        repetitions: samples.count(),
        facts: facts.get(facts.len() / 2).copied(),
        follows: kind.follows.map(str::to_string),
    })
}

/// Nanoseconds to find one membership by its key.
fn lookup(organisation: &Organisation, graph: &Graph) -> f64 {
    let mut random = Random::new(1);
    let samples = Samples::take(Budget::SHORT, || {
        let keys: Vec<FactKey> = (0..LOOKUPS).map(|_| any_membership(organisation, &mut random)).collect();
        let find = || keys.iter().filter(|key| graph.facts().contains_key(key)).count();
        let (took, found) = time(find);
        black_box(found);
        Ok::<_, std::convert::Infallible>(took)
    });
    let Ok(samples) = samples;
    samples.median() / f64::from(LOOKUPS)
}

fn any_membership(organisation: &Organisation, random: &mut Random) -> FactKey {
    let user = random.below(organisation.size().users);
    let group = random.below(organisation.size().groups);
    FactKey::Edge(Member::User(organisation.user_id(user)), organisation.group_id(group), Via::Scim)
}
