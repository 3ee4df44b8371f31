//! One deliberate fault: a text of a source and what is put in its place.

use crate::failure::Failure;

/// A change that makes the core wrong, small enough that a person could make it.
pub(crate) struct Fault {
    /// What `--only` takes; says what is wrong.
    pub(crate) name: &'static str,
    /// Path below the root.
    pub(crate) file: &'static str,
    /// What stands there exactly once.
    pub(crate) text: &'static str,
    /// What is put in its place.
    pub(crate) replacement: &'static str,
    /// What goes wrong, in one line.
    pub(crate) means: &'static str,
}

impl Fault {
    /// `source` with the fault in it.
    ///
    /// # Errors
    /// [`Failure::FaultText`] unless the text stands in `source` exactly once.
    pub(crate) fn applied(&self, source: &str) -> Result<String, Failure> {
        match source.matches(self.text).count() {
            1 => Ok(source.replacen(self.text, self.replacement, 1)),
            found => Err(Failure::FaultText { name: self.name, file: self.file, found }),
        }
    }
}
