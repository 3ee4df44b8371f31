//! The component, led by what wasmtime makes of its world.
//!
//! Each question by name is also asked by what was looked up, one by one and among many, and of a selected user; an
//! answer that is another then is no answer.

mod refusals;

use std::fmt;

use wasmtime::component::{Component as Compiled, Linker, ResourceAny};
use wasmtime::{Engine, Store, StoreLimits, StoreLimitsBuilder};

pub use refusals::{Known, refusals};

use super::payload;
use crate::asks::{Exact, Face, Given, Question};

pub(crate) mod bindings {
    #![allow(
        missing_docs,
        unreachable_pub,
        unused_qualifications,
        clippy::all,
        clippy::unwrap_used,
        clippy::needless_pass_by_value,
        reason = "generated from the world, which has the documentation"
    )]
    wasmtime::component::bindgen!({ path: "../wasm/wit", world: "cohort" });
}

use bindings::exports::cohort::decisions::access::{
    Answer, Check, DenyReason, Error, ErrorCode, Guest, Outcome, Question as Asked, RoleCheck, Uncertainty,
    WhoCan,
};

/// Bytes of memory that one state may take.
const MEMORY_BYTES_MAX: usize = 512 << 20;

/// Users of one page: few, so that pages go on.
const PAGE_USERS: u32 = 3;

/// Why the component gave nothing: it cannot be loaded, or it trapped.
#[derive(Debug)]
pub struct ComponentFailure(wasmtime::Error);

impl fmt::Display for ComponentFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the component: {:#}", self.0)
    }
}

impl std::error::Error for ComponentFailure {}

impl From<wasmtime::Error> for ComponentFailure {
    fn from(cause: wasmtime::Error) -> Self {
        Self(cause)
    }
}

/// The component in wasmtime: it is given nothing to import, so one that needs something does not start.
pub struct Component {
    engine: Engine,
    compiled: Compiled,
}

/// A state, in an instance of its own.
pub struct State {
    store: Store<StoreLimits>,
    world: bindings::Cohort,
    state: ResourceAny,
}

type Answered<T> = Result<Result<T, Error>, wasmtime::Error>;

impl Component {
    /// Compiles the component in `bytes`.
    ///
    /// # Errors
    /// [`ComponentFailure`] when it is none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ComponentFailure> {
        let engine = Engine::default();
        let compiled = Compiled::from_binary(&engine, bytes)?;
        Ok(Self { engine, compiled })
    }

    /// Opens the payload of a snapshot in a fresh instance.
    ///
    /// # Errors
    /// [`ComponentFailure`] when it trapped; inside, what the component refuses.
    pub fn state(&self, snapshot: &[u8]) -> Result<Result<State, Error>, ComponentFailure> {
        let limits = StoreLimitsBuilder::new().memory_size(MEMORY_BYTES_MAX).build();
        let mut store = Store::new(&self.engine, limits);
        store.limiter(|limits| limits);
        let world = bindings::Cohort::instantiate(&mut store, &self.compiled, &Linker::new(&self.engine))?;
        let opened = world.cohort_decisions_access().state().call_open(&mut store, snapshot)?;
        Ok(opened.map(|state| State { store, world, state }))
    }
}

impl State {
    /// Calls with the exports, the store and the state.
    pub(crate) fn call<T>(
        &mut self,
        act: impl FnOnce(&Guest, &mut Store<StoreLimits>, ResourceAny) -> Result<T, wasmtime::Error>,
    ) -> Result<T, wasmtime::Error> {
        let world = self.world.cohort_decisions_access();
        act(world, &mut self.store, self.state)
    }

    fn by_name(&mut self, question: &Question, at: i64) -> Answered<Answer> {
        let asked = asked(question, at);
        self.call(|world, store, state| world.state().call_decide(store, state, &asked))
    }

    /// The user and permission of a question, looked up; none for what nobody knows.
    fn looked_up(&mut self, question: &Question) -> Answered<Option<(ResourceAny, ResourceAny)>> {
        self.call(|world, store, state| {
            let user = match world.state().call_user(&mut *store, state, &question.user)? {
                Ok(user) => user,
                Err(error) => return Ok(Err(error)),
            };
            let permission = world.state().call_permission(store, state, &question.permission)?;
            Ok(Ok(user.zip(permission)))
        })
    }

