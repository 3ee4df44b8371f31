//! The core itself as a face: what gives the answers, and must give them again when its files are read.

use cohort_core::decide::{ConditionSet, Decision, Place, RoleCheck, decide, has_role};
use cohort_core::explain::explain;
use cohort_core::id::{Instant, RoleId};
use cohort_core::view::Snapshot;
use cohort_core::who_can::{WhoCan, users_who_can};
use cohort_verify::{TrustedKey, verify};

use super::code;
use super::face::{Face, Given};
use super::folder::public_key;
use super::step::{Exact, Question};

/// Users of one page.
const PAGE_USERS: usize = 100;

/// The core, which trusts the key of the files.
#[derive(Debug)]
pub struct Native {
    trusted: Vec<TrustedKey>,
}

impl Default for Native {
    fn default() -> Self {
        Self { trusted: TrustedKey::from_bytes(&public_key()).into_iter().collect() }
    }
}

impl Native {
    pub(super) fn decided(&self, state: &Snapshot, question: &Question, at: i64) -> Given {
        question.put(at, |query| given(&decide(state, query)))
    }

    pub(super) fn explained(&self, state: &Snapshot, question: &Question, at: i64) -> String {
        question.put(at, |query| explain(state, query).to_text(state))
    }

    fn payload<'a>(&self, envelope: &'a [u8]) -> Result<&'a [u8], String> {
        verify(envelope, &self.trusted).map_err(|cause| code::of_verify(&cause).to_owned())
    }
}

impl Face for Native {
    type State = Snapshot;

    fn open(&mut self, envelope: &[u8]) -> Result<Snapshot, String> {
        Snapshot::open(self.payload(envelope)?).map_err(|cause| code::of_open(&cause).to_owned())
    }

    fn apply(&mut self, state: &mut Snapshot, envelope: &[u8]) -> Result<(), String> {
        state.apply(self.payload(envelope)?).map_err(|cause| code::of_apply(&cause).to_owned())
    }

    fn ask(&mut self, state: &mut Snapshot, question: &Question, at: i64) -> Option<Given> {
        Some(self.decided(state, question, at))
    }

    fn explain(&mut self, state: &mut Snapshot, question: &Question, at: i64) -> Option<String> {
        Some(self.explained(state, question, at))
    }

    fn role(&mut self, state: &mut Snapshot, question: &Question, at: i64) -> Option<Given> {
        let role: RoleId = question.permission.parse().ok()?;
        let user = state.user(&question.user).ok()??;
        let (place, conditions) = looked_up(state, question)?;
        let check = RoleCheck { user, role, place, conditions, at: Instant::from_millis(at) };
        has_role(state, &check).ok().map(|decision| given(&decision))
    }

    fn who(&mut self, state: &mut Snapshot, question: &Question, at: i64) -> Option<Vec<String>> {
        let (place, conditions) = looked_up(state, question)?;
        let permission = state.permission(&question.permission)?;
        let asked = WhoCan { permission, place, conditions, at: Instant::from_millis(at) };
        let mut from = None;
        let mut users = Vec::new();
        loop {
            let page = users_who_can(state, &asked, from, PAGE_USERS).ok()?;
            users.extend(page.users.iter().map(ToString::to_string));
            match page.next {
                None => return Some(users),
                next => from = next,
            }
        }
    }

    fn verifies(&self) -> bool {
        true
    }
}

/// Where, and what is vouched for; none for what is no scope.
fn looked_up(state: &Snapshot, question: &Question) -> Option<(Place, Option<ConditionSet>)> {
    let (scope, parent) = (question.scope.as_deref(), question.parent.as_deref());
    let place = state.place_in(scope.unwrap_or("org"), parent.unwrap_or("org")).ok()?;
    let conditions: Vec<&str> = question.conditions.iter().map(String::as_str).collect();
    Some((place, Some(state.conditions(&conditions))))
}

fn given(decision: &Decision) -> Given {
    Given {
        outcome: decision.outcome.word().to_owned(),
        exact: Some(Exact {
            reason: decision.outcome.code().to_owned(),
            revision: decision.revision.number(),
            valid_until: decision.valid_until.as_millis(),
        }),
    }
}
