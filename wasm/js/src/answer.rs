//! A decision as a plain JavaScript object, which needs no `free()`.

use cohort_core::decide::Decision;
use cohort_core::id::{Instant, Revision};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The answer to one question. */
export interface Check {
    /** Whatever is not `"allow"` is no. */
    outcome: "allow" | "deny" | "indeterminate";
    /** Why not, such as `"no_path"` or `"stale"`; empty for `"allow"`. */
    reason: string;
    /** The revision that answered. */
    revision: number;
    /** The answer holds until then if no news arrives; milliseconds since 1970. */
    validUntil: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// The object that `check` returns.
    #[wasm_bindgen(js_name = Object, typescript_type = "Check")]
    pub type Answer;

    #[wasm_bindgen(constructor, js_class = "Object")]
    fn new() -> Answer;
    #[wasm_bindgen(method, setter)]
    fn set_outcome(this: &Answer, outcome: &str);
    #[wasm_bindgen(method, setter)]
    fn set_reason(this: &Answer, reason: &str);
    #[wasm_bindgen(method, setter)]
    fn set_revision(this: &Answer, revision: f64);
    #[wasm_bindgen(method, setter, js_name = validUntil)]
    fn set_valid_until(this: &Answer, valid_until: f64);
}

impl Answer {
    pub(crate) fn of(decision: &Decision) -> Self {
        let answer = Self::new();
        answer.set_outcome(decision.outcome.word());
        answer.set_reason(decision.outcome.code());
        answer.set_revision(number(decision.revision));
        answer.set_valid_until(millis(decision.valid_until));
        answer
    }
}

/// A revision as JavaScript counts; exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "2^53 changes of one organisation do not happen")]
pub(crate) fn number(revision: Revision) -> f64 {
    revision.number() as f64
}

/// A moment as JavaScript counts; the end of time loses its last digits, which nobody compares.
#[expect(clippy::cast_precision_loss, reason = "milliseconds of real dates are below 2^53")]
pub(crate) fn millis(instant: Instant) -> f64 {
    instant.as_millis() as f64
}
