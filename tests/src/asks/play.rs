//! Leads a face through the files, and says where it went wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Serialize;

use super::face::Face;
use super::failure::AsksFailure;
use super::step::{Answer, Question, Step, read};

/// What a run came to; as JSON it is a result file, without runtime, version and face.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Folders played.
    pub worlds: usize,
    /// Questions answered.
    pub asks: usize,
    /// Bytes that had to be refused, and were put to the face.
    pub cases: usize,
    /// Steps that the face cannot express, by their first word.
    pub passed_over: BTreeMap<&'static str, usize>,
    /// Each wrong answer: folder, line, and what was found.
    pub failures: Vec<String>,
}

impl Report {
    /// The text of a result file.
    #[must_use]
    pub fn to_result(&self, runtime: &str, version: &str, face: &str) -> String {
        #[derive(Serialize)]
        struct Result<'a> {
            runtime: &'a str,
            version: &'a str,
            face: &'a str,
            #[serde(flatten)]
            report: &'a Report,
        }
        // A report has no keys that JSON could not say.
        serde_json::to_string_pretty(&Result { runtime, version, face, report: self }).unwrap_or_default()
    }

    fn pass_over(&mut self, kind: &'static str) {
        *self.passed_over.entry(kind).or_default() += 1;
    }
}

/// Plays all folders below `top` on `face`.
///
/// # Errors
/// [`AsksFailure`] when a file is not there or not readable; wrong answers are in the report.
pub fn play(top: &Path, face: &mut impl Face) -> Result<Report, AsksFailure> {
    let mut report = Report::default();
    let index = top.join("index");
    let index = fs::read_to_string(&index).map_err(AsksFailure::file(index))?;
    for name in index.lines() {
        let folder = top.join(name);
        let asks = folder.join("asks");
        let steps = read(&fs::read_to_string(&asks).map_err(AsksFailure::file(asks))?)?;
        if name == "envelope" && !face.verifies() {
            *report.passed_over.entry("envelope").or_default() += steps.len();
            continue;
        }
        report.worlds += 1;
        let mut player = Player { name, folder: &folder, face: &mut *face, state: None, at: 0 };
        for step in &steps {
            player.take(step, &mut report)?;
        }
    }
    Ok(report)
}

struct Player<'a, F: Face> {
    name: &'a str,
    folder: &'a Path,
    face: &'a mut F,
    state: Option<F::State>,
    at: i64,
}

impl<F: Face> Player<'_, F> {
    fn take(&mut self, step: &Step, report: &mut Report) -> Result<(), AsksFailure> {
        let problem = match step {
            Step::At(millis) => {
                self.at = *millis;
                None
            }
            Step::Open { file, refused } => {
                report.cases += usize::from(refused.is_some());
                let opened = self.face.open(&self.bytes(file)?);
                let problem = unexpected(opened.as_ref().err(), refused.as_ref());
                self.state = opened.ok().or(self.state.take());
                problem
            }
            Step::Apply { file, refused } => {
                report.cases += usize::from(refused.is_some());
                let bytes = self.bytes(file)?;
                match &mut self.state {
                    Some(state) => {
                        let applied = self.face.apply(state, &bytes);
                        unexpected(applied.as_ref().err(), refused.as_ref())
                    }
                    None => Some("no state".to_owned()),
                }
            }
            Step::Ask(question, _) | Step::Role(question, _) | Step::Who(question, _) => {
                match self.stated(question)? {
                    Ok(mut state) => {
                        let problem = self.question(&mut state, step, report);
                        if question.of.is_none() {
                            self.state = Some(state);
                        }
                        problem
                    }
                    Err(problem) => Some(problem),
                }
            }
        };
        report.failures.extend(problem.map(|problem| self.says(step, &problem)));
        Ok(())
    }

    /// The state that a question is put to, taken out for that time.
    fn stated(&mut self, question: &Question) -> Result<Result<F::State, String>, AsksFailure> {
        Ok(match &question.of {
            Some(file) => {
                self.face.open(&self.bytes(file)?).map_err(|code| format!("`{file}` is refused: {code}"))
            }
            None => self.state.take().ok_or_else(|| "no state".to_owned()),
        })
    }

    fn question(&mut self, state: &mut F::State, step: &Step, report: &mut Report) -> Option<String> {
        match step {
            Step::Ask(question, answer) => {
                let Some(given) = self.face.ask(state, question, self.at) else {
                    report.pass_over("ask");
                    return None;
                };
                report.asks += 1;
                let Some(text) = self.face.explain(state, question, self.at) else {
                    report.pass_over("explain");
                    return differs(answer, &given);
                };
                let is_other = answer.text().is_some_and(|expected| expected != text);
                differs(answer, &given).or_else(|| is_other.then(|| format!("explained as `{text}`")))
            }
            Step::Role(question, answer) => {
                let Some(given) = self.face.role(state, question, self.at) else {
                    report.pass_over("role");
                    return None;
                };
                report.asks += 1;
                differs(answer, &given)
            }
            Step::Who(question, users) => {
                let Some(given) = self.face.who(state, question, self.at) else {
                    report.pass_over("who");
                    return None;
                };
                report.asks += 1;
                (given != *users).then(|| format!("found {}", given.join(" ")))
            }
            Step::At(_) | Step::Open { .. } | Step::Apply { .. } => None,
        }
    }

    fn bytes(&self, file: &str) -> Result<Vec<u8>, AsksFailure> {
        let path = self.folder.join(file);
        fs::read(&path).map_err(AsksFailure::file(path))
    }

    fn says(&self, step: &Step, problem: &str) -> String {
        format!("{}: {step}: {problem}", self.name)
    }
}

fn unexpected(found: Option<&String>, expected: Option<&String>) -> Option<String> {
    (found != expected).then(|| match found {
        Some(code) => format!("refused: {code}"),
        None => "taken".to_owned(),
    })
}

fn differs(answer: &Answer, given: &super::face::Given) -> Option<String> {
    let exact = answer.exact.as_ref().zip(given.exact.as_ref());
    let is_same = answer.outcome == given.outcome && exact.is_none_or(|(expected, found)| expected == found);
    (!is_same).then(|| format!("found {} {:?}", given.outcome, given.exact))
}
