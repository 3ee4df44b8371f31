//! The module in wasmtime: `docs/raw-abi.md` as Rust types.
//!
//! Every [`State`] is an instance of its own. Dropping it gives all its memory back, which a wasm memory never
//! does while it lives, and a module that trapped takes nothing else along. What runs is bounded: memory by
//! [`MEMORY_BYTES_MAX`], time by [`CALL_MILLIS_MAX`].

mod answer;
mod error;
mod instance;
mod question;

use std::fs;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use cohort_core::decide::Query;
use cohort_core::id::{Instant, Revision};
use wasmtime::{Config, Engine, Module};

use instance::{Block, Instance};

pub use answer::{Answer, Denial, Outcome};
pub use error::ModuleError;

/// The version of the ABI that this host speaks.
pub const ABI_VERSION: u32 = 1;

/// Bytes of memory that one state may take: several times what an organisation of 100,000 people needs.
pub const MEMORY_BYTES_MAX: usize = 512 << 20;

/// Milliseconds that one call may take; opening the largest snapshot is the longest.
pub const CALL_MILLIS_MAX: u64 = 10_000;

/// Milliseconds between two looks at how long calls have been running.
const TICK_MILLIS: u64 = 50;

/// The compiled module, ready to open snapshots.
#[derive(Debug)]
pub struct Program {
    engine: Engine,
    module: Module,
    /// Ends the ticking thread when dropped.
    _ticking: Sender<()>,
}

impl Program {
    /// Compiles the module in this file.
    ///
    /// # Errors
    /// [`ModuleError::Read`], and those of [`Program::from_bytes`].
    pub fn from_file(path: &Path) -> Result<Self, ModuleError> {
        let bytes =
            fs::read(path).map_err(|cause| ModuleError::Read { path: path.display().to_string(), cause })?;
        Self::from_bytes(&bytes)
    }

    /// Compiles a module, which must ask for nothing from its host.
    ///
    /// # Errors
    /// [`ModuleError::Compile`] when the bytes are not wasm, [`ModuleError::Imports`] when it has imports. Whether
    /// it speaks this ABI shows when a snapshot is opened.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModuleError> {
        let mut config = Config::new();
        config.epoch_interruption(true);
        let engine = Engine::new(&config).map_err(ModuleError::Compile)?;
        let module = Module::from_binary(&engine, bytes).map_err(ModuleError::Compile)?;
        if let Some(import) = module.imports().next() {
            return Err(ModuleError::Imports { module: import.module().into(), name: import.name().into() });
        }
        let _ticking = ticking(engine.clone());
        Ok(Self { engine, module, _ticking })
    }

    /// Opens a snapshot (the payload of a verified envelope) in a fresh instance.
    ///
    /// # Errors
    /// [`ModuleError::Refused`] with the module's own words when the bytes are not a valid snapshot; other
    /// variants when the module is not ours or ran into its bounds.
    pub fn open(&self, snapshot: &[u8]) -> Result<State, ModuleError> {
        let mut instance = Instance::new(&self.engine, &self.module)?;
        let handle = instance.open(snapshot)?;
        let answer = instance.alloc(answer::BYTES)?;
        let question = instance.alloc(QUESTION_BYTES)?;
        Ok(State { instance, handle, question, answer, encoded: Vec::new() })
    }
}

/// Bytes of a usual question; a longer one gets a larger block.
const QUESTION_BYTES: usize = 512;

/// Moves the engine's epoch on, so that calls past their deadline end.
fn ticking(engine: Engine) -> Sender<()> {
    let (running, ended) = mpsc::channel();
    thread::spawn(move || {
        let tick = Duration::from_millis(TICK_MILLIS);
        while ended.recv_timeout(tick) == Err(RecvTimeoutError::Timeout) {
            engine.increment_epoch();
        }
    });
    running
}

/// An organisation's access at a revision, inside its instance.
#[derive(Debug)]
pub struct State {
    instance: Instance,
    handle: u32,
    // Blocks in the module's memory, kept so that a decision allocates nothing.
    question: Block,
    answer: Block,
    encoded: Vec<u8>,
}

impl State {
    /// Moves the state to the revision that `delta` (the payload of a verified envelope) leads to.
    ///
    /// # Errors
    /// [`ModuleError::Refused`] with the module's own words, the state being unchanged; after
    /// [`ModuleError::Trapped`] every later call fails.
    pub fn apply(&mut self, delta: &[u8]) -> Result<(), ModuleError> {
        self.instance.apply(self.handle, delta)
    }

    /// Answers a question.
    ///
    /// # Errors
    /// [`ModuleError::TooLong`] for a question beyond the ABI; [`ModuleError::Trapped`] when the module failed.
    pub fn decide(&mut self, query: &Query<'_>) -> Result<Answer, ModuleError> {
        self.pass(query)?;
        self.instance.decide(self.handle, self.question.up_to(self.encoded.len()), &self.answer)
    }

    /// Answers a question with the line that says why: `allow: rule emea-sales < sales < quoter`.
    ///
    /// # Errors
    /// As for [`State::decide`].
    pub fn explain(&mut self, query: &Query<'_>) -> Result<String, ModuleError> {
        self.pass(query)?;
        self.instance.explain(self.handle, self.question.up_to(self.encoded.len()))
    }

    /// The revision of the facts.
    ///
    /// # Errors
    /// [`ModuleError::Trapped`] when the module failed.
    pub fn revision(&mut self) -> Result<Revision, ModuleError> {
        self.instance.revision(self.handle)
    }

    /// Up to when the facts may be used without news.
    ///
    /// # Errors
    /// [`ModuleError::Trapped`] when the module failed.
    pub fn valid_until(&mut self) -> Result<Instant, ModuleError> {
        self.instance.valid_until(self.handle)
    }

    /// Puts a question into the module's memory.
    fn pass(&mut self, query: &Query<'_>) -> Result<(), ModuleError> {
        question::encode(query, &mut self.encoded)?;
        if self.encoded.len() > self.question.len() {
            let larger = self.instance.alloc(self.encoded.len())?;
            let smaller = core::mem::replace(&mut self.question, larger);
            self.instance.free(smaller)?;
        }
        self.instance.write(&self.question, &self.encoded)
    }
}
