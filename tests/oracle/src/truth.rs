//! Three-valued logic.

/// What a rule says of a person, when the profile may be silent on it (Kleene's strong logic).
///
/// The order is the logic: "and" is the least of its parts, "or" the greatest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Truth {
    /// It does not hold.
    False,
    /// The profile does not say.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    /// True or False, for a fact that is known.
    #[must_use]
    pub fn of(fact: bool) -> Self {
        if fact { Self::True } else { Self::False }
    }

    /// The least of all parts; True for none.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        parts.into_iter().min().unwrap_or(Self::True)
    }

    /// The greatest of all parts; False for none.
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        parts.into_iter().max().unwrap_or(Self::False)
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}
