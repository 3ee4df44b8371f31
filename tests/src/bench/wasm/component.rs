//! The component in wasmtime, called directly: what its resources and records cost over the raw module's numbers.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use wasmtime::component::ResourceAny;

use super::{CHUNK, FACTS, Told, expect_allowed, row};
use crate::bench::report::Row;
use crate::bench::sample::{Budget, Samples};
use crate::bench::{Failure, Rows};
use crate::faces::component::bindings::exports::cohort::decisions::access::{
    Answer, Check, Error, Outcome, Question,
};
use crate::faces::component::{Component, State};

pub(super) const RUNTIME: &str = "wasmtime, component";

/// A question by what was looked up: user, permission, and the place that is not the organisation.
type Asked = (ResourceAny, ResourceAny, Option<ResourceAny>);

/// Measures everything of the component.
///
/// # Errors
/// [`Failure`] if it does not run, or allows something else than the core.
pub(super) fn measure(code: &[u8], snapshot: &[u8], told: &Told, rows: &mut Rows<'_>) -> Result<(), Failure> {
    let component = Component::from_bytes(code).map_err(wasmtime::Error::from)?;
    let samples = Samples::take(Budget::LONG, || {
        let start = Instant::now();
        opened(&component, snapshot).map(|_| start.elapsed())
    })?;
    let opening = row(RUNTIME, "open snapshot in a fresh instance", &samples, 1);
    rows.add(Row { follows: Some(FACTS.to_string()), ..opening });
    let mut state = opened(&component, snapshot)?;
    let asked = asked(&mut state, told)?;
    empty_call(&mut state, rows);
    can(&mut state, &asked, told.at, rows)?;
    by_handle(&mut state, &asked, told, rows)?;
    by_id(&mut state, told, rows)
}

fn opened(component: &Component, snapshot: &[u8]) -> Result<State, Failure> {
    let opened = component.state(snapshot).map_err(wasmtime::Error::from)?;
    Ok(opened.map_err(refused)?)
}

fn refused(error: Error) -> wasmtime::Error {
    wasmtime::Error::msg(error.message)
}

/// The questions with their names looked up, each name once.
fn asked(state: &mut State, told: &Told) -> Result<Vec<Asked>, Failure> {
    let (mut users, mut permissions, mut places) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut asked = Vec::new();
    for ((user, permission), scope) in told.users.iter().zip(&told.permissions).zip(&told.scopes) {
        if !users.contains_key(user) {
            let found = state.call(|world, store, state| world.state().call_user(store, state, user))?;
            users.insert(user, found.map_err(refused)?.ok_or_else(|| unknown(user))?);
        }
        if !permissions.contains_key(permission) {
            let found =
                state.call(|world, store, own| world.state().call_permission(store, own, permission))?;
            permissions.insert(permission, found.ok_or_else(|| unknown(permission))?);
        }
        if !scope.is_empty() && !places.contains_key(scope) {
            let found = state.call(|world, store, own| world.state().call_place(store, own, scope, None))?;
            places.insert(scope, found.map_err(refused)?);
        }
        let known = users.get(user).zip(permissions.get(permission));
        asked.extend(known.map(|(user, permission)| (*user, *permission, places.get(scope).copied())));
    }
    Ok(asked)
}

fn unknown(name: &str) -> wasmtime::Error {
    wasmtime::Error::msg(format!("the component does not know `{name}`"))
}

fn empty_call(state: &mut State, rows: &mut Rows<'_>) {
    let mut call = || state.call(|world, store, state| world.state().call_revision(store, state)).is_ok();
    let samples = Samples::of(Budget::SHORT, || (0..CHUNK).filter(|_| call()).count());
    rows.add(row(RUNTIME, "empty call", &samples, CHUNK));
}

fn can(state: &mut State, asked: &[Asked], at: i64, rows: &mut Rows<'_>) -> Result<(), Failure> {
    let Some((user, ..)) = asked.first() else { return Ok(()) };
    let selected =
        state.call(|world, store, state| world.state().call_select(store, state, *user, None, at))?;
    let selection = selected.map_err(refused)?;
    let mut can = |(_, permission, _): &Asked| {
        let said = state.call(|world, store, _| world.selection().call_can(store, selection, *permission));
        matches!(said, Ok(Ok(true)))
    };
    chunked("can, of a selected user", asked, &mut can, rows);
    Ok(())
}

fn by_handle(state: &mut State, asked: &[Asked], told: &Told, rows: &mut Rows<'_>) -> Result<(), Failure> {
    let mut allows = |(user, permission, place): &Asked| {
        let check =
            Check { user: *user, permission: *permission, place: *place, conditions: None, at: told.at };
        is_allow(&state.call(|world, store, state| world.state().call_check(store, state, check)))
    };
    chunked("check by handle", asked, &mut allows, rows);
    expect_allowed(RUNTIME, told, asked.iter().filter(|one| allows(one)).count())
}

fn by_id(state: &mut State, told: &Told, rows: &mut Rows<'_>) -> Result<(), Failure> {
    let questions = told.users.iter().zip(&told.permissions).zip(&told.scopes);
    let questions = questions.map(|((user, permission), scope)| Question {
        subject: user.clone(),
        permission: permission.clone(),
        scope: (!scope.is_empty()).then(|| scope.clone()),
        parent: None,
        at: told.at,
        at_least: 0,
        conditions: Vec::new(),
    });
    let questions: Vec<Question> = questions.collect();
    let mut allows = |question: &Question| {
        is_allow(&state.call(|world, store, state| world.state().call_decide(store, state, question)))
    };
    chunked("decide, user by id", &questions, &mut allows, rows);
    expect_allowed(RUNTIME, told, questions.iter().filter(|one| allows(one)).count())
}

fn is_allow(answered: &Result<Result<Answer, Error>, wasmtime::Error>) -> bool {
    matches!(answered, Ok(Ok(Answer { outcome: Outcome::Allow, .. })))
}

fn chunked<T>(name: &str, asked: &[T], allows: &mut dyn FnMut(&T) -> bool, rows: &mut Rows<'_>) {
    let mut chunks = asked.chunks(CHUNK).cycle();
    let mut ask = |chunk: &[T]| chunk.iter().filter(|one| allows(one)).count();
    let samples = Samples::of(Budget::SHORT, || black_box(ask(chunks.next().unwrap_or_default())));
    rows.add(row(RUNTIME, name, &samples, CHUNK));
}