    /// Where, and what is vouched for.
    fn placed(&mut self, question: &Question) -> Answered<(ResourceAny, ResourceAny)> {
        let scope = question.scope.as_deref().unwrap_or("org");
        self.call(|world, store, state| {
            let place = world.state().call_place(&mut *store, state, scope, question.parent.as_deref())?;
            let conditions = world.state().call_conditions(store, state, &question.conditions)?;
            Ok(place.and_then(|place| Ok((place, conditions?))))
        })
    }

    /// The same question by what was looked up; none where something cannot be.
    fn by_handle(&mut self, question: &Question, at: i64) -> Answered<Option<Vec<Answer>>> {
        let Ok(Some((user, permission))) = self.looked_up(question)? else { return Ok(Ok(None)) };
        let Ok((place, conditions)) = self.placed(question)? else { return Ok(Ok(None)) };
        let is_org = question.scope.is_none();
        let check = || Check {
            user,
            permission,
            place: (!is_org).then_some(place),
            conditions: Some(conditions),
            at,
        };
        self.call(|world, store, state| {
            let one = world.state().call_check(&mut *store, state, check())?;
            let many = world.state().call_check_many(&mut *store, state, &[check(), check()])?;
            let selected = world.state().call_select(&mut *store, state, user, Some(conditions), at)?;
            let selection = match selected {
                Ok(selection) => selection,
                Err(error) => return Ok(Err(error)),
            };
            let can = world.selection().call_can(&mut *store, selection, permission)?;
            for resource in [user, permission, place, conditions, selection] {
                resource.resource_drop(&mut *store)?;
            }
            Ok(one.and_then(|one| {
                let mut answers = many?;
                let says = if can? { Outcome::Allow } else { Outcome::Deny(DenyReason::NoPath) };
                if is_org && matches!(says, Outcome::Allow) != matches!(one.outcome, Outcome::Allow) {
                    answers.push(Answer { outcome: says, ..one });
                }
                answers.push(one);
                Ok(Some(answers))
            }))
        })
    }

    fn with_role(&mut self, question: &Question, at: i64) -> Answered<Option<Answer>> {
        let found = self.call(|world, store, state| world.state().call_user(store, state, &question.user))?;
        let Ok(Some(user)) = found else { return Ok(found.map(|_| None)) };
        let (place, conditions) = match self.placed(question)? {
            Ok(placed) => placed,
            Err(error) => return Ok(Err(error)),
        };
        let role = question.permission.clone();
        let check = RoleCheck { user, role, place: Some(place), conditions: Some(conditions), at };
        self.call(|world, store, state| Ok(world.state().call_has_role(store, state, &check)?.map(Some)))
    }

    /// All pages of those who may.
    fn who(&mut self, question: &Question, at: i64) -> Answered<Option<Vec<String>>> {
        let name = &question.permission;
        let found = self.call(|world, store, state| world.state().call_permission(store, state, name))?;
        let Some(permission) = found else { return Ok(Ok(None)) };
        let (place, conditions) = match self.placed(question)? {
            Ok(placed) => placed,
            Err(error) => return Ok(Err(error)),
        };
        let asked = || WhoCan { permission, place: Some(place), conditions: Some(conditions), at };
        self.call(|world, store, state| {
            let (mut users, mut from) = (Vec::new(), None);
            loop {
                match world.state().call_who_can(&mut *store, state, asked(), from, PAGE_USERS)? {
                    Ok(page) => {
                        users.extend(page.users);
                        from = page.next;
                    }
                    Err(error) => return Ok(Err(error)),
                }
                if from.is_none() {
                    return Ok(Ok(Some(users)));
                }
            }
        })
    }
}

impl Face for Component {
    type State = State;

    fn open(&mut self, envelope: &[u8]) -> Result<State, String> {
        let opened = self.state(payload(envelope)).map_err(|cause| cause.to_string())?;
        opened.map_err(|error| code(&error))
    }

    fn apply(&mut self, state: &mut State, envelope: &[u8]) -> Result<(), String> {
        let applied =
            state.call(|world, store, state| world.state().call_apply(store, state, payload(envelope)));
        applied.map_err(|cause| cause.to_string())?.map_err(|error| code(&error))
    }

