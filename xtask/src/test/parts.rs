//! The parts of the test command, in the order they run: what is quick to fail comes first.

use crate::failure::Failure;
use crate::project::Project;
use crate::test::count::Tally;
use crate::test::{gateway, testers};
use crate::{demo, dist, runtimes, shell, tidy, toolchain};
use std::fs;
use std::process::Command;

/// Where the tests of the npm package stand.
const NODE_TESTS: &str = "tests/js";

/// One part, by the name that `--without` takes.
pub(crate) struct Part {
    pub(crate) name: &'static str,
    /// What runs, for its heading.
    pub(crate) what: &'static str,
    /// Whether `--quick` runs it too.
    pub(crate) quick: bool,
    /// Runs it and adds the tests it counted.
    pub(crate) run: fn(&Project, &mut Tally) -> Result<(), Failure>,
}

pub(crate) const PARTS: &[Part] = &[
    Part { name: "fmt", what: "cargo fmt --check", quick: true, run: fmt },
    Part { name: "tidy", what: "cargo xtask tidy", quick: true, run: |project, _| tidy::check(project) },
    Part {
        name: "dist",
        what: "cargo xtask dist --only raw",
        quick: true,
        run: |project, _| dist::raw(project),
    },
    Part {
        name: "dist-all",
        what: "cargo xtask dist --twice",
        quick: false,
        run: |project, _| dist::twice(project),
    },
    Part { name: "no-std", what: "core and core/verify for targets without std", quick: false, run: no_std },
    Part { name: "clippy", what: "cargo clippy, warnings as errors", quick: true, run: clippy },
    Part { name: "test", what: "cargo test --workspace", quick: true, run: test },
    Part {
        name: "testers",
        what: "scim2-tester and scim-sanity against the server",
        quick: false,
        run: testers::run,
    },
    Part { name: "gateway", what: "the filter in a real Envoy", quick: false, run: gateway::run },
    Part { name: "doc", what: "cargo doc, warnings as errors", quick: false, run: doc },
    Part { name: "node", what: "node --test tests/js", quick: false, run: node },
    Part {
        name: "runtimes",
        what: "all worlds on every face in every runtime",
        quick: false,
        run: runtimes::all,
    },
];

/// The part called `name`.
///
/// # Errors
/// [`Failure::UnknownPart`] with the names there are.
pub(crate) fn find(name: &str) -> Result<&'static Part, Failure> {
    PARTS.iter().find(|part| part.name == name).ok_or_else(|| Failure::UnknownPart {
        word: name.to_owned(),
        known: PARTS.iter().map(|part| part.name).collect(),
    })
}

/// Node with `options` on every test of the npm package.
///
/// # Errors
/// [`Failure::Read`] if there is no such folder.
pub(crate) fn node_command(project: &Project, options: &[&str]) -> Result<Command, Failure> {
    node_tests(project, NODE_TESTS, options)
}

/// Node with `options` on every test in a folder; naming the folder alone does not work in all versions.
///
/// # Errors
/// [`Failure::Read`] if there is no such folder.
pub(crate) fn node_tests(project: &Project, name: &str, options: &[&str]) -> Result<Command, Failure> {
    let folder = project.root().join(name);
    let unreadable = |cause| Failure::Read { path: folder.clone(), cause };
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        if file.ends_with(".test.mjs") {
            files.push(format!("{name}/{file}"));
        }
    }
    files.sort();
    let mut command = project.command("node");
    command.env("COHORT_PROGRAM", project.program("cohort"));
    command.args(["--test", "--test-reporter=spec"]).args(options).args(files);
    Ok(command)
}

fn fmt(project: &Project, _: &mut Tally) -> Result<(), Failure> {
    shell::run(&mut project.cargo(&["fmt", "--all", "--check"]))
}

fn no_std(project: &Project, _: &mut Tally) -> Result<(), Failure> {
    for target in [toolchain::BARE, toolchain::WASM] {
        toolchain::ensure_target(project, target)?;
        shell::run(&mut project.cargo(&[
            "build",
            "--locked",
            "--package=cohort-core",
            "--package=cohort-verify",
            "--target",
            target,
        ]))?;
    }
    Ok(())
}

fn clippy(project: &Project, _: &mut Tally) -> Result<(), Failure> {
    shell::run(&mut project.cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))
}

fn test(project: &Project, tally: &mut Tally) -> Result<(), Failure> {
    toolchain::need_c_compiler(project)?;
    toolchain::ensure_python(project)?;
    // The journeys start these programs, which `cargo test` alone would not build.
    demo::programs(project)?;
    let mut cargo = project.cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]);
    let outcome = shell::run_reading(&mut cargo, |line| tally.cargo_line(line));
    counted("test", tally, outcome)
}

fn doc(project: &Project, _: &mut Tally) -> Result<(), Failure> {
    let mut cargo = project.cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
    shell::run(cargo.env("RUSTDOCFLAGS", "-D warnings"))
}

fn node(project: &Project, tally: &mut Tally) -> Result<(), Failure> {
    toolchain::ensure_node(project)?;
    // A connection of the package follows the real server.
    shell::run(&mut project.cargo(&["build", "--quiet", "--locked", "--package=cohort-server"]))?;
    let outcome = shell::run_reading(&mut node_command(project, &[])?, |line| tally.node_line(line));
    counted("node", tally, outcome)
}

/// A part that should count tests and counted none has not shown anything.
pub(super) fn counted(
    part: &'static str,
    tally: &Tally,
    outcome: Result<(), Failure>,
) -> Result<(), Failure> {
    match outcome {
        Ok(()) if tally.passed == 0 => Err(Failure::NoTests { part }),
        outcome => outcome,
    }
}
