//! What is measured in Node, where there is one; the scripts are in `tests/js`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What Node prints when it runs `script` with these arguments and this input; none, and a line on standard error,
/// where that does not work.
pub(super) fn run(script: &str, arguments: &[&Path], input: &[u8]) -> Option<String> {
    match output(script, arguments, input) {
        Ok(said) => said,
        Err(cause) => {
            eprintln!("no figures of {script}: node cannot be started: {cause}");
            None
        }
    }
}

/// Bytes that brotli leaves of `bytes`.
pub(super) fn brotli(bytes: &[u8]) -> Option<usize> {
    run("brotli.mjs", &[], bytes)?.trim().parse().ok()
}

fn output(script: &str, arguments: &[&Path], input: &[u8]) -> io::Result<Option<String>> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "js", script].iter().collect();
    let mut node = Command::new("node");
    let mut node = node.arg(path).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    if let Some(mut to) = node.stdin.take()
        && !input.is_empty()
    {
        to.write_all(input)?;
    }
    let output = node.wait_with_output()?;
    if !output.status.success() {
        eprintln!("no figures of {script}: node ended with {}", output.status);
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()))
}
