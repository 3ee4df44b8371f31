//! The exported functions with their types, and the way in and out of the module's memory.

use core::fmt;

use cohort_core::id::{Instant, Revision};
use wasmtime::{
    Engine, Memory, Module, Store, StoreLimits, StoreLimitsBuilder, TypedFunc, WasmParams, WasmResults,
};

use super::answer::{self, Answer};
use super::error::ModuleError;
use super::{ABI_VERSION, CALL_MILLIS_MAX, MEMORY_BYTES_MAX, TICK_MILLIS};

/// Bytes in the module's memory that it handed out.
#[derive(Debug)]
pub(super) struct Block {
    address: u32,
    len: u32,
}

impl Block {
    pub(super) const fn len(&self) -> usize {
        self.len as usize
    }

    /// Address and length of the first `len` bytes.
    pub(super) fn up_to(&self, len: usize) -> (u32, u32) {
        (self.address, u32::try_from(len).map_or(self.len, |len| len.min(self.len)))
    }
}

/// One instance and its exports.
pub(super) struct Instance {
    store: Store<StoreLimits>,
    memory: Memory,
    alloc: TypedFunc<u32, u32>,
    free: TypedFunc<(u32, u32), i32>,
    open: TypedFunc<(u32, u32), i32>,
    apply: TypedFunc<(u32, u32, u32), i32>,
    decide: TypedFunc<(u32, u32, u32, u32), i32>,
    explain: TypedFunc<(u32, u32, u32), i32>,
    revision: TypedFunc<u32, i64>,
    valid_until: TypedFunc<u32, i64>,
    result_ptr: TypedFunc<(), u32>,
    result_len: TypedFunc<(), u32>,
}

impl fmt::Debug for Instance {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Instance").finish_non_exhaustive()
    }
}

impl Instance {
    pub(super) fn new(engine: &Engine, module: &Module) -> Result<Self, ModuleError> {
        let limits = StoreLimitsBuilder::new().memory_size(MEMORY_BYTES_MAX).build();
        let mut store = Store::new(engine, limits);
        store.limiter(|limits| limits);
        store.set_epoch_deadline(CALL_MILLIS_MAX / TICK_MILLIS);
        let instance = wasmtime::Instance::new(&mut store, module, &[]).map_err(ModuleError::Trapped)?;
        let version =
            instance.get_typed_func(&mut store, "cohort_abi_version").map_err(ModuleError::Exports)?;
        let found = version.call(&mut store, ()).map_err(ModuleError::Trapped)?;
        if found != ABI_VERSION {
            return Err(ModuleError::AbiVersion { found });
        }
        Self::with_exports(store, &instance).map_err(ModuleError::Exports)
    }

    fn with_exports(
        mut store: Store<StoreLimits>,
        instance: &wasmtime::Instance,
    ) -> Result<Self, wasmtime::Error> {
        let memory = instance.get_memory(&mut store, "memory");
        let memory = memory.ok_or_else(|| wasmtime::Error::msg("it exports no `memory`"))?;
        let to = &mut store;
        Ok(Self {
            memory,
            alloc: instance.get_typed_func(&mut *to, "cohort_alloc")?,
            free: instance.get_typed_func(&mut *to, "cohort_free")?,
            open: instance.get_typed_func(&mut *to, "cohort_open")?,
            apply: instance.get_typed_func(&mut *to, "cohort_apply")?,
            decide: instance.get_typed_func(&mut *to, "cohort_decide")?,
            explain: instance.get_typed_func(&mut *to, "cohort_explain")?,
            revision: instance.get_typed_func(&mut *to, "cohort_revision")?,
            valid_until: instance.get_typed_func(&mut *to, "cohort_valid_until")?,
            result_ptr: instance.get_typed_func(&mut *to, "cohort_result_ptr")?,
            result_len: instance.get_typed_func(&mut *to, "cohort_result_len")?,
            store,
        })
    }

    pub(super) fn open(&mut self, snapshot: &[u8]) -> Result<u32, ModuleError> {
        let opened = self.passing(snapshot, |this, range| call(&mut this.store, &this.open, range))?;
        match u32::try_from(opened) {
            Ok(handle) if handle > 0 => Ok(handle),
            _ => Err(self.refused(opened)),
        }
    }

    pub(super) fn apply(&mut self, handle: u32, delta: &[u8]) -> Result<(), ModuleError> {
        let status = self.passing(delta, |this, (address, len)| {
            call(&mut this.store, &this.apply, (handle, address, len))
        })?;
        self.done(status)
    }

