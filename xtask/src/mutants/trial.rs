//! Runs the tests of a copy until one fails, the quickest first.

use crate::copy::Copy;
use crate::failure::Failure;
use crate::project::Project;
use crate::shell;
use std::fmt;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// Tests that are built and run together.
struct Stage {
    name: &'static str,
    /// What cargo builds.
    build: &'static [&'static str],
    /// Beginnings of the names of the tests that run; all when none.
    tests: &'static [&'static str],
    /// Whether one test stands for many worlds, and says at its end which of them failed.
    tells_worlds: bool,
}

/// The behaviour tests of the whole project.
const IT: &[&str] = &["--package=cohort-tests", "--test=it"];

const STAGES: &[Stage] = &[
    Stage {
        name: "unit",
        build: &["--package=cohort-core", "--package=cohort-verify", "--lib"],
        tests: &[],
        tells_worlds: false,
    },
    Stage { name: "worlds", build: IT, tests: &["worlds::every_world"], tells_worlds: true },
    Stage {
        name: "edges",
        build: IT,
        tests: &["bytes::", "deltas::", "handles::", "slices::", "wide::"],
        tells_worlds: false,
    },
    // Without the module: it is built from the checkout, which has no fault.
    Stage { name: "random", build: IT, tests: &["differential::product"], tells_worlds: false },
    Stage {
        name: "laws",
        build: IT,
        tests: &["rules::", "rule_json::", "snapshot_files::", "laws::"],
        tells_worlds: false,
    },
];

/// A fault may make a test run for ever: it has this long beyond a multiple of what the stage takes without one.
const GRACE: Duration = Duration::from_secs(60);
/// How many times longer than without a fault a stage may run; other work on the machine slows it down too.
const SLOWDOWN_MAX: u32 = 10;
/// KiB that a test program may use, where the system can limit it: a fault may make it take all there is.
#[cfg(unix)]
const MEMORY_KIB_MAX: u32 = 4 * 1024 * 1024;

/// What became of a fault.
pub(crate) enum Outcome {
    /// This test of this stage failed.
    Failed { stage: &'static str, test: String },
    /// This test did not end in time.
    Endless { stage: &'static str, test: String },
    /// This test took the whole program with it.
    Crashed { stage: &'static str, test: String },
    /// All tests passed.
    Survived,
    /// There is nothing to test: the fault is not Rust.
    Unbuilt,
}

impl Outcome {
    /// Whether a test told the fault from the right source.
    pub(crate) fn is_found(&self) -> bool {
        !matches!(self, Self::Survived | Self::Unbuilt)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { stage, test } => write!(f, "{stage}: {test}"),
            Self::Endless { stage, test } => write!(f, "{stage}: {test} (does not end)"),
            Self::Crashed { stage, test } => write!(f, "{stage}: {test} (crashes)"),
            Self::Survived => write!(f, "SURVIVED"),
            Self::Unbuilt => write!(f, "DOES NOT BUILD"),
        }
    }
}

/// The tests of one copy, known to pass without a fault.
pub(crate) struct Trial<'a> {
    project: &'a Project,
    copy: &'a Copy,
    /// How long each stage may run.
    limits: Vec<Duration>,
}

impl<'a> Trial<'a> {
    /// Builds and runs all stages without a fault.
    ///
    /// # Errors
    /// [`Failure::Baseline`] if a test fails, or what the build ended with.
    pub(crate) fn prepare(project: &'a Project, copy: &'a Copy) -> Result<Self, Failure> {
        let mut trial = Self { project, copy, limits: Vec::new() };
        for stage in STAGES {
            let programs = trial.build(stage)?;
            let started = Instant::now();
            // Nobody waits for hours for tests without a fault; they have no time to be measured by yet.
            if let Some(outcome) = run_stage(stage, &programs, Duration::from_secs(3_600))? {
                return Err(Failure::Baseline { test: outcome.to_string() });
            }
            trial.limits.push(started.elapsed() * SLOWDOWN_MAX + GRACE);
        }
        Ok(trial)
    }

    /// Builds and runs stage after stage until a test fails.
    ///
    /// # Errors
    /// [`Failure::Start`] for a program that cannot be started.
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        for (stage, limit) in STAGES.iter().zip(&self.limits) {
            let programs = match self.build(stage) {
                Ok(programs) => programs,
                Err(Failure::Ended { .. }) => return Ok(Outcome::Unbuilt),
                Err(failure) => return Err(failure),
            };
            if let Some(outcome) = run_stage(stage, &programs, *limit)? {
                return Ok(outcome);
            }
        }
        Ok(Outcome::Survived)
    }

