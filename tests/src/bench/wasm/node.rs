//! The raw module and the npm package in Node: scripts of `tests/js` measure, and this reads what they print.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use serde::Deserialize;

use super::{FACTS, Told, expect_allowed};
use crate::bench::report::{Part, Row};
use crate::bench::{Failure, Modules, Rows, node};

/// A script, and what its rows begin with.
struct Script {
    runtime: &'static str,
    file: &'static str,
}

const RAW: Script = Script { runtime: "Node", file: "measure.mjs" };
const PACKAGE: Script = Script { runtime: "Node, npm package", file: "measure-package.mjs" };

/// What a script prints.
#[derive(Deserialize)]
struct Printed {
    rows: Vec<PrintedRow>,
    allowed: usize,
    /// Of memory, where the face shows it.
    memory_bytes: Option<usize>,
}

#[derive(Deserialize)]
struct PrintedRow {
    name: String,
    median_ns: f64,
    p99_ns: f64,
    repetitions: usize,
}

/// Measures both in Node, if that is there.
///
/// # Errors
/// [`Failure`] if files for it cannot be written, or something else is allowed than by the core.
pub(super) fn measure(
    modules: &Modules,
    snapshot: &[u8],
    told: &Told,
    rows: &mut Rows<'_>,
) -> Result<(), Failure> {
    let scripts = [(RAW, &modules.raw), (PACKAGE, &modules.npm)];
    let wanted = scripts.into_iter().filter(|(script, _)| rows.wants(script.runtime));
    let wanted: Vec<_> = wanted.collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let folder = env::temp_dir().join(format!("cohort-bench-{}", process::id()));
    fs::create_dir_all(&folder).map_err(Failure::Start)?;
    let printed = printed(&wanted, snapshot, told, &folder);
    fs::remove_dir_all(&folder).map_err(Failure::Start)?;
    for (runtime, printed) in printed? {
        expect_allowed(runtime, told, printed.allowed)?;
        rows.add_bytes("linear memory in Node", printed.memory_bytes);
        for PrintedRow { name, median_ns, p99_ns, repetitions } in printed.rows {
            let follows = name.starts_with("open").then(|| FACTS.to_string());
            let name = format!("{runtime}: {name}");
            rows.add(Row { part: Part::Wasm, name, median_ns, p99_ns, repetitions, facts: None, follows });
        }
    }
    Ok(())
}

/// What each script that ran says.
fn printed(
    scripts: &[(Script, &PathBuf)],
    snapshot: &[u8],
    told: &Told,
    folder: &Path,
) -> Result<Vec<(&'static str, Printed)>, Failure> {
    let (bytes, questions) = (folder.join("snapshot"), folder.join("questions.json"));
    fs::write(&bytes, snapshot).map_err(Failure::Start)?;
    fs::write(&questions, serde_json::to_vec(told).map_err(Failure::Report)?).map_err(Failure::Start)?;
    let mut printed = Vec::new();
    for (script, face) in scripts {
        if let Some(said) = node::run(script.file, &[face, &bytes, &questions], &[]) {
            printed.push((script.runtime, serde_json::from_str(&said).map_err(Failure::Report)?));
        }
    }
    Ok(printed)
}
