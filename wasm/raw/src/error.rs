//! Why a call failed: a number for programs, a line for people.

use alloc::string::String;
use core::cell::Cell;

use cohort_core::decide::AmbiguousName;
use cohort_core::id::IdError;
use cohort_core::say::{Word, say};
use cohort_core::view::{ApplyError, OpenError, WireError, WireFault};

use crate::face::STATES_MAX;
use crate::question::QuestionError;
use crate::table::ENTRIES_MAX;

/// The instance is inside another call, or a trap ended one: its state cannot be trusted.
pub const UNUSABLE: i32 = -5;

/// The call did nothing. Why is in the [`Report`], so that whatever may be refused is returned as if it could not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refused;

/// What a call left to be read: the line of an explanation, or number and line of an error.
pub struct Report {
    code: Cell<i32>,
    text: Cell<String>,
}

impl Report {
    /// A report of nothing yet.
    #[must_use]
    pub const fn empty() -> Self {
        Self { code: Cell::new(UNUSABLE), text: Cell::new(String::new()) }
    }

    /// The number of the last error: negative, and the same in every version of the ABI.
    #[must_use]
    pub const fn code(&self) -> i32 {
        self.code.get()
    }

    /// The line of the last explanation or error.
    pub fn text(&mut self) -> &str {
        self.text.get_mut()
    }

    /// Leaves a line that is no error's.
    pub fn tell(&self, text: String) {
        self.text.set(text);
    }

    #[cold]
    #[inline(never)]
    fn refuse(&self, code: i32, template: &str, words: [usize; 2]) -> Refused {
        self.refused(code, |to| say(to, template, &words.map(|word| Word::Number(word as u64))))
    }

    fn refused(&self, code: i32, say: impl FnOnce(&mut String)) -> Refused {
        let mut text = String::new();
        say(&mut text);
        self.text.set(text);
        self.code.set(code);
        Refused
    }

    /// `len` bytes that do not lie inside one block handed out to the host.
    pub fn range(&self, address: usize, len: usize) -> Refused {
        self.refuse(-1, "% bytes at address %; expected a range inside one allocated block", [len, address])
    }

    /// No state is open under this number.
    pub fn handle(&self, found: u32) -> Refused {
        self.refuse(-2, "no state is open under handle %", [found as usize, 0])
    }

    /// As many states are open as one instance takes.
    pub fn too_many_open(&self) -> Refused {
        self.refuse(-3, "% states are open; expected fewer before another", [STATES_MAX, 0])
    }

    /// The bytes of a question are not one.
    pub fn question(&self, cause: QuestionError) -> Refused {
        self.refused(-4, |to| cause.say(to))
    }

    /// Nothing of the state was looked up or selected under this number, or it was forgotten.
    pub fn stale(&self, found: u32) -> Refused {
        self.refuse(-6, "handle % is not of this state; expected one looked up in it", [found as usize, 0])
    }

    /// Several users have the name.
    pub fn ambiguous(&self, cause: AmbiguousName) -> Refused {
        self.refused(-7, |to| cause.say(to))
    }

    /// The text is not a scope.
    pub fn scope(&self, cause: IdError) -> Refused {
        self.refused(-8, |to| cause.say(to))
    }

    /// As much was looked up as one instance keeps.
    pub fn too_many_handles(&self) -> Refused {
        self.refuse(-9, "% handles are kept; expected a state to be closed", [ENTRIES_MAX, 0])
    }

    /// The snapshot was refused.
    pub fn open(&self, cause: &OpenError) -> Refused {
        let code = match cause {
            OpenError::Wire(cause) => wire_code(cause),
            OpenError::State { .. } => -19,
        };
        self.refused(code, |to| cause.say(to))
    }

    /// The delta was refused.
    pub fn apply(&self, cause: &ApplyError) -> Refused {
        let code = match cause {
            ApplyError::Wire(cause) => wire_code(cause),
            ApplyError::State(_) => -19,
            ApplyError::Org { .. } => -20,
            ApplyError::Base { .. } => -21,
            ApplyError::Older => -22,
            ApplyError::Names => -23,
            ApplyError::Slice => -24,
        };
        self.refused(code, |to| cause.say(to))
    }
}

const fn wire_code(cause: &WireError) -> i32 {
    match cause.fault {
        WireFault::Version { .. } => -17,
        WireFault::Kind => -18,
        _ => -16,
    }
}
