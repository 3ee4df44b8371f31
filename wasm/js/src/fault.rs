//! Refused bytes as a JavaScript `Error` with a `code` that programs compare.

use cohort_core::view::{ApplyError, OpenError};
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
    pub(crate) fn of_open(cause: &OpenError) -> Self {
        let code = match cause {
            OpenError::Wire(_) => "malformed",
            OpenError::State { .. } => "contradictory",
        };
        Self::with(code, &cause.to_string())
    }

    pub(crate) fn of_apply(cause: &ApplyError) -> Self {
        let code = match cause {
            ApplyError::Wire(_) => "malformed",
            ApplyError::State(_) => "contradictory",
            ApplyError::Org { .. } => "wrong_org",
            ApplyError::Base { .. } => "wrong_base",
            ApplyError::Older => "older",
            ApplyError::Names => "wrong_names",
            ApplyError::Slice => "slice",
        };
        Self::with(code, &cause.to_string())
    }

    fn with(code: &str, message: &str) -> Self {
        let fault = Self::new(message);
        fault.set_code(code);
        fault
    }
}
