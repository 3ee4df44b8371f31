//! `cargo xtask runtimes`: the same worlds through every face, in the runtimes that people really use.
//!
//! The core plays the worlds first and writes them as files; then each row of the table is a program that plays them
//! on a face and leaves a result file. The printed matrix is made of these files alone.

pub(crate) mod gates;
mod install;
mod table;

use crate::command::Command;
use crate::failure::Failure;
use crate::project::Project;
use crate::runtimes::table::{RUNTIMES, Runtime};
use crate::shell;
use crate::test::Tally;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

pub(crate) const COMMAND: Command = Command {
    name: "runtimes",
    summary: "plays all worlds on every face in every runtime, and prints the matrix",
    help: "\
Usage: cargo xtask runtimes [NAME]...

Writes the worlds as files, plays them on each face in each runtime, and prints what was answered. NAME is a runtime
and a face, such as `node-npm`, or the beginning of that. Without one, all are played; then the npm package is packed and
installed into empty projects, and its example page shown in Chromium, also as Vite builds it. What has to be installed goes
below target/, in the versions of tests/runtimes/package-lock.json; Chromium and Firefox are installed as root on
Debian or Ubuntu. It expects `cargo xtask dist` to have been run. The status is 1 if a cell is red.
",
    run: |project, words| match words.rest() {
        names if names.is_empty() => all(project, &mut Tally::default()),
        names => play(project, &meant(&names)?, &mut Tally::default()),
    },
};

/// Where a runtime finds what it plays and leaves what it found.
pub(crate) struct Job {
    /// The folder of worlds.
    pub(crate) worlds: PathBuf,
    /// The folder of result files.
    pub(crate) results: PathBuf,
}

impl Job {
    /// The file to write about a cell.
    pub(crate) fn result(&self, cell: &str) -> PathBuf {
        self.results.join(format!("{cell}.json"))
    }
}

/// Plays everything, then the tests of what people do with the npm package; one that fails does not stop the other.
pub(crate) fn all(project: &Project, tally: &mut Tally) -> Result<(), Failure> {
    let played = play(project, &meant(&[])?, tally);
    let tested = table::package_tests(project, &worlds(project), tally);
    played.and(tested)
}

fn worlds(project: &Project) -> PathBuf {
    project.target().join("runtimes/worlds")
}

/// The runtimes that these beginnings of cells mean; all without one.
fn meant(names: &[String]) -> Result<Vec<&'static Runtime>, Failure> {
    let has = |row: &Runtime, name: &String| row.cells.iter().any(|cell| cell.starts_with(name));
    if let Some(word) = names.iter().find(|name| !RUNTIMES.iter().any(|row| has(row, name))) {
        let known = RUNTIMES.iter().flat_map(|row| row.cells.iter().copied()).collect();
        return Err(Failure::UnknownPart { word: word.clone(), known });
    }
    let is_meant = |row: &&Runtime| names.is_empty() || names.iter().any(|name| has(row, name));
    Ok(RUNTIMES.iter().filter(is_meant).collect())
}

fn play(project: &Project, meant: &[&Runtime], tally: &mut Tally) -> Result<(), Failure> {
    let folder = project.target().join("runtimes");
    let worlds = worlds(project);
    let packages = ["--package=cohort-tests", "--package=cohort-server"];
    let programs = ["--bin=cohort-asks", "--bin=cohort-matrix", "--bin=cohort"];
    shell::run(project.cargo(&["build", "--quiet", "--locked"]).args(packages).args(programs))?;
    let mut asks = project.command(project.program("cohort-asks"));
    shell::run(asks.arg("--out").arg(&worlds).arg("--result").arg(folder.join("native-core.json")))?;
    let job = Job { worlds, results: folder.clone() };
    for runtime in meant {
        played(project, runtime, &job)?;
    }
    let mut matrix = project.command(project.program("cohort-matrix"));
    matrix.arg(&folder).args(meant.iter().flat_map(|runtime| runtime.cells));
    shell::run_reading(&mut matrix, |line| tally.node_line(line))
}

/// Plays one. What it ends with shows in the matrix: a runtime that fails leaves no files, and keeps nobody from playing.
fn played(project: &Project, runtime: &Runtime, job: &Job) -> Result<(), Failure> {
    for path in runtime.cells.iter().map(|cell| job.result(cell)).filter(|path| path.exists()) {
        fs::remove_file(&path).map_err(|cause| Failure::Write { path, cause })?;
    }
    let started = Instant::now();
    let outcome = (runtime.play)(project, job);
    let duration = shell::seconds(started.elapsed());
    let cells = runtime.cells.join(", ");
    match outcome {
        Ok(()) => shell::say(format!("{cells}: played, {duration}")),
        Err(failure) => shell::say(format!("{cells}: {failure}, {duration}")),
    }
    Ok(())
}
