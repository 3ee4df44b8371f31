//! The module in wasmtime, called directly: no fuel, no epochs, no other bounds.

use std::hint::black_box;

use wasmtime::{Engine, Instance, Memory, Module, Store, TypedFunc};

use super::{CHUNK, FACTS, Told, expect_allowed, row};
use crate::bench::report::Row;
use crate::bench::sample::{Budget, Samples};
use crate::bench::{Failure, Rows};

pub(super) const RUNTIME: &str = "wasmtime";

/// Bytes for a text that is looked up.
const TEXT_BYTES: u32 = 1024;

/// A question, by handles.
type Asked = (u32, u32, u32);

/// What `cohort_check` takes.
type Arguments = (u32, u32, u32, u32, u32, i64, u32);

/// An instance that has opened a snapshot.
struct Opened {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
    state: u32,
}

/// Measures everything of the module in wasmtime.
///
/// # Errors
/// [`Failure`] if the module does not run, or allows something else than the core.
pub(super) fn measure(
    code: &[u8],
    (snapshot, deltas): (&[u8], &[Vec<u8>]),
    told: &Told,
    rows: &mut Rows<'_>,
) -> Result<(), Failure> {
    let engine = Engine::default();
    let module = Module::from_binary(&engine, code)?;
    open("open snapshot in a fresh instance", rows, || Opened::new(&engine, &module, snapshot).map(drop))?;
    let mut opened = Opened::new(&engine, &module, snapshot)?;
    open("open snapshot", rows, || {
        opened.close()?;
        opened.open(snapshot)
    })?;
    rows.add_bytes("linear memory in wasmtime", Some(opened.memory.data_size(&opened.store)));
    let asked = opened.asked(told)?;
    empty_call(&mut opened, rows)?;
    can(&mut opened, &asked, told.at, rows)?;
    let allowed = check("check by handle", &mut opened, &asked, told.at, rows)?;
    expect_allowed(RUNTIME, told, allowed)?;
    let mixed = told.mixed.iter().filter_map(|[one, other]| {
        let ((user, ..), (_, permission, place)) = (asked.get(*one)?, asked.get(*other)?);
        Some((*user, *permission, *place))
    });
    let mixed: Vec<Asked> = mixed.collect();
    check("check by handle, random triples", &mut opened, &mixed, told.at, rows)?;
    let mut opened = Opened::new(&engine, &module, snapshot)?;
    for delta in deltas {
        opened.apply(delta)?;
    }
    let name = format!("linear memory in wasmtime, and {} deltas", deltas.len());
    rows.add_bytes(&name, Some(opened.memory.data_size(&opened.store)));
    Ok(())
}

fn open(
    name: &str,
    rows: &mut Rows<'_>,
    mut once: impl FnMut() -> Result<(), Failure>,
) -> Result<(), Failure> {
    let samples = Samples::take(Budget::LONG, || {
        let start = std::time::Instant::now();
        once().map(|()| start.elapsed())
    })?;
    rows.add(Row { follows: Some(FACTS.to_string()), ..row(RUNTIME, name, &samples, 1) });
    Ok(())
}

fn empty_call(opened: &mut Opened, rows: &mut Rows<'_>) -> Result<(), Failure> {
    let call: TypedFunc<(), u32> = opened.function("cohort_abi_version")?;
    let store = &mut opened.store;
    let samples =
        Samples::of(Budget::SHORT, || (0..CHUNK).filter(|_| call.call(&mut *store, ()).is_ok()).count());
    rows.add(row(RUNTIME, "empty call", &samples, CHUNK));
    Ok(())
}

fn can(opened: &mut Opened, asked: &[Asked], at: i64, rows: &mut Rows<'_>) -> Result<(), Failure> {
    let select: TypedFunc<(u32, u32, u32, i64), i32> = opened.function("cohort_select")?;
    let can: TypedFunc<(u32, u32), i32> = opened.function("cohort_can")?;
    let user = asked.first().map_or(0, |(user, ..)| *user);
    let selection = handle(select.call(&mut opened.store, (opened.state, user, 0, at))?)?;
    let store = &mut opened.store;
    let mut chunks = asked.chunks(CHUNK).cycle();
    let mut allows =
        |permission: u32| can.call(&mut *store, (selection, permission)).is_ok_and(|one| one == 1);
    let mut ask = |chunk: &[Asked]| chunk.iter().filter(|(_, permission, _)| allows(*permission)).count();
    let samples = Samples::of(Budget::SHORT, || black_box(ask(chunks.next().unwrap_or_default())));
    rows.add(row(RUNTIME, "can, of a selected user", &samples, CHUNK));
    Ok(())
}

