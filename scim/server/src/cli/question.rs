//! `cohort check` and `cohort explain`

use std::process::ExitCode;
use std::sync::Arc;

use cohort_directory::{Caller, Directory, Moment, System};
use serde::Serialize;

use super::failure::Failure;
use super::{QuestionArgs, print};
use crate::question::{Answer, Question, Reasons};

/// The exit status of an answer that is not an allow.
const STATUS_NOT_ALLOWED: u8 = 1;

/// Prints the decision; what an allow hangs on, or the reason of a denial, is for `explain`.
pub(crate) fn check(args: &QuestionArgs) -> Result<ExitCode, Failure> {
    let (question, directory, caller) = opened(args)?;
    let answer = question.check(&directory, &caller)?;
    print(&if args.json { json(&answer) } else { format!("{}\n", answer.outcome) })?;
    Ok(status(&answer))
}

/// Prints the decision in one line, then the other paths or the nearest changes.
pub(crate) fn explain(args: &QuestionArgs) -> Result<ExitCode, Failure> {
    let (question, directory, caller) = opened(args)?;
    let reasons = question.explain(&directory, &caller)?;
    print(&if args.json { json(&reasons) } else { text(&reasons) })?;
    Ok(status(&reasons.answer))
}

fn opened(args: &QuestionArgs) -> Result<(Question, Directory, Caller), Failure> {
    let at = match &args.at {
        None => None,
        Some(text) => Some(text.parse::<Moment>().map_err(|_| Failure::Time { found: text.clone() })?),
    };
    let question = Question {
        subject: args.user.clone(),
        permission: args.permission.clone(),
        scope: args.on.clone(),
        r#in: args.parent.clone(),
        at,
        conditions: args.conditions.clone(),
    };
    let directory = Directory::open_beside(&args.folder.data, Arc::new(System))?;
    let caller = directory.local_admin(&args.org)?;
    Ok((question, directory, caller))
}

fn status(answer: &Answer) -> ExitCode {
    if answer.outcome == "allow" { ExitCode::SUCCESS } else { ExitCode::from(STATUS_NOT_ALLOWED) }
}

fn json(body: &impl Serialize) -> String {
    // The views of an answer have nothing that JSON has no form for.
    let mut text = serde_json::to_string(body).unwrap_or_default();
    text.push('\n');
    text
}

fn text(reasons: &Reasons) -> String {
    let mut lines = vec![reasons.text.clone()];
    lines.extend(reasons.paths.iter().skip(1).map(|path| format!("also: {}", path.text)));
    let would =
        |kind: &str, name: &str| format!("would be allowed but for: {} {name}", kind.replace('_', " "));
    lines.extend(reasons.misses.iter().map(|miss| would(miss.kind, &miss.name)));
    lines.push(format!("revision {}, valid until {}", reasons.answer.revision, reasons.answer.valid_until));
    lines.join("\n") + "\n"
}
