//! `cargo xtask golden`: renews the files that tests compare output with.

use crate::command::{Command, Words};
use crate::failure::Failure;
use crate::project::Project;
use crate::{demo, dist, shell, test};

pub(crate) const COMMAND: Command = Command {
    name: "golden",
    summary: "renews the golden files; read the diff before you commit it",
    help: "\
Usage: cargo xtask golden

Builds the modules and writes what each imports and exports to tests/data/modules. Then runs every test with
`golden` in its name, in Rust and in Node, with COHORT_GOLDEN=write in its environment: such a test writes its
golden file instead of comparing with it. Afterwards `git diff` shows what changed in what people and programs
read; each such change belongs into CHANGELOG.md.
",
    run,
};

fn run(project: &Project, words: Words) -> Result<(), Failure> {
    words.end()?;
    dist::renew(project)?;
    demo::programs(project)?;
    shell::run(
        project
            .cargo(&["test", "--workspace", "--locked", "--quiet", "golden"])
            .env("COHORT_GOLDEN", "write"),
    )?;
    let mut node = test::node_command(project, &["--test-name-pattern=golden"])?;
    shell::run(node.env("COHORT_GOLDEN", "write"))?;
    shell::say("golden files renewed; `git diff` shows what changed");
    Ok(())
}
