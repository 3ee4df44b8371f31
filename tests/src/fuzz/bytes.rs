//! Bytes of snapshots and deltas, wrong in all ways that a signature does not keep out.

use cohort_core::decide::{Query, decide};
use cohort_core::encode::{self, Validity};
use cohort_core::explain::explain;
use cohort_core::id::{Instant, OrgId, Revision};
use cohort_core::view::envelope::Envelope;
use cohort_core::view::{
    ApplyError, Fact, FactChange, FactKey, Facts, Header, OpenError, Snapshot, StateError, WireFault, format,
};

use super::choices::Choices;
use super::facts::{bases, edit, fits};
use crate::random::{NOW, validity};

/// Bytes of the header, which most edits leave alone.
const HEADER_BYTES: usize = 63;

/// Edits of facts, and then of their bytes.
const EDITS_MAX: usize = 4;

/// The revision of the states that deltas build on.
const BASE: Revision = Revision::new(7);

const ORG: OrgId = OrgId::from_u128(1);

/// How far bytes got when they were opened as a snapshot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stage {
    /// The header was refused.
    Header(WireFault),
    /// A row behind the header was refused.
    Row(WireFault),
    /// All rows were read, and contradict each other.
    State(StateError),
    /// It was opened.
    Opened,
}

/// Opens the bytes, or those that they choose.
pub(super) fn open(data: &[u8]) -> Stage {
    // Bytes that begin like one are taken for one: whole snapshots can be kept as inputs.
    if data.starts_with(b"COHO") {
        check_kept(data);
        return check_open(data);
    }
    if let Ok(envelope) = Envelope::parse(data) {
        assert_eq!(envelope.to_bytes(), data, "an envelope that is not its bytes");
        return check_open(envelope.payload);
    }
    let mut choices = Choices::new(data);
    let facts = edited_facts(&mut choices);
    let written = encode::snapshot(ORG, BASE, validity(), &facts);
    check_open(&edited_bytes(written, &mut choices))
}

/// Applies a delta that the bytes choose to a state that they choose.
pub(super) fn apply(data: &[u8]) {
    let mut choices = Choices::new(data);
    let Some(base) = choices.pick(bases()) else { return };
    let Ok(mut state) = Snapshot::open(&encode::snapshot(ORG, BASE, validity(), base)) else {
        unreachable!("the base is refused")
    };
    let mut facts = base.clone();
    for _ in 0..=choices.below(EDITS_MAX) {
        edit(&mut facts, &mut choices);
    }
    let to = Revision::new(BASE.number() + u64::from(choices.byte() % 3));
    let written = encode::delta(ORG, BASE, to, validity(), &difference(base, &facts));
    let is_whole = !choices.one_in(2);
    let delta = if is_whole { written } else { edited_bytes(written, &mut choices) };
    let before = (*state.header(), state.facts());
    match state.apply(&delta) {
        Err(error) => {
            assert_eq!((*state.header(), state.facts()), before, "{error}");
            check_refusal(&error, delta.len());
        }
        Ok(()) => {
            let is_plain = is_whole && facts.iter().all(|(key, fact)| fits(key, fact));
            assert!(!is_plain || state.facts() == facts, "facts of a delta that were not taken");
            check_applied(&state);
        }
    }
}

fn edited_facts(choices: &mut Choices<'_>) -> Facts {
    let mut facts = choices.pick(bases()).cloned().unwrap_or_default();
    for _ in 0..choices.below(EDITS_MAX + 1) {
        edit(&mut facts, choices);
    }
    facts
}

/// What leads from `before` to `after`.
fn difference(before: &Facts, after: &Facts) -> Vec<FactChange> {
    let put = after.iter().filter(|(key, fact)| before.get(*key) != Some(*fact));
    let put = put.map(|(key, fact)| FactChange { key: key.clone(), fact: Some(fact.clone()) });
    let dropped = before.keys().filter(|key| !after.contains_key(*key));
    let dropped = dropped.map(|key| FactChange { key: key.clone(), fact: None });
    encode::merged([put.chain(dropped).collect()])
}

