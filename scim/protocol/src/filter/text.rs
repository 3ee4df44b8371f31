//! A filter as text again, in one spelling for each tree.

use std::fmt;

use crate::filter::{Comparison, Filter};

/// Parsing the text gives the filter back. Names keep the case in which they were written.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(parts) => joined(f, parts, " and "),
            Self::Or(parts) => joined(f, parts, " or "),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Present(path) => write!(f, "{path} pr"),
            Self::Compare(Comparison { attribute, operator, value }) => {
                write!(f, "{attribute} {} {value}", operator.keyword())
            }
            Self::Element(path, condition) => write!(f, "{path}[{condition}]"),
        }
    }
}

/// Lists inside lists stand in parentheses, also where precedence would make them needless.
fn joined(f: &mut fmt::Formatter<'_>, parts: &[Filter], word: &str) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { word })?;
        match part {
            Filter::And(_) | Filter::Or(_) => write!(f, "({part})")?,
            _ => write!(f, "{part}")?,
        }
    }
    Ok(())
}
