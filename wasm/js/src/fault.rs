//! What was refused, as a code that programs compare and a text for people.

use alloc::string::String;
use cohort_core::decide::AmbiguousName;
use cohort_core::id::IdError;
use cohort_core::view::{ApplyError, OpenError, WireError, WireFault};
use cohort_core::who_can::WhoCanError;

/// The code on a line of its own, then the text.
pub(crate) struct Fault(pub(crate) String);

impl Fault {
    /// More is kept than one state takes.
    pub(crate) fn handles() -> Self {
        Self::with("too_many_handles", &|to| {
            to.push_str("too many scopes are kept; expected names to be asked instead");
        })
    }

    #[cold]
    #[inline(never)]
    fn with(code: &str, say: &dyn Fn(&mut String)) -> Self {
        let mut text = String::from(code);
        text.push('\n');
        say(&mut text);
        Self(text)
    }
}

const fn wire(cause: WireError) -> &'static str {
    match cause.fault {
        WireFault::Version { .. } => "unknown_version",
        WireFault::Kind => "wrong_kind",
        _ => "malformed",
    }
}

impl From<OpenError> for Fault {
    fn from(cause: OpenError) -> Self {
        let code = match cause {
            OpenError::Wire(cause) => wire(cause),
            OpenError::State { .. } => "contradictory",
        };
        Self::with(code, &|to| cause.say(to))
    }
}

impl From<ApplyError> for Fault {
    fn from(cause: ApplyError) -> Self {
        let code = match &cause {
            ApplyError::Wire(cause) => wire(*cause),
            ApplyError::State(_) => "contradictory",
            ApplyError::Org { .. } => "wrong_org",
            ApplyError::Base { .. } => "wrong_base",
            ApplyError::Older => "older",
            ApplyError::Names => "wrong_names",
            ApplyError::Slice => "slice",
        };
        Self::with(code, &|to| cause.say(to))
    }
}

impl From<AmbiguousName> for Fault {
    fn from(cause: AmbiguousName) -> Self {
        Self::with("ambiguous_user", &|to| cause.say(to))
    }
}

impl From<IdError> for Fault {
    fn from(cause: IdError) -> Self {
        Self::with("malformed_scope", &|to| cause.say(to))
    }
}

impl From<WhoCanError> for Fault {
    fn from(cause: WhoCanError) -> Self {
        let code = match cause {
            WhoCanError::Stale => "stale_handle",
            WhoCanError::Slice => "slice",
        };
        Self::with(code, &|to| cause.say(to))
    }
}