/// The bytes with some edits, seven of eight behind the header.
fn edited_bytes(mut bytes: Vec<u8>, choices: &mut Choices<'_>) -> Vec<u8> {
    for _ in 0..choices.below(EDITS_MAX) {
        let is_behind = choices.below(8) != 1;
        let first = if is_behind { HEADER_BYTES } else { 0 };
        let at = (first + choices.below(bytes.len().saturating_sub(first))).min(bytes.len());
        let end = (at + 1 + choices.below(20)).min(bytes.len());
        let new = choices.byte();
        match choices.below(6) {
            0 => bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << (new % 8)),
            1 => bytes.get_mut(at).into_iter().for_each(|byte| *byte = new),
            2 => drop(bytes.drain(at..end)),
            3 => bytes.insert(at, new),
            4 => {
                let copied = bytes.get(at..end).unwrap_or_default().to_vec();
                bytes.splice(at..at, copied);
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

/// The rows alone, as a directory keeps those of a revision.
fn check_kept(data: &[u8]) {
    let rows = data.get(HEADER_BYTES..).unwrap_or_default();
    if let Ok(changes) = encode::changes_from_bytes(rows) {
        assert_eq!(encode::changes_to_bytes(&changes), rows, "rows that are not their bytes");
    }
}

fn check_open(bytes: &[u8]) -> Stage {
    match Snapshot::open(bytes) {
        Ok(snapshot) => {
            check_opened(&snapshot, bytes);
            Stage::Opened
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            let cause = match error {
                OpenError::Wire(cause) => cause,
                OpenError::State { offset, cause } => {
                    assert!(offset <= bytes.len(), "{cause} at {offset} in {} bytes", bytes.len());
                    return Stage::State(cause);
                }
            };
            assert!(cause.offset <= bytes.len(), "{cause} in {} bytes", bytes.len());
            let is_behind = format::header(bytes).is_ok();
            if is_behind { Stage::Row(cause.fault) } else { Stage::Header(cause.fault) }
        }
    }
}

/// What opens says what its facts say, and has an answer to everything.
fn check_opened(snapshot: &Snapshot, bytes: &[u8]) {
    let header = snapshot.header();
    assert_eq!(format::header(bytes).as_ref(), Ok(header));
    check_applied(snapshot);
}

fn rewritten(snapshot: &Snapshot) -> Vec<u8> {
    let &Header { org, names, revision, created, horizon, valid_until, .. } = snapshot.header();
    let validity = Validity { created, horizon, valid_until };
    encode::snapshot_with(org, revision, validity, &snapshot.facts(), names)
}

/// The first users, permissions and scopes that there are, each with each, and some that there are not.
fn check_answers(snapshot: &Snapshot, same: &Snapshot) {
    let facts = snapshot.facts();
    let users =
        facts.keys().filter_map(|key| if let FactKey::User(id) = key { Some(id.to_string()) } else { None });
    let permissions = facts.values().filter_map(|fact| match fact {
        Fact::Role { permissions, .. } => permissions.first().map(String::as_str),
        _ => None,
    });
    let scopes =
        facts.keys().filter_map(|key| if let FactKey::Scope(id) = key { Some(id.as_str()) } else { None });
    let permissions: Vec<&str> = permissions.take(2).chain(["doc:read"]).collect();
    let scopes: Vec<&str> = scopes.take(2).chain(["org", "doc"]).collect();
    for user in users.take(2).chain(["u1".to_owned()]) {
        for (permission, scope) in
            permissions.iter().flat_map(|one| scopes.iter().map(move |scope| (one, scope)))
        {
            let query = Query::new(&user, permission, Instant::from_millis(NOW)).on(scope);
            let (decision, explanation) = (decide(snapshot, &query), explain(snapshot, &query));
            assert_eq!(decision.outcome, explanation.decision.outcome, "{query:?}");
            let text = explanation.to_text(snapshot);
            assert!(!text.is_empty());
            assert_eq!(text, explain(same, &query).to_text(same), "{query:?}");
            assert_eq!(decision.valid_until, decide(same, &query).valid_until, "{query:?}");
        }
    }
}

fn check_refusal(error: &ApplyError, delta_bytes: usize) {
    assert!(!error.to_string().is_empty());
    if let ApplyError::Wire(cause) = error {
        assert!(cause.offset <= delta_bytes, "{cause} in {delta_bytes} bytes");
    }
}

/// A state is the state that its own facts open as, and answers the same.
fn check_applied(state: &Snapshot) {
    let fresh = match Snapshot::open(&rewritten(state)) {
        Ok(fresh) => fresh,
        Err(error) => unreachable!("took what cannot be opened: {error}"),
    };
    assert_eq!((*fresh.header(), fresh.facts()), (*state.header(), state.facts()));
    check_answers(state, &fresh);
}
