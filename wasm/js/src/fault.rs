//! What was refused, as a JavaScript `Error` with a `code` that programs compare.

use alloc::string::ToString;

use cohort_core::decide::AmbiguousName;
use cohort_core::id::IdError;
use cohort_core::view::{ApplyError, OpenError, WireError, WireFault};
use cohort_core::who_can::WhoCanError;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The platform's `Error`.
    #[wasm_bindgen(js_name = Error)]
    pub type Fault;

    #[wasm_bindgen(constructor, js_class = "Error")]
    fn new(message: &str) -> Fault;
    #[wasm_bindgen(method, setter)]
    fn set_code(this: &Fault, code: &str);
}

impl Fault {
    /// More is kept than one instance takes.
    pub(crate) fn handles() -> Self {
        Self::with("too_many_handles", "too many scopes are kept; expected names to be asked instead")
    }

    fn with(code: &str, message: &str) -> Self {
        let fault = Self::new(message);
        fault.set_code(code);
        fault
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
        Self::with(code, &cause.to_string())
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
        Self::with(code, &cause.to_string())
    }
}

impl From<AmbiguousName> for Fault {
    fn from(cause: AmbiguousName) -> Self {
        Self::with("ambiguous_user", &cause.to_string())
    }
}

impl From<IdError> for Fault {
    fn from(cause: IdError) -> Self {
        Self::with("malformed_scope", &cause.to_string())
    }
}

impl From<WhoCanError> for Fault {
    fn from(cause: WhoCanError) -> Self {
        let code = match cause {
            WhoCanError::Stale => "stale_handle",
            WhoCanError::Slice => "slice",
        };
        Self::with(code, &cause.to_string())
    }
}
