//! The form in which texts are compared without case.

use unicode_normalization::UnicodeNormalization;

/// `text` in compatibility form (NFKC) and case-folded: two texts that read alike give one result.
///
/// Folding comes after a first normalisation, and is itself normalised: either can undo the other's work.
///
/// ```
/// assert_eq!(cohort_directory::fold("Straße ﬁne"), cohort_directory::fold("STRASSE FINE"));
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let normal: String = text.nfkc().collect();
    caseless::default_case_fold_str(&normal).nfkc().collect()
}

#[cfg(test)]
mod tests;
