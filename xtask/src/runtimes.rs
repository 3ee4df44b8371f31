//! `cargo xtask runtimes`: the same worlds through every face, in the runtimes that people really use.
//!
//! The core plays the worlds first and writes them as files; then each row of the table is a program that plays them
//! on a face and leaves a result file. The printed matrix is made of these files alone.

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
    /// The file to write.
    pub(crate) result: PathBuf,
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

/// The rows that these beginnings of names mean; all without one.
fn meant(names: &[String]) -> Result<Vec<&'static Runtime>, Failure> {
    if let Some(word) = names.iter().find(|name| !RUNTIMES.iter().any(|row| row.name.starts_with(*name))) {
        let known = RUNTIMES.iter().map(|row| row.name).collect();
        return Err(Failure::UnknownPart { word: word.clone(), known });
    }
    let is_meant = |row: &&Runtime| names.is_empty() || names.iter().any(|name| row.name.starts_with(name));
    Ok(RUNTIMES.iter().filter(is_meant).collect())
}

fn play(project: &Project, meant: &[&Runtime], tally: &mut Tally) -> Result<(), Failure> {
    let folder = project.target().join("runtimes");
    let worlds = worlds(project);
    let programs =
        ["build", "--quiet", "--locked", "--package=cohort-tests", "--package=cohort-server", "--bins"];
    shell::run(&mut project.cargo(&programs))?;
    let mut asks = project.command(project.program("cohort-asks"));
    shell::run(asks.arg("--out").arg(&worlds).arg("--result").arg(folder.join("native-core.json")))?;
    for runtime in meant {
        let job = Job { worlds: worlds.clone(), result: folder.join(format!("{}.json", runtime.name)) };
        played(project, runtime, &job)?;
    }
    let mut matrix = project.command(project.program("cohort-matrix"));
    matrix.arg(&folder).args(meant.iter().map(|runtime| runtime.name));
    shell::run_reading(&mut matrix, |line| tally.node_line(line))
}

/// Plays one. What it ends with shows in the matrix: a runtime that fails leaves no file, and keeps nobody from playing.
fn played(project: &Project, runtime: &Runtime, job: &Job) -> Result<(), Failure> {
    if job.result.exists() {
        fs::remove_file(&job.result).map_err(|cause| Failure::Write { path: job.result.clone(), cause })?;
    }
    let started = Instant::now();
    let outcome = (runtime.play)(project, job);
    let duration = shell::seconds(started.elapsed());
    match outcome {
        Ok(()) => shell::say(format!("{}: played, {duration}", runtime.name)),
        Err(failure) => shell::say(format!("{}: {failure}, {duration}", runtime.name)),
    }
    Ok(())
}
