//! Which face answered what in which runtime: a table made of result files alone.
//!
//! A result file is `RUNTIME-FACE.json`: `{ runtime, version, face, worlds, asks, cases, passedOver, failures }`, as
//! [`crate::asks::Report::to_result`] and the runner in `tests/runtimes` write it. A cell is red when its file is not
//! there or no such file, when anything failed, or when less was played than the core itself played: what a face
//! cannot be asked it has to say.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// The run of the core itself, which says how much there is to play.
pub const YARDSTICK: &str = "native-core";

/// Failures that are shown of one cell.
const SHOWN_MAX: usize = 10;
/// Letters that are shown of a failure.
const SHOWN_LETTERS_MAX: usize = 300;
/// What an explanation adds to a question that is asked anyhow.
const BESIDE: &str = "explain";

/// What a result file says.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Result {
    runtime: String,
    version: String,
    face: String,
    worlds: usize,
    asks: usize,
    cases: usize,
    passed_over: BTreeMap<String, usize>,
    failures: Vec<String>,
}

impl Result {
    fn played(&self) -> usize {
        let passed_over = self.passed_over.iter().filter(|(kind, _)| *kind != BESIDE);
        self.asks + self.cases + passed_over.map(|(_, count)| count).sum::<usize>()
    }

    fn passed_over(&self) -> String {
        let parts: Vec<String> =
            self.passed_over.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        parts.join(", ")
    }
}

/// One cell: a runtime and a face.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    name: String,
    result: Option<Result>,
    problems: Vec<String>,
}

impl Cell {
    /// Whether all of it was played, and nothing failed.
    #[must_use]
    pub fn is_green(&self) -> bool {
        self.problems.is_empty()
    }
}

/// The table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Matrix {
    /// In the order of the names.
    pub cells: Vec<Cell>,
}

impl Matrix {
    /// Reads the result files of `names`, such as `node-npm`, from `folder`.
    #[must_use]
    pub fn read(folder: &Path, names: &[String]) -> Self {
        let yardstick = result(folder, YARDSTICK).map_or(usize::MAX, |result| result.played());
        let cell = |name: &String| match result(folder, name) {
            Ok(result) => {
                let problems = problems(name, &result, yardstick);
                Cell { name: name.clone(), result: Some(result), problems }
            }
            Err(problem) => Cell { name: name.clone(), result: None, problems: vec![problem] },
        };
        Self { cells: names.iter().map(cell).collect() }
    }
}

fn result(folder: &Path, name: &str) -> std::result::Result<Result, String> {
    let text = fs::read_to_string(folder.join(format!("{name}.json")));
    let text = text.map_err(|cause| format!("no result file: {cause}"))?;
    serde_json::from_str(&text).map_err(|cause| format!("no result file: {cause}"))
}

fn problems(name: &str, result: &Result, yardstick: usize) -> Vec<String> {
    let mut problems = Vec::new();
    let own = format!("{}-{}", result.runtime, result.face);
    if own != name {
        problems.push(format!("it is the result of `{own}`"));
    }
    if result.played() < yardstick {
        problems.push(format!("{} of {yardstick} steps were played or passed over", result.played()));
    }
    if result.asks == 0 {
        problems.push("nothing was asked".to_owned());
    }
    problems.extend(result.failures.iter().cloned());
    problems
}

impl fmt::Display for Matrix {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = |cells: [&str; 8]| {
            let [runtime, version, face, worlds, asks, cases, failures, rest] = cells;
            format!(
                "{runtime:<10} {version:<16} {face:<10} {worlds:>6} {asks:>6} {cases:>6} {failures:>8}  {rest}"
            )
        };
        let head = ["runtime", "version", "face", "worlds", "asks", "cases", "failures", "passed over"];
        writeln!(out, "{}", row(head).trim_end())?;
        for Cell { name, result, problems } in &self.cells {
            let Some(result) = result else {
                let (runtime, face) = name.split_once('-').unwrap_or((name, ""));
                writeln!(out, "{}", row([runtime, "", face, "", "", "", "RED", "no result"]))?;
                continue;
            };
            let [worlds, asks, cases] =
                [result.worlds, result.asks, result.cases].map(|count| count.to_string());
            let failures =
                if problems.is_empty() { "0".to_owned() } else { format!("RED {}", problems.len()) };
            let version: String = result.version.chars().take(16).collect();
            let passed_over = result.passed_over();
            let cells =
                [&result.runtime, &version, &result.face, &worlds, &asks, &cases, &failures, &passed_over];
            writeln!(out, "{}", row(cells.map(String::as_str)).trim_end())?;
        }
        for Cell { name, problems, .. } in &self.cells {
            for problem in problems.iter().take(SHOWN_MAX) {
                let shown: String = problem.chars().take(SHOWN_LETTERS_MAX).collect();
                writeln!(out, "{name}: {shown}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
