//! Why a call failed: a number for programs, a line for people.

use cohort_core::decide::AmbiguousName;
use cohort_core::id::IdError;
use cohort_core::view::{ApplyError, OpenError, WireError, WireFault};
use core::fmt;

use crate::face::STATES_MAX;
use crate::table::ENTRIES_MAX;

/// Why a call did nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AbiError {
    /// Bytes that do not lie inside one block handed out to the host.
    Range {
        /// Where they would begin.
        address: usize,
        /// How many they would be.
        len: usize,
    },
    /// No state is open under this number.
    Handle {
        /// The number found.
        found: u32,
    },
    /// As many states are open as one instance takes.
    TooManyOpen,
    /// The bytes of a question are not one.
    Question {
        /// Bytes from the start of the question.
        offset: usize,
        /// What is wrong there.
        fault: QuestionFault,
    },
    /// Nothing of the state was looked up or selected under this number, or it was forgotten.
    Stale {
        /// The number found.
        found: u32,
    },
    /// Several users have the name.
    AmbiguousName,
    /// The text is not a scope.
    Scope(IdError),
    /// As much was looked up as one instance keeps.
    TooManyHandles,
    /// The snapshot was refused.
    Open(OpenError),
    /// The delta was refused.
    Apply(ApplyError),
}

/// What is wrong with the bytes of a question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum QuestionFault {
    /// They end inside a value.
    Truncated,
    /// Bytes follow the last condition.
    TrailingBytes,
    /// Text that is not UTF-8.
    Utf8,
    /// More conditions than a question takes.
    TooManyConditions {
        /// How many it says it has.
        found: usize,
    },
}

/// The instance is inside another call, or a trap ended one: its state cannot be trusted.
pub const UNUSABLE: i32 = -5;

impl AbiError {
    /// The number that the call returns: negative, and the same in every version of the ABI.
    #[must_use]
    pub const fn code(&self) -> i32 {
        match self {
            Self::Range { .. } => -1,
            Self::Handle { .. } => -2,
            Self::TooManyOpen => -3,
            Self::Question { .. } => -4,
            Self::Stale { .. } => -6,
            Self::AmbiguousName => -7,
            Self::Scope(_) => -8,
            Self::TooManyHandles => -9,
            Self::Open(OpenError::Wire(cause)) | Self::Apply(ApplyError::Wire(cause)) => wire_code(*cause),
            Self::Open(OpenError::State { .. }) | Self::Apply(ApplyError::State(_)) => -19,
            Self::Apply(ApplyError::Org { .. }) => -20,
            Self::Apply(ApplyError::Base { .. }) => -21,
            Self::Apply(ApplyError::Older) => -22,
            Self::Apply(ApplyError::Names) => -23,
            Self::Apply(ApplyError::Slice) => -24,
        }
    }
}

const fn wire_code(cause: WireError) -> i32 {
    match cause.fault {
        WireFault::Version { .. } => -17,
        WireFault::Kind => -18,
        _ => -16,
    }
}

impl fmt::Display for AbiError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range { address, len } => {
                write!(out, "{len} bytes at address {address}; expected a range inside one allocated block")
            }
            Self::Handle { found } => write!(out, "no state is open under handle {found}"),
            Self::TooManyOpen => write!(out, "{STATES_MAX} states are open; expected fewer before another"),
            Self::Question { offset, fault } => write!(out, "malformed question: {fault}, at byte {offset}"),
            Self::Stale { found } => {
                write!(out, "handle {found} is not of this state; expected one looked up in it")
            }
            Self::AmbiguousName => fmt::Display::fmt(&AmbiguousName, out),
            Self::Scope(cause) => fmt::Display::fmt(cause, out),
            Self::TooManyHandles => {
                write!(out, "{ENTRIES_MAX} handles are kept; expected a state to be closed")
            }
            Self::Open(cause) => fmt::Display::fmt(cause, out),
            Self::Apply(cause) => fmt::Display::fmt(cause, out),
        }
    }
}

impl fmt::Display for QuestionFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => out.write_str("the bytes end inside a value"),
            Self::TrailingBytes => out.write_str("bytes follow the last condition"),
            Self::Utf8 => out.write_str("text that is not UTF-8"),
            Self::TooManyConditions { found } => {
                write!(out, "{found} conditions; expected at most {}", crate::question::CONDITIONS_MAX)
            }
        }
    }
}

impl core::error::Error for AbiError {}
