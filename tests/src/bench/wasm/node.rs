//! The module in Node: `tests/js/measure.mjs` measures, and this reads what it prints.

use std::path::Path;
use std::{env, fs, process};

use serde::Deserialize;

use super::{FACTS, Told, expect_allowed};
use crate::bench::report::{Part, Row};
use crate::bench::{Failure, Rows, node};

pub(super) const RUNTIME: &str = "Node";

/// What the script prints.
#[derive(Deserialize)]
struct Printed {
    rows: Vec<PrintedRow>,
    allowed: usize,
    memory_bytes: usize,
}

#[derive(Deserialize)]
struct PrintedRow {
    name: String,
    median_ns: f64,
    p99_ns: f64,
    repetitions: usize,
}

/// Measures the module in Node, if that is there.
///
/// # Errors
/// [`Failure`] if files for it cannot be written, or it allows something else than the core.
pub(super) fn measure(
    module: &Path,
    snapshot: &[u8],
    told: &Told,
    rows: &mut Rows<'_>,
) -> Result<(), Failure> {
    let folder = env::temp_dir().join(format!("cohort-bench-{}", process::id()));
    fs::create_dir_all(&folder).map_err(Failure::Start)?;
    let printed = printed(module, snapshot, told, &folder);
    fs::remove_dir_all(&folder).map_err(Failure::Start)?;
    let Some(printed) = printed? else { return Ok(()) };
    expect_allowed(RUNTIME, told, printed.allowed)?;
    rows.add_bytes("linear memory in Node", Some(printed.memory_bytes));
    for PrintedRow { name, median_ns, p99_ns, repetitions } in printed.rows {
        let follows = name.starts_with("open").then(|| FACTS.to_string());
        let name = format!("{RUNTIME}: {name}");
        rows.add(Row { part: Part::Wasm, name, median_ns, p99_ns, repetitions, facts: None, follows });
    }
    Ok(())
}

fn printed(module: &Path, snapshot: &[u8], told: &Told, folder: &Path) -> Result<Option<Printed>, Failure> {
    let (bytes, questions) = (folder.join("snapshot"), folder.join("questions.json"));
    fs::write(&bytes, snapshot).map_err(Failure::Start)?;
    fs::write(&questions, serde_json::to_vec(told).map_err(Failure::Report)?).map_err(Failure::Start)?;
    let said = node::run("measure.mjs", &[module, &bytes, &questions], &[]);
    said.map(|said| serde_json::from_str(&said)).transpose().map_err(Failure::Report)
}
