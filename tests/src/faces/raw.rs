//! The raw module, led by the host that ships as an example.

use cohort_core::decide;
use cohort_host::module::{Denial, ModuleError, Outcome, Program, State};

use super::payload;
use crate::asks::{Exact, Face, Given, Question, of_raw};

/// The raw module in wasmtime.
#[derive(Debug)]
pub struct Raw(pub Program);

impl Face for Raw {
    type State = State;

    fn open(&mut self, envelope: &[u8]) -> Result<State, String> {
        self.0.open(payload(envelope)).map_err(|cause| code(&cause))
    }

    fn apply(&mut self, state: &mut State, envelope: &[u8]) -> Result<(), String> {
        state.apply(payload(envelope)).map_err(|cause| code(&cause))
    }

    fn ask(&mut self, state: &mut State, question: &Question, at: i64) -> Option<Given> {
        // An empty scope is the organisation here, so that an empty text cannot be asked about.
        if [&question.scope, &question.parent].into_iter().flatten().any(String::is_empty) {
            return None;
        }
        Some(match question.put(at, |query| state.decide(query)) {
            Ok(answer) => Given {
                outcome: word(answer.outcome).to_owned(),
                exact: Some(Exact {
                    reason: reason(answer.outcome).to_owned(),
                    revision: answer.revision.number(),
                    valid_until: answer.valid_until.as_millis(),
                }),
            },
            Err(cause) => Given { outcome: cause.to_string(), exact: None },
        })
    }

    fn explain(&mut self, state: &mut State, question: &Question, at: i64) -> Option<String> {
        Some(question.put(at, |query| state.explain(query)).unwrap_or_else(|cause| cause.to_string()))
    }

    fn verifies(&self) -> bool {
        false
    }
}

fn code(cause: &ModuleError) -> String {
    let known = match cause {
        ModuleError::Refused { code, .. } => of_raw(*code),
        _ => None,
    };
    known.map_or_else(|| cause.to_string(), ToOwned::to_owned)
}

const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allow => "allow",
        Outcome::Deny(_) => "deny",
        Outcome::Indeterminate(_) => "indeterminate",
    }
}

fn reason(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allow => "",
        Outcome::Indeterminate(why) => decide::Outcome::Indeterminate(why).code(),
        Outcome::Deny(denial) => match denial {
            Denial::UnknownUser => "unknown_user",
            Denial::UnknownPermission => "unknown_permission",
            Denial::MalformedScope => "malformed_scope",
            Denial::OrgDisabled => "org_disabled",
            Denial::InactiveUser => "inactive_user",
            Denial::Denied => "denied_by",
            Denial::ConditionRequired => "condition_required",
            Denial::NoPath => "no_path",
        },
    }
}
