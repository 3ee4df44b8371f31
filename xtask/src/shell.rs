//! Running other programs: with a line before, so that nobody waits in silence, and their words handed through.

use crate::failure::Failure;
use std::fmt;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

/// Says what is being done now; long steps say so before they start.
pub(crate) fn say(words: impl fmt::Display) {
    // A reader that went away (`| head`) is no reason to stop the work.
    let _ = writeln!(io::stdout(), "{words}");
}

/// Runs `command` to its end with our own input and output.
///
/// # Errors
/// [`Failure::Start`] if there is no such program, [`Failure::Ended`] if it did not succeed.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.status().map_err(|cause| Failure::Start { line: line(command), cause })?;
    succeeded(command, status)
}

/// Runs `command`, prints each line of its output and gives it to `read` too.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_reading(command: &mut Command, mut read: impl FnMut(&str)) -> Result<(), Failure> {
    run_quietly(command, |text| {
        say(text);
        read(text);
    })
}

/// Runs `command` and gives each line of its output to `read`.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_quietly(command: &mut Command, mut read: impl FnMut(&str)) -> Result<(), Failure> {
    let failed = |command: &Command, cause| Failure::Start { line: line(command), cause };
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|cause| failed(command, cause))?;
    if let Some(output) = child.stdout.take() {
        for text in BufReader::new(output).split(b'\n') {
            let text = text.map_err(|cause| failed(command, cause))?;
            let text = String::from_utf8_lossy(&text);
            read(&text);
        }
    }
    let status = child.wait().map_err(|cause| failed(command, cause))?;
    succeeded(command, status)
}

/// What `command` prints, or nothing if it cannot be started or does not succeed.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The command as a person would type it, for messages.
pub(crate) fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_stem().unwrap_or(program.as_os_str());
    let mut words = vec![name.to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

/// A duration in words short enough for the end of a line.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<(), Failure> {
    if status.success() { Ok(()) } else { Err(Failure::Ended { line: line(command), status }) }
}
