//! Bodies that take any bytes and see whether the product keeps what it promises on them.
//!
//! Each is a plain function that panics when a promise is broken, so the same body runs under libFuzzer
//! (`fuzz/fuzz_targets/`) and, on inputs of a seeded [`mutate`]r, in every test run (`tests/it/fuzz.rs`). Bodies that
//! need structure take the bytes as [`Choices`]: whatever they are, they steer a generator, so that most inputs get
//! past the first check.

mod bytes;
mod change;
mod changes;
mod choices;
mod facts;
mod form;
mod plain;
mod rule;
mod worlds;

pub mod mutate;

pub use bytes::Stage;
pub use choices::Choices;

/// One body with its name, which is also that of its libFuzzer target and of its folders of inputs.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// In lower case with underscores.
    pub name: &'static str,
    /// Takes any bytes; panics when a promise is broken.
    pub body: fn(&[u8]),
}

/// Every body there is.
pub const TARGETS: &[Target] = &[
    Target { name: "rule_text", body: rule_text },
    Target { name: "rule_json", body: rule_json },
    Target { name: "worlds", body: worlds },
    Target { name: "changes", body: changes },
    Target { name: "snapshot", body: snapshot },
    Target { name: "delta", body: delta },
];

/// Rule text: what is read is written and read the same, and holds at each moment as its tree says; what is refused
/// is refused at a place inside the text.
pub fn rule_text(data: &[u8]) {
    rule::text(data);
}

/// Rules as JSON, and as a directory keeps them: hostile JSON, and JSON that is nearly a rule.
pub fn rule_json(data: &[u8]) {
    rule::json(data);
}

/// Statements of a random world: the oracle, the graph, a fresh snapshot and one that followed by deltas agree.
pub fn worlds(data: &[u8]) {
    worlds::play(data);
}

/// Changes of a graph, also those that no statement tells: refused ones leave nothing behind, inverses lead back,
/// and the facts are those of a graph built from the state and of an edge that followed.
pub fn changes(data: &[u8]) {
    changes::play(data);
}

/// Bytes of a snapshot, edited below the signature: refused with a place, or opened and answering.
pub fn snapshot(data: &[u8]) {
    bytes::open(data);
}

/// How far the snapshot gets that `data` is, or chooses: the body of [`snapshot`].
#[must_use]
pub fn opened_to(data: &[u8]) -> Stage {
    bytes::open(data)
}

/// Bytes of a delta, edited below the signature: refused without a trace, or applied and as if opened afresh.
pub fn delta(data: &[u8]) {
    bytes::apply(data);
}
