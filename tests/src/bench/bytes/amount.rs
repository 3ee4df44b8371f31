//! How large a snapshot is, and what it takes when opened.

use cohort_core::encode::{self, UserNames};
use cohort_core::graph::Graph;
use cohort_core::view::{FactKey, Facts, Member};

use super::{FIRST, VALIDITY};
use crate::bench::report::Unit;
use crate::bench::{Failure, Rows, node, weight};

/// Measures lengths and memory; gives the snapshot without names, as an edge that asks by id takes it.
///
/// # Errors
/// [`Failure::Start`] if the memory cannot be asked for.
pub(super) fn measure(graph: &Graph, bytes: &[u8], rows: &mut Rows<'_>) -> Result<Vec<u8>, Failure> {
    let nameless = without_names(graph, graph.facts());
    rows.add_bytes("snapshot", Some(bytes.len()));
    rows.add_bytes("snapshot without names", Some(nameless.len()));
    if rows.wants("snapshot opened") {
        let opened = weight::elsewhere(bytes, &[]).map_err(Failure::Start)?;
        rows.add_amount("snapshot opened", opened.map(|bytes| bytes as f64), Unit::Bytes);
        let opened = weight::elsewhere(&nameless, &[]).map_err(Failure::Start)?;
        rows.add_amount("snapshot opened, without names", opened.map(|bytes| bytes as f64), Unit::Bytes);
    }
    if rows.wants("brotli") {
        memberships(graph, &nameless, rows);
    }
    Ok(nameless)
}

/// Measures what a snapshot without names takes once it has followed `deltas`.
///
/// # Errors
/// [`Failure::Start`] if the memory cannot be asked for.
pub(super) fn followed(nameless: &[u8], deltas: &[Vec<u8>], rows: &mut Rows<'_>) -> Result<(), Failure> {
    let count = deltas.len();
    let opened = weight::elsewhere(nameless, deltas).map_err(Failure::Start)?;
    let name = format!("snapshot opened, without names, and {count} deltas");
    rows.add_amount(&name, opened.map(|bytes| bytes as f64), Unit::Bytes);
    rows.add_bytes(&format!("{count} deltas"), Some(deltas.iter().map(Vec::len).sum()));
    Ok(())
}

/// What memberships take on the wire: what the snapshot has more than one in which nobody is in any group.
fn memberships(graph: &Graph, nameless: &[u8], rows: &mut Rows<'_>) {
    let is_membership = |key: &FactKey| matches!(key, FactKey::Edge(Member::User(_), ..));
    let count = graph.facts().keys().filter(|key| is_membership(key)).count();
    let others = graph.facts().iter().filter(|(key, _)| !is_membership(key));
    let others: Facts = others.map(|(key, fact)| (key.clone(), fact.clone())).collect();
    let others = without_names(graph, &others);
    let bits_each = |with: usize, without: usize| 8.0 * with.saturating_sub(without) as f64 / count as f64;
    rows.add_amount("a membership", Some(bits_each(nameless.len(), others.len())), Unit::Bits);
    let compressed = node::brotli(nameless);
    rows.add_bytes("snapshot without names, brotli", compressed);
    let each = compressed.and_then(|bytes| Some(bits_each(bytes, node::brotli(&others)?)));
    rows.add_amount("a membership, brotli", each, Unit::Bits);
}

fn without_names(graph: &Graph, facts: &Facts) -> Vec<u8> {
    encode::snapshot_with(graph.org(), FIRST, VALIDITY, facts, UserNames::Withheld)
}
