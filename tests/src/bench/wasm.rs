//! The raw module in the runtimes that edges have: the same questions by handle, on the snapshot without names.

mod embedded;
mod node;

use std::fs;
use std::path::Path;

use serde::Serialize;

use super::report::{Part, Row};
use super::sample::Samples;
use super::{Failure, Rows, floor};

/// What opening follows.
const FACTS: &str = "the facts";
/// Questions of one sample.
const CHUNK: usize = 200;

/// Questions, as programs without the core are told.
#[derive(Serialize)]
pub(super) struct Told {
    pub(super) at: i64,
    /// Ids, each of the question at its place.
    pub(super) users: Vec<String>,
    pub(super) permissions: Vec<String>,
    /// Empty for the organisation.
    pub(super) scopes: Vec<String>,
    /// The user of one question with permission and scope of another.
    pub(super) mixed: Vec<[usize; 2]>,
    /// How many the core allows.
    pub(super) allowed: usize,
}

/// Measures `module` in each runtime that is there.
///
/// # Errors
/// [`Failure`] if the module cannot be read, does not run, or allows something else than the core.
pub(super) fn measure(
    module: &Path,
    snapshot: &[u8],
    told: &Told,
    rows: &mut Rows<'_>,
) -> Result<(), Failure> {
    let code = fs::read(module).map_err(Failure::Start)?;
    rows.add_bytes("module", Some(code.len()));
    if rows.wants("module, brotli") {
        rows.add_bytes("module, brotli", super::node::brotli(&code));
    }
    if rows.wants(embedded::RUNTIME) {
        embedded::measure(&code, snapshot, told, rows)?;
    }
    if rows.wants(node::RUNTIME) {
        node::measure(module, snapshot, told, rows)?;
    }
    Ok(())
}

fn row(runtime: &str, name: &str, samples: &Samples, steps: usize) -> Row {
    Row { part: Part::Wasm, ..floor::row(&format!("{runtime}: {name}"), samples, steps as f64) }
}

fn expect_allowed(runtime: &'static str, told: &Told, found: usize) -> Result<(), Failure> {
    let expected = told.allowed;
    if found == expected { Ok(()) } else { Err(Failure::Differs { runtime, expected, found }) }
}
