//! The raw module in wasmtime with one state, and its questions by handle.

use wasmtime::{Engine, Instance, Memory, Module, Store, TypedFunc, WasmParams, WasmResults};

use super::Told;
use crate::bench::Failure;

/// Bytes for a text that is looked up.
const TEXT_BYTES: u32 = 1024;
/// Instructions that an instance may use, where they are counted.
const FUEL: u64 = u64::MAX;

/// A question, by handles: user, permission, place.
pub(super) type Asked = (u32, u32, u32);

/// What `cohort_check` takes.
type Arguments = (u32, u32, u32, u32, u32, i64, u32);

/// An instance that has opened a snapshot.
pub(super) struct Opened {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
    state: u32,
}

impl Opened {
    pub(super) fn new(engine: &Engine, module: &Module, snapshot: &[u8]) -> Result<Self, Failure> {
        let mut store = Store::new(engine, ());
        // Where nothing is counted, there is nothing to fill up.
        let _ = store.set_fuel(FUEL);
        let instance = Instance::new(&mut store, module, &[])?;
        let memory = instance.get_memory(&mut store, "memory");
        let memory = memory.ok_or_else(|| wasmtime::Error::msg("the module exports no `memory`"))?;
        let mut opened = Self { store, instance, memory, state: 0 };
        opened.open(snapshot)?;
        Ok(opened)
    }

    /// Instructions so far; 0 where they are not counted.
    pub(super) fn instructions(&self) -> u64 {
        self.store.get_fuel().map_or(0, |left| FUEL - left)
    }

    /// Bytes of the linear memory.
    pub(super) fn memory_bytes(&self) -> usize {
        self.memory.data_size(&self.store)
    }

    /// Copies a snapshot into the instance, and opens it.
    pub(super) fn open(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        let open: TypedFunc<(u32, u32), i32> = self.function("cohort_open")?;
        self.state = self.with(snapshot, |store, address, len| handle(open.call(store, (address, len))?))?;
        Ok(())
    }

    pub(super) fn close(&mut self) -> Result<(), Failure> {
        let close: TypedFunc<u32, i32> = self.function("cohort_close")?;
        close.call(&mut self.store, self.state)?;
        Ok(())
    }

    /// Applies deltas, one after the other.
    pub(super) fn follow(&mut self, deltas: &[Vec<u8>]) -> Result<(), Failure> {
        let apply: TypedFunc<(u32, u32, u32), i32> = self.function("cohort_apply")?;
        let state = self.state;
        deltas.iter().try_for_each(|delta| {
            match self.with(delta, |store, address, len| Ok(apply.call(store, (state, address, len))?))? {
                0 => Ok(()),
                code => Err(Failure::Refused { code }),
            }
        })
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

    fn function<P: WasmParams, R: WasmResults>(&mut self, name: &str) -> Result<TypedFunc<P, R>, Failure> {
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

    /// The questions with their names looked up; not those about what nobody has heard of.
    pub(super) fn asked(&mut self, told: &Told) -> Result<Vec<Asked>, Failure> {
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
            if user == 0 || permission == 0 {
                continue;
            }
            let place = if scope.is_empty() { 0 } else { handle(place.call(&mut self.store, in_state)?)? };
            asked.push((handle(user)?, handle(permission)?, place));
        }
        Ok(asked)
    }

    /// Calls what does nothing, so many times.
    pub(super) fn call_nothing(&mut self, times: usize) -> Result<(), Failure> {
        let call: TypedFunc<(), u32> = self.function("cohort_abi_version")?;
        for _ in 0..times {
            call.call(&mut self.store, ())?;
        }
        Ok(())
    }

    /// Selects a user.
    pub(super) fn select(&mut self, user: u32, at: i64) -> Result<u32, Failure> {
        let select: TypedFunc<(u32, u32, u32, i64), i32> = self.function("cohort_select")?;
        handle(select.call(&mut self.store, (self.state, user, 0, at))?)
    }

    /// How many of the questions' permissions a selected user has in the organisation.
    pub(super) fn can(&mut self, selection: u32, asked: &[Asked]) -> Result<usize, Failure> {
        let can: TypedFunc<(u32, u32), i32> = self.function("cohort_can")?;
        let mut allowed = 0;
        for (_, permission, _) in asked {
            allowed += usize::from(can.call(&mut self.store, (selection, *permission))? == 1);
        }
        Ok(allowed)
    }

    /// How many of the questions are allowed.
    pub(super) fn check(&mut self, asked: &[Asked], at: i64) -> Result<usize, Failure> {
        let check: TypedFunc<Arguments, i32> = self.function("cohort_check")?;
        let mut allowed = 0;
        for (user, permission, place) in asked {
            let question = (self.state, *user, *permission, *place, 0, at, 0);
            allowed += usize::from(check.call(&mut self.store, question)? == 1);
        }
        Ok(allowed)
    }
}

/// A handle, or the error that the module gave in its place.
fn handle(given: i32) -> Result<u32, Failure> {
    match u32::try_from(given) {
        Ok(handle) if handle > 0 => Ok(handle),
        _ => Err(Failure::Refused { code: given }),
    }
}
