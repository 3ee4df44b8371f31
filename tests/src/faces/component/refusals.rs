//! What the component refuses besides bytes: handles that are not of a state, or not any more, and texts that are no ids.

use wasmtime::component::ResourceAny;

use super::{Answered, Check, Component, ComponentFailure, ErrorCode, State, code};

/// A snapshot, a delta of the same organisation to another revision, and somebody and something that both know.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The payload of a snapshot.
    pub snapshot: &'a [u8],
    /// The payload of a delta for it.
    pub delta: &'a [u8],
    /// A user's name.
    pub user: &'a str,
    /// A permission.
    pub permission: &'a str,
    /// A moment at which the state may be used.
    pub at: i64,
}

/// Tries each refusal; how many were tried, and those that were not as they must be.
///
/// # Errors
/// [`ComponentFailure`] when the component trapped, or does not open what it is given.
pub fn refusals(component: &Component, known: Known<'_>) -> Result<(usize, Vec<String>), ComponentFailure> {
    let mut state = opened(component, known)?;
    let mut tried = Tried::default();
    of_another_state(&mut state, known, &mut tried)?;
    of_texts(&mut state, known, &mut tried)?;
    of_selections(&mut state, known, &mut tried)?;
    Ok((tried.count, tried.wrong))
}

#[derive(Default)]
struct Tried {
    count: usize,
    wrong: Vec<String>,
}

impl Tried {
    fn expect<T>(&mut self, what: &str, expected: ErrorCode, found: &Result<T, super::Error>) {
        self.count += 1;
        let found = found.as_ref().map_or_else(code, |_| "taken".to_owned());
        let expected = code(&super::Error { code: expected, message: String::new() });
        if found != expected {
            self.wrong.push(format!("component: {what}: {found}; expected {expected}"));
        }
    }
}

fn opened(component: &Component, known: Known<'_>) -> Result<State, ComponentFailure> {
    let refused =
        |error: super::Error| wasmtime::Error::msg(format!("it refused a snapshot: {}", error.message));
    Ok(component.state(known.snapshot)?.map_err(refused)?)
}

fn user_of(state: &mut State, known: Known<'_>, of: ResourceAny) -> Result<ResourceAny, wasmtime::Error> {
    let found = state.call(|world, store, _| world.state().call_user(store, of, known.user))?;
    found.ok().flatten().ok_or_else(|| wasmtime::Error::msg("nobody has the user's name"))
}

fn permission_of(
    state: &mut State,
    known: Known<'_>,
    of: ResourceAny,
) -> Result<ResourceAny, wasmtime::Error> {
    let found = state.call(|world, store, _| world.state().call_permission(store, of, known.permission))?;
    found.ok_or_else(|| wasmtime::Error::msg("no role has the permission"))
}

/// A second state of the same bytes in the same instance: each handle of it is refused by the first.
fn of_another_state(state: &mut State, known: Known<'_>, tried: &mut Tried) -> Result<(), wasmtime::Error> {
    let here = state.state;
    let other = state.call(|world, store, _| world.state().call_open(store, known.snapshot))?;
    let other = other.map_err(|error| wasmtime::Error::msg(error.message))?;
    let own = (user_of(state, known, here)?, permission_of(state, known, here)?);
    let others = (user_of(state, known, other)?, permission_of(state, known, other)?);
    let place = state.call(|world, store, _| world.state().call_place(store, other, "org", None))?;
    let set = state.call(|world, store, _| world.state().call_conditions(store, other, &[]))?;
    let (place, set) = (place.ok(), set.ok());
    let check =
        |user, permission, place, conditions| Check { user, permission, place, conditions, at: known.at };
    for (what, check) in [
        ("a user of another state", check(others.0, own.1, None, None)),
        ("a permission of another state", check(own.0, others.1, None, None)),
        ("a place of another state", check(own.0, own.1, place, None)),
        ("conditions of another state", check(own.0, own.1, None, set)),
    ] {
        let found = state.call(|world, store, state| world.state().call_check(store, state, check))?;
        tried.expect(what, ErrorCode::Stale, &found);
    }
    let found =
        state.call(|world, store, it| world.state().call_select(store, it, others.0, None, known.at))?;
    tried.expect("to select a user of another state", ErrorCode::Stale, &found);
    Ok(())
}

fn of_texts(state: &mut State, known: Known<'_>, tried: &mut Tried) -> Result<(), wasmtime::Error> {
    let found = state.call(|world, store, state| world.state().call_place(store, state, "no scope", None))?;
    tried.expect("a place that is no scope", ErrorCode::NotAnId, &found);
    let found = state.call(|world, store, state| world.state().call_place(store, state, "org", Some("")))?;
    tried.expect("a parent that is no scope", ErrorCode::NotAnId, &found);
    let names = vec!["mfa".to_owned(); 65];
    let found = state.call(|world, store, state| world.state().call_conditions(store, state, &names))?;
    tried.expect("65 conditions", ErrorCode::TooManyConditions, &found);
    let mut question = super::asked(&super::Question::default(), known.at);
    question.conditions = names;
    let found = state.call(|world, store, state| world.state().call_decide(store, state, &question))?;
    tried.expect("a question with 65 conditions", ErrorCode::TooManyConditions, &found);
    Ok(())
}

/// A selection holds until the state moves on, and not longer than the state.
fn of_selections(state: &mut State, known: Known<'_>, tried: &mut Tried) -> Result<(), wasmtime::Error> {
    let here = state.state;
    let (user, permission) = (user_of(state, known, here)?, permission_of(state, known, here)?);
    let select = |state: &mut State| -> Result<ResourceAny, wasmtime::Error> {
        let selected =
            state.call(|world, store, it| world.state().call_select(store, it, user, None, known.at))?;
        selected.map_err(|error| wasmtime::Error::msg(error.message))
    };
    let can = |state: &mut State, selection| -> Answered<bool> {
        state.call(|world, store, _| world.selection().call_can(store, selection, permission))
    };
    let before = select(state)?;
    tried.count += 1;
    if can(state, before)?.is_err() {
        tried.wrong.push("component: a selection is refused before any news".to_owned());
    }
    let applied = state.call(|world, store, state| world.state().call_apply(store, state, known.delta))?;
    applied.map_err(|error| wasmtime::Error::msg(error.message))?;
    let found = can(state, before)?;
    tried.expect("a selection of before a delta", ErrorCode::Stale, &found);
    let after = select(state)?;
    here.resource_drop(&mut state.store)?;
    let found = can(state, after)?;
    tried.expect("a selection of a state that is gone", ErrorCode::Stale, &found);
    Ok(())
}
