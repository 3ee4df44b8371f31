//! What the player of the files needs from a face.

use super::step::{Exact, Question};

/// One way to ask the core: native, the raw module, a component.
///
/// Questions give `None` where the face has no way to ask them; such a step is passed over and counted.
pub trait Face {
    /// An open state.
    type State;

    /// Opens an envelope.
    ///
    /// # Errors
    /// The name of the refusal.
    fn open(&mut self, envelope: &[u8]) -> Result<Self::State, String>;

    /// Applies an envelope to a state.
    ///
    /// # Errors
    /// The name of the refusal.
    fn apply(&mut self, state: &mut Self::State, envelope: &[u8]) -> Result<(), String>;

    /// Whether a user may do something, at `at` in milliseconds since 1970.
    fn ask(&mut self, state: &mut Self::State, question: &Question, at: i64) -> Option<Given>;

    /// Why: the line of the explanation.
    fn explain(&mut self, state: &mut Self::State, question: &Question, at: i64) -> Option<String>;

    /// Whether a user has a role, whose id stands for the permission.
    fn role(&mut self, _: &mut Self::State, _: &Question, _: i64) -> Option<Given> {
        None
    }

    /// Who may do something: ids.
    fn who(&mut self, _: &mut Self::State, _: &Question, _: i64) -> Option<Vec<String>> {
        None
    }

    /// Whether it verifies signatures itself; if not, the folder `envelope` is passed over.
    fn verifies(&self) -> bool;
}

/// The answer of a face.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    /// `allow`, `deny` or `indeterminate`; whatever a face says that cannot answer is neither.
    pub outcome: String,
    /// The rest; none for a face that tells the outcome alone.
    pub exact: Option<Exact>,
}