/// Measures `asked`, and gives how many of all are allowed.
fn check(
    name: &str,
    opened: &mut Opened,
    asked: &[Asked],
    at: i64,
    rows: &mut Rows<'_>,
) -> Result<usize, Failure> {
    let check: TypedFunc<Arguments, i32> = opened.function("cohort_check")?;
    let Opened { store, state, .. } = opened;
    let mut allows = |(user, permission, place): &Asked| {
        let question = (*state, *user, *permission, *place, 0, at, 0);
        check.call(&mut *store, question).is_ok_and(|outcome| outcome == 1)
    };
    let mut ask = |chunk: &[Asked]| chunk.iter().filter(|one| allows(one)).count();
    let mut chunks = asked.chunks(CHUNK).cycle();
    let samples = Samples::of(Budget::SHORT, || black_box(ask(chunks.next().unwrap_or_default())));
    rows.add(row(RUNTIME, name, &samples, CHUNK));
    Ok(ask(asked))
}

impl Opened {
    fn new(engine: &Engine, module: &Module, snapshot: &[u8]) -> Result<Self, Failure> {
        let mut store = Store::new(engine, ());
        let instance = Instance::new(&mut store, module, &[])?;
        let memory = instance.get_memory(&mut store, "memory");
        let memory = memory.ok_or_else(|| wasmtime::Error::msg("the module exports no `memory`"))?;
        let mut opened = Self { store, instance, memory, state: 0 };
        opened.open(snapshot)?;
        Ok(opened)
    }

    /// Copies a snapshot into the instance, and opens it.
    fn open(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        let open: TypedFunc<(u32, u32), i32> = self.function("cohort_open")?;
        self.state = self.with(snapshot, |store, address, len| handle(open.call(store, (address, len))?))?;
        Ok(())
    }

    fn apply(&mut self, delta: &[u8]) -> Result<(), Failure> {
        let (apply, state): (TypedFunc<(u32, u32, u32), i32>, _) =
            (self.function("cohort_apply")?, self.state);
        match self.with(delta, |store, address, len| Ok(apply.call(store, (state, address, len))?))? {
            0 => Ok(()),
            code => Err(Failure::Refused { code }),
        }
    }

    /// Calls with bytes in the instance's memory, which are given back.
    fn with<T>(
        &mut self,
        bytes: &[u8],
        act: impl FnOnce(&mut Store<()>, u32, u32) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let len = bytes.len() as u32;
        let address = self.alloc(len)?;
        self.write(address, bytes)?;
        let given = act(&mut self.store, address, len)?;
        let free: TypedFunc<(u32, u32), i32> = self.function("cohort_free")?;
        free.call(&mut self.store, (address, len))?;
        Ok(given)
    }

    fn close(&mut self) -> Result<(), Failure> {
        let close: TypedFunc<u32, i32> = self.function("cohort_close")?;
        close.call(&mut self.store, self.state)?;
        Ok(())
    }

    fn function<P: wasmtime::WasmParams, R: wasmtime::WasmResults>(
        &mut self,
        name: &str,
    ) -> Result<TypedFunc<P, R>, Failure> {
        Ok(self.instance.get_typed_func(&mut self.store, name)?)
    }

    fn alloc(&mut self, len: u32) -> Result<u32, Failure> {
        let alloc: TypedFunc<u32, u32> = self.function("cohort_alloc")?;
        Ok(alloc.call(&mut self.store, len)?)
    }

    fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), Failure> {
        let written = self.memory.write(&mut self.store, address as usize, bytes);
        written.map_err(|cause| Failure::Module(cause.into()))
    }

    /// The questions with their names looked up.
    fn asked(&mut self, told: &Told) -> Result<Vec<Asked>, Failure> {
        let user: TypedFunc<(u32, u32, u32), i32> = self.function("cohort_user")?;
        let permission: TypedFunc<(u32, u32, u32), i32> = self.function("cohort_permission")?;
        let place: TypedFunc<(u32, u32, u32, u32, u32), i32> = self.function("cohort_place")?;
        let room = self.alloc(TEXT_BYTES)?;
        let mut asked = Vec::new();
        for ((one, name), scope) in told.users.iter().zip(&told.permissions).zip(&told.scopes) {
            self.write(room, one.as_bytes())?;
            let user = user.call(&mut self.store, (self.state, room, one.len() as u32))?;
            self.write(room, name.as_bytes())?;
            let permission = permission.call(&mut self.store, (self.state, room, name.len() as u32))?;
            self.write(room, scope.as_bytes())?;
            let in_state = (self.state, room, scope.len() as u32, 0, 0);
            let place = if scope.is_empty() { 0 } else { handle(place.call(&mut self.store, in_state)?)? };
            asked.push((handle(user)?, handle(permission)?, place));
        }
        Ok(asked)
    }
}

/// A handle, or the error that the module gave in its place.
fn handle(given: i32) -> Result<u32, Failure> {
    match u32::try_from(given) {
        Ok(handle) if handle > 0 => Ok(handle),
        _ => Err(Failure::Refused { code: given }),
    }
}