    /// Builds the test programs of a stage and gives their paths.
    fn build(&self, stage: &Stage) -> Result<Vec<PathBuf>, Failure> {
        let mut cargo = self.project.cargo(&["test", "--quiet", "--locked", "--no-run"]);
        cargo.arg("--message-format=json-render-diagnostics").args(stage.build);
        cargo.arg("--target-dir").arg(self.project.target().join("mutants/build"));
        cargo.current_dir(self.copy.root());
        let output = cargo.output().map_err(|cause| Failure::Start { line: shell::line(&cargo), cause })?;
        if !output.status.success() {
            // Only now: warnings about what a fault leaves unused are no news.
            shell::say(String::from_utf8_lossy(&output.stderr));
            return Err(Failure::Ended { line: shell::line(&cargo), status: output.status });
        }
        let mut programs: Vec<PathBuf> =
            String::from_utf8_lossy(&output.stdout).lines().filter_map(executable).collect();
        programs.sort();
        Ok(programs)
    }
}

/// The test program that a message of cargo names; it names other programs too.
fn executable(message: &str) -> Option<PathBuf> {
    let (_, profile) = message.split_once("\"profile\":{")?;
    let (profile, _) = profile.split_once('}')?;
    if !profile.contains("\"test\":true") {
        return None;
    }
    let (_, rest) = message.split_once("\"executable\":\"")?;
    let (path, _) = rest.split_once('"')?;
    Some(PathBuf::from(path.replace("\\\\", "\\")))
}

/// Runs the programs of a stage until a test fails; none when all pass.
fn run_stage(stage: &Stage, programs: &[PathBuf], limit: Duration) -> Result<Option<Outcome>, Failure> {
    let deadline = Instant::now() + limit;
    for program in programs {
        let mut command = limited(program);
        // One test at a time, so that the output says which one is running.
        command.arg("--test-threads=1").args(stage.tests);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let failed = |command: &Command, cause| Failure::Start { line: shell::line(command), cause };
        let mut child = command.spawn().map_err(|cause| failed(&command, cause))?;
        let outcome = watch(stage, &mut child, deadline);
        // A test that failed is enough; the program need not come to its end.
        child.kill().and_then(|()| child.wait()).map_err(|cause| failed(&command, cause))?;
        if outcome.is_some() {
            return Ok(outcome);
        }
    }
    Ok(None)
}

/// `program` with its memory limited where the shell can do that; it takes the shell's place, so that ending it ends
/// the tests.
#[cfg(unix)]
fn limited(program: &PathBuf) -> Command {
    let mut command = Command::new("sh");
    let script = format!("ulimit -v {MEMORY_KIB_MAX} 2>/dev/null; exec \"$0\" \"$@\"");
    command.arg("-c").arg(script).arg(program);
    command
}

#[cfg(not(unix))]
fn limited(program: &PathBuf) -> Command {
    Command::new(program)
}

/// Reads what a test program prints until a test fails, the program ends, or `deadline` has come.
fn watch(stage: &Stage, child: &mut Child, deadline: Instant) -> Option<Outcome> {
    let name = stage.name;
    let pieces = reading(child.stdout.take()?);
    let mut text = String::new();
    loop {
        match pieces.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(piece) => text.push_str(&piece),
            Err(RecvTimeoutError::Timeout) => {
                return Some(Outcome::Endless { stage: name, test: running(&text) });
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if !stage.tells_worlds && failed_test(&text).is_some() {
            break;
        }
    }
    if let Some(test) = failed_test(&text) {
        let world = if stage.tells_worlds { wrong_world(&text) } else { None };
        return Some(Outcome::Failed { stage: name, test: world.unwrap_or(test) });
    }
    // A program without tests would find nothing, whatever the fault.
    let passed = text.contains("test result: ok. ") && !text.contains("test result: ok. 0 passed");
    if passed { None } else { Some(Outcome::Crashed { stage: name, test: running(&text) }) }
}

/// What `output` holds, piece by piece, read by a thread of its own: reading has no time limit.
fn reading(mut output: impl Read + Send + 'static) -> Receiver<String> {
    let (to, pieces) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        loop {
            let bytes = match output.read(&mut buffer) {
                Ok(count) => buffer.get(..count).unwrap_or_default(),
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return,
            };
            let piece = String::from_utf8_lossy(bytes).into_owned();
            if bytes.is_empty() || to.send(piece).is_err() {
                return;
            }
        }
    });
    pieces
}

/// The test of the first line such as `test worlds::every_world ... FAILED`.
fn failed_test(text: &str) -> Option<String> {
    text.lines().find_map(|line| Some(line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?.to_owned()))
}

/// The file and line of the first line such as `model/several-parents.world:12: deny: no path; expected ...`.
fn wrong_world(text: &str) -> Option<String> {
    let place = |line: &str| {
        let (file, rest) = line.split_once(".world:")?;
        let (number, _) = rest.split_once(':')?;
        Some(format!("{file}.world:{number}"))
    };
    text.lines().find_map(place)
}

/// The test that was begun last.
fn running(text: &str) -> String {
    let begun = text.lines().rev().find_map(|line| Some(line.strip_prefix("test ")?.split_once(" ... ")?.0));
    begun.unwrap_or("before the first test").to_owned()
}

#[cfg(test)]
mod tests;