    pub(super) fn decide(
        &mut self,
        handle: u32,
        (address, len): (u32, u32),
        answer: &Block,
    ) -> Result<Answer, ModuleError> {
        let status = call(&mut self.store, &self.decide, (handle, address, len, answer.address))?;
        self.done(status)?;
        let mut bytes = [0; answer::BYTES];
        bytes.copy_from_slice(self.read(answer.address, answer::BYTES)?);
        Answer::parse(bytes)
    }

    pub(super) fn explain(&mut self, handle: u32, (address, len): (u32, u32)) -> Result<String, ModuleError> {
        let status = call(&mut self.store, &self.explain, (handle, address, len))?;
        if status < 0 { Err(self.refused(status)) } else { self.result() }
    }

    pub(super) fn revision(&mut self, handle: u32) -> Result<Revision, ModuleError> {
        let number = call(&mut self.store, &self.revision, handle)?;
        u64::try_from(number).map(Revision::new).map_err(|_| self.refused(UNKNOWN_HANDLE))
    }

    pub(super) fn valid_until(&mut self, handle: u32) -> Result<Instant, ModuleError> {
        match call(&mut self.store, &self.valid_until, handle)? {
            i64::MIN => Err(self.refused(UNKNOWN_HANDLE)),
            millis => Ok(Instant::from_millis(millis)),
        }
    }

    pub(super) fn alloc(&mut self, bytes: usize) -> Result<Block, ModuleError> {
        let len = u32::try_from(bytes).map_err(|_| ModuleError::NoRoom { bytes })?;
        match call(&mut self.store, &self.alloc, len)? {
            0 if len > 0 => Err(ModuleError::NoRoom { bytes }),
            address => Ok(Block { address, len }),
        }
    }

    /// Gives a block back.
    pub(super) fn free(&mut self, Block { address, len }: Block) -> Result<(), ModuleError> {
        let status = call(&mut self.store, &self.free, (address, len))?;
        self.done(status)
    }

    /// Puts `bytes` at the start of a block that is large enough.
    pub(super) fn write(&mut self, block: &Block, bytes: &[u8]) -> Result<(), ModuleError> {
        let outside = ModuleError::Range { address: block.address, len: bytes.len() };
        self.memory.write(&mut self.store, block.address as usize, bytes).map_err(|_| outside)
    }

    /// Calls with a copy of `bytes` in the module's memory, for as long as the call takes.
    fn passing<T>(
        &mut self,
        bytes: &[u8],
        act: impl FnOnce(&mut Self, (u32, u32)) -> Result<T, ModuleError>,
    ) -> Result<T, ModuleError> {
        let block = self.alloc(bytes.len())?;
        self.write(&block, bytes)?;
        let returned = act(self, (block.address, block.len))?;
        self.free(block)?;
        Ok(returned)
    }

    fn read(&self, address: u32, len: usize) -> Result<&[u8], ModuleError> {
        let from = address as usize;
        let range = from.checked_add(len).and_then(|to| self.memory.data(&self.store).get(from..to));
        range.ok_or(ModuleError::Range { address, len })
    }

    fn done(&mut self, status: i32) -> Result<(), ModuleError> {
        if status == 0 { Ok(()) } else { Err(self.refused(status)) }
    }

    /// The module's words for why it returned `code`.
    fn refused(&mut self, code: i32) -> ModuleError {
        match self.result() {
            Ok(text) if !text.is_empty() => ModuleError::Refused { code, text },
            Ok(_) => ModuleError::Refused { code, text: format!("the module refused with code {code}") },
            Err(error) => error,
        }
    }

    fn result(&mut self) -> Result<String, ModuleError> {
        let address = call(&mut self.store, &self.result_ptr, ())?;
        let len = call(&mut self.store, &self.result_len, ())? as usize;
        Ok(String::from_utf8_lossy(self.read(address, len)?).into_owned())
    }
}

/// No state is open under the handle (`docs/raw-abi.md`, Errors).
const UNKNOWN_HANDLE: i32 = -2;

/// Calls an export within its time.
fn call<P: WasmParams, R: WasmResults>(
    store: &mut Store<StoreLimits>,
    export: &TypedFunc<P, R>,
    parameters: P,
) -> Result<R, ModuleError> {
    store.set_epoch_deadline(CALL_MILLIS_MAX / TICK_MILLIS);
    export.call(store, parameters).map_err(ModuleError::Trapped)
}
