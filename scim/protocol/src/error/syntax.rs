//! Where and why a filter or a PATCH path stopped making sense.

use thiserror::Error;

use crate::error::Excerpt;

/// A fault in the text of a filter or path, with the byte offset at which it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", .fault.describe(*.at))]
pub struct SyntaxError {
    /// Bytes from the start of the text.
    pub at: usize,
    /// What is wrong there.
    pub fault: SyntaxFault,
}

/// The ways in which a filter or path can be malformed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyntaxFault {
    /// The text is longer than `bytes_max` bytes.
    TooLong {
        /// The limit in bytes.
        bytes_max: usize,
    },
    /// Parentheses and brackets are nested more than `depth_max` levels.
    TooDeep {
        /// The limit in levels.
        depth_max: usize,
    },
    /// There are more than `nodes_max` comparisons and connectives.
    TooManyNodes {
        /// The limit in nodes.
        nodes_max: usize,
    },
    /// Something else stands where `expected` has to be.
    Unexpected {
        /// The word or character found.
        found: Excerpt,
        /// What could have stood there.
        expected: &'static str,
    },
    /// The text ends where `expected` has to be.
    Ends {
        /// What could have followed.
        expected: &'static str,
    },
    /// The word after an attribute is none of the operators.
    UnknownOperator {
        /// The word found.
        found: Excerpt,
    },
    /// A word is not an attribute name: letters, digits, `-`, `_`, `$`, with at most one sub-attribute.
    BadAttribute {
        /// The word found.
        found: Excerpt,
    },
    /// A comparison value is not a JSON string, number, `true`, `false` or `null`.
    BadValue {
        /// The word found.
        found: Excerpt,
    },
}

impl SyntaxFault {
    fn describe(&self, at: usize) -> String {
        match self {
            Self::TooLong { bytes_max } => format!("longer than {bytes_max} bytes"),
            Self::TooDeep { depth_max } => format!("nested more than {depth_max} levels at byte {at}"),
            Self::TooManyNodes { nodes_max } => format!("more than {nodes_max} conditions at byte {at}"),
            Self::Unexpected { found, expected } => {
                format!("unexpected `{found}` at byte {at}; expected {expected}")
            }
            Self::Ends { expected } => format!("ends at byte {at}; expected {expected}"),
            Self::UnknownOperator { found } => format!(
                "unknown operator `{found}` at byte {at}; \
                 expected one of eq, ne, co, sw, ew, pr, gt, ge, lt, le"
            ),
            Self::BadAttribute { found } => format!(
                "`{found}` at byte {at} is not an attribute; expected a name such as `userName` or `name.familyName`"
            ),
            Self::BadValue { found } => format!(
                "`{found}` at byte {at} is not a value; expected a text in double quotes, a number, true, false or null"
            ),
        }
    }
}
