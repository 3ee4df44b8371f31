//! The class `Cohort` of the npm package: the core's decisions for JavaScript.
//!
//! Each method is one translation: arguments into a [`Query`], the answer into what JavaScript expects. What the
//! answer is comes from `cohort_core` alone. Bytes are taken after their signature was verified, which the
//! package's own `verified` does with the platform's WebCrypto.

mod answer;
mod fault;

use crate::answer::Answer;
use crate::fault::Fault;
use cohort_core::decide::{Query, decide};
use cohort_core::explain::explain;
use cohort_core::id::Instant;
use cohort_core::view::Snapshot;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The platform's clock, in milliseconds since 1970; the core has none of its own.
    #[wasm_bindgen(js_namespace = Date)]
    fn now() -> f64;
}

/// One organisation's users, groups and grants at one revision, ready to be asked.
///
/// Times are milliseconds since 1970, as `Date.now()` gives them. A `user` is an id or a user name; without a
/// `scope` the question is about the whole organisation; without `at` it is about now.
#[wasm_bindgen]
pub struct Cohort {
    snapshot: Snapshot,
}

#[wasm_bindgen]
impl Cohort {
    /// Opens the bytes of a snapshot whose signature was verified.
    ///
    /// # Errors
    /// An `Error` with `code` `malformed` or `contradictory`.
    pub fn open(bytes: &[u8]) -> Result<Cohort, Fault> {
        Snapshot::open(bytes).map(|snapshot| Self { snapshot }).map_err(|cause| Fault::of_open(&cause))
    }

    /// Moves to the revision that a delta leads to; when it throws, the old state still answers.
    ///
    /// # Errors
    /// An `Error` with `code` `malformed`, `contradictory`, `wrong_org`, `wrong_base` (fetch a snapshot) or
    /// `older`.
    pub fn apply(&mut self, delta: &[u8]) -> Result<(), Fault> {
        self.snapshot.apply(delta).map_err(|cause| Fault::of_apply(&cause))
    }

    /// Whether the user may do this: `true` only for a plain yes.
    #[must_use]
    pub fn can(&self, user: &str, permission: &str, scope: Option<String>, at: Option<f64>) -> bool {
        decide(&self.snapshot, &Question::new(user, permission, scope, at).query()).outcome.is_allow()
    }

    /// The whole answer: the outcome, its reason, and how long it holds.
    #[must_use]
    pub fn check(&self, user: &str, permission: &str, scope: Option<String>, at: Option<f64>) -> Answer {
        Answer::of(&decide(&self.snapshot, &Question::new(user, permission, scope, at).query()))
    }

    /// The answer and the path or the near miss behind it, in one line.
    #[must_use]
    pub fn explain(&self, user: &str, permission: &str, scope: Option<String>, at: Option<f64>) -> String {
        explain(&self.snapshot, &Question::new(user, permission, scope, at).query()).to_text(&self.snapshot)
    }

    /// The revision that answers.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn revision(&self) -> f64 {
        answer::number(self.snapshot.header().revision)
    }

    /// When this state may no longer be used, in milliseconds since 1970; apply a delta before.
    #[wasm_bindgen(getter, js_name = validUntil)]
    #[must_use]
    pub fn valid_until(&self) -> f64 {
        answer::millis(self.snapshot.header().valid_until)
    }
}

/// The arguments that all questions share, as JavaScript hands them over.
struct Question<'a> {
    user: &'a str,
    permission: &'a str,
    scope: Option<String>,
    at: Instant,
}

impl<'a> Question<'a> {
    fn new(user: &'a str, permission: &'a str, scope: Option<String>, at: Option<f64>) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a number past the range becomes its end, NaN becomes 1970; both are answered as out of date"
        )]
        let millis = at.unwrap_or_else(now) as i64;
        Self { user, permission, scope, at: Instant::from_millis(millis) }
    }

    fn query(&self) -> Query<'_> {
        Query { scope: self.scope.as_deref(), ..Query::new(self.user, self.permission, self.at) }
    }
}
