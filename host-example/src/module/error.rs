//! Why the module could not be used, or did not do what it was asked.

use std::io;

/// Why a call into the module gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum ModuleError {
    /// The file could not be read.
    #[error(
        "cannot read the module `{path}`: {cause}\nhint: `cargo xtask dist` writes it to `dist/cohort.wasm`"
    )]
    Read {
        /// Which file.
        path: String,
        /// Why.
        cause: io::Error,
    },
    /// The bytes are not a module that wasmtime takes.
    #[error("not a wasm module: {0:#}")]
    Compile(#[source] wasmtime::Error),
    /// The module asks the host for something.
    #[error("the module imports `{name}` from `{module}`; expected no imports")]
    Imports {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// The module does not have the functions of the ABI.
    #[error("not a module of Cohort: {0:#}")]
    Exports(#[source] wasmtime::Error),
    /// The module speaks another version of the ABI.
    #[error("the module speaks ABI version {found}; expected {}", super::ABI_VERSION)]
    AbiVersion {
        /// The version found.
        found: u32,
    },
    /// The module refused, in its own words.
    #[error("{text}")]
    Refused {
        /// The number, as in `docs/raw-abi.md`.
        code: i32,
        /// What was found and what was expected.
        text: String,
    },
    /// The module ran out of time or memory, or is broken.
    #[error("the module failed: {}", .0.root_cause())]
    Trapped(#[source] wasmtime::Error),
    /// The module has no room for what it should take.
    #[error("the module has no room for {bytes} bytes; expected at most {} in all", super::MEMORY_BYTES_MAX)]
    NoRoom {
        /// How many bytes.
        bytes: usize,
    },
    /// A text that the ABI cannot carry.
    #[error("a text of {bytes} bytes in a question; expected at most {}", u16::MAX)]
    TooLong {
        /// How many bytes.
        bytes: usize,
    },
    /// An answer whose numbers name no case.
    #[error("the module answered with outcome {outcome} and reason {reason}, which this host does not know")]
    Answer {
        /// The first number.
        outcome: u8,
        /// The second.
        reason: u8,
    },
    /// The module named memory that it does not have.
    #[error("the module named {len} bytes at {address}, outside its memory")]
    Range {
        /// Where they would begin.
        address: u32,
        /// How many they would be.
        len: usize,
    },
}
