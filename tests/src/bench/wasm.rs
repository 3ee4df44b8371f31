//! The faces of the core in the runtimes that edges and pages have: the same questions, on the snapshot without names.

mod component;
mod counted;
mod embedded;
mod instance;
mod node;

use std::fs;
use std::path::Path;

use serde::Serialize;

use super::report::{Part, Row};
use super::sample::Samples;
use super::{Failure, Modules, Rows, floor};
pub(super) use counted::{Counted, WHAT as INSTRUCTIONS};

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

/// The module of the npm package, and the script that loads it and decides.
const DOWNLOAD: [&str; 2] = ["cohort_bg.wasm", "decide.js"];

/// Measures each face in each runtime that is there; `deltas` follow `snapshot`, one after the other.
///
/// # Errors
/// [`Failure`] if a module cannot be read, does not run, or allows something else than the core.
pub(super) fn measure(
    modules: &Modules,
    (snapshot, deltas): (&[u8], &[Vec<u8>]),
    told: &Told,
    rows: &mut Rows<'_>,
) -> Result<(), Failure> {
    let raw = fs::read(&modules.raw).map_err(Failure::Start)?;
    rows.add_bytes("raw module", Some(raw.len()));
    if rows.wants("raw module, brotli") {
        rows.add_bytes("raw module, brotli", super::node::brotli(&raw));
    }
    if rows.wants("npm: module and script, brotli") {
        weigh_download(&modules.npm, rows)?;
    }
    if rows.wants(embedded::RUNTIME) {
        embedded::measure(&raw, (snapshot, deltas), told, rows)?;
    }
    if rows.wants(INSTRUCTIONS) {
        Counted::new(&raw)?.measure((snapshot, deltas), told, rows)?;
    }
    if rows.wants(component::RUNTIME) {
        let code = fs::read(&modules.component).map_err(Failure::Start)?;
        component::measure(&code, snapshot, told, rows)?;
    }
    node::measure(modules, snapshot, told, rows)
}

/// Weighs what a page downloads from the package whose entry for Node `npm` is: each file is compressed alone.
fn weigh_download(npm: &Path, rows: &mut Rows<'_>) -> Result<(), Failure> {
    let (mut bytes, mut brotli) = (0, Some(0));
    for file in DOWNLOAD {
        let content = fs::read(npm.with_file_name(file)).map_err(Failure::Start)?;
        bytes += content.len();
        brotli = brotli.zip(super::node::brotli(&content)).map(|(sum, more)| sum + more);
    }
    rows.add_bytes("npm: module and script", Some(bytes));
    rows.add_bytes("npm: module and script, brotli", brotli);
    Ok(())
}

fn row(runtime: &str, name: &str, samples: &Samples, steps: usize) -> Row {
    Row { part: Part::Wasm, ..floor::row(&format!("{runtime}: {name}"), samples, steps as f64) }
}

fn expect_allowed(runtime: &'static str, told: &Told, found: usize) -> Result<(), Failure> {
    let expected = told.allowed;
    if found == expected { Ok(()) } else { Err(Failure::Differs { runtime, expected, found }) }
}