    fn ask(&mut self, state: &mut State, question: &Question, at: i64) -> Option<Given> {
        let mut answer = given(state.by_name(question, at));
        if question.at_least > 0 {
            return Some(answer);
        }
        match state.by_handle(question, at) {
            Ok(Ok(None)) => {}
            Ok(Ok(Some(others))) => {
                for other in others.into_iter().map(|other| given(Ok(Ok(other)))) {
                    if other != answer {
                        answer.outcome = format!("{}, by handle {}", answer.outcome, other.outcome);
                    }
                }
            }
            other => answer = given(other.map(|other| other.and_then(|_| Err(stale())))),
        }
        Some(answer)
    }

    fn explain(&mut self, state: &mut State, question: &Question, at: i64) -> Option<String> {
        let asked = asked(question, at);
        let explained = state.call(|world, store, state| world.state().call_explain(store, state, &asked));
        Some(match explained {
            Ok(Ok(text)) => text,
            Ok(Err(error)) => code(&error),
            Err(trap) => trap.to_string(),
        })
    }

    fn role(&mut self, state: &mut State, question: &Question, at: i64) -> Option<Given> {
        match state.with_role(question, at) {
            Ok(Ok(None)) => None,
            Ok(Ok(Some(answer))) => Some(given(Ok(Ok(answer)))),
            Ok(Err(error)) => Some(given(Ok(Err(error)))),
            Err(trap) => Some(given(Err(trap))),
        }
    }

    fn who(&mut self, state: &mut State, question: &Question, at: i64) -> Option<Vec<String>> {
        match state.who(question, at) {
            Ok(Ok(users)) => users,
            Ok(Err(error)) => Some(vec![code(&error)]),
            Err(trap) => Some(vec![trap.to_string()]),
        }
    }

    fn verifies(&self) -> bool {
        false
    }
}

fn asked(question: &Question, at: i64) -> Asked {
    Asked {
        subject: question.user.clone(),
        permission: question.permission.clone(),
        scope: question.scope.clone(),
        parent: question.parent.clone(),
        at,
        at_least: question.at_least,
        conditions: question.conditions.clone(),
    }
}

fn stale() -> Error {
    Error { code: ErrorCode::Stale, message: String::new() }
}

fn given(answered: Answered<Answer>) -> Given {
    let answer = match answered {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => return Given { outcome: code(&error), exact: None },
        Err(trap) => return Given { outcome: trap.to_string(), exact: None },
    };
    let (outcome, reason) = match answer.outcome {
        Outcome::Allow => ("allow", String::new()),
        Outcome::Deny(reason) => ("deny", denial(reason)),
        Outcome::Indeterminate(why) => ("indeterminate", uncertainty(why)),
    };
    let exact = Exact { reason, revision: answer.revision, valid_until: answer.valid_until };
    Given { outcome: outcome.to_owned(), exact: Some(exact) }
}

fn denial(reason: DenyReason) -> String {
    let name = match reason {
        DenyReason::UnknownUser => "unknown_user",
        DenyReason::UnknownPermission => "unknown_permission",
        DenyReason::MalformedScope => "malformed_scope",
        DenyReason::OrgDisabled => "org_disabled",
        DenyReason::InactiveUser => "inactive_user",
        DenyReason::DeniedBy => "denied_by",
        DenyReason::ConditionRequired => "condition_required",
        DenyReason::NoPath => "no_path",
    };
    name.to_owned()
}

fn uncertainty(why: Uncertainty) -> String {
    let name = match why {
        Uncertainty::Stale => "stale",
        Uncertainty::BeforeCreated => "before_created",
        Uncertainty::RevisionNotReached => "revision_not_reached",
        Uncertainty::AmbiguousSubject => "ambiguous_subject",
        Uncertainty::TooLarge => "too_large",
        Uncertainty::OutsideCoverage => "outside_coverage",
    };
    name.to_owned()
}

fn code(error: &Error) -> String {
    let name = match error.code {
        ErrorCode::Malformed => "malformed",
        ErrorCode::UnknownVersion => "unknown_version",
        ErrorCode::WrongKind => "wrong_kind",
        ErrorCode::Contradictory => "contradictory",
        ErrorCode::WrongOrg => "wrong_org",
        ErrorCode::WrongBase => "wrong_base",
        ErrorCode::Older => "older",
        ErrorCode::WrongNames => "wrong_names",
        ErrorCode::Slice => "slice",
        ErrorCode::NotAnId => "not_an_id",
        ErrorCode::AmbiguousName => "ambiguous_name",
        ErrorCode::TooManyConditions => "too_many_conditions",
        ErrorCode::Stale => "stale_handle",
    };
    name.to_owned()
}
