//! A decision as a plain JavaScript object, which needs no `free()`.

use cohort_core::decide::{Decision, DenyReason, Outcome, Uncertainty};
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
        let (outcome, reason) = words(&decision.outcome);
        let answer = Self::new();
        answer.set_outcome(outcome);
        answer.set_reason(reason);
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

/// The stable words for an outcome and its reason.
const fn words(outcome: &Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Allow => ("allow", ""),
        Outcome::Deny(reason) => ("deny", denial(reason)),
        Outcome::Indeterminate(why) => ("indeterminate", uncertainty(*why)),
    }
}

const fn denial(reason: &DenyReason) -> &'static str {
    match reason {
        DenyReason::UnknownUser => "unknown_user",
        DenyReason::UnknownPermission => "unknown_permission",
        DenyReason::MalformedScope => "malformed_scope",
        DenyReason::OrgDisabled => "org_disabled",
        DenyReason::InactiveUser => "inactive_user",
        DenyReason::DeniedBy(_) => "denied_by",
        DenyReason::ConditionRequired(_) => "condition_required",
        DenyReason::NoPath => "no_path",
    }
}

const fn uncertainty(why: Uncertainty) -> &'static str {
    match why {
        Uncertainty::Stale => "stale",
        Uncertainty::BeforeCreated => "before_created",
        Uncertainty::RevisionNotReached => "revision_not_reached",
        Uncertainty::AmbiguousSubject => "ambiguous_subject",
        Uncertainty::TooLarge => "too_large",
    }
}
