//! Kleene's three values, and which of them a rule gives at which moment.

use alloc::vec::Vec;

use crate::id::{Instant, Span};
use crate::times::Times;

/// What a rule says about a user at one moment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Truth {
    /// It does not hold.
    False,
    /// It cannot be said, because a field is absent or not comparable, or a manager is not known.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    /// True or False, for what is known.
    #[must_use]
    pub const fn of(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }

    const fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::Unknown => Self::Unknown,
            Self::False => Self::True,
        }
    }
}

/// What a rule says about a user at every moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The same at all times, as long as the directory does not change.
    Always(Truth),
    /// True at some moments, False at others, Unknown at the rest.
    Over {
        /// When it holds.
        holds: Times,
        /// When it does not.
        fails: Times,
    },
}

impl Verdict {
    /// True at `holds` and False otherwise.
    pub(super) fn known(holds: Times) -> Self {
        if holds.is_never() {
            return Self::Always(Truth::False);
        }
        let fails = holds.complement();
        if fails.is_never() { Self::Always(Truth::True) } else { Self::Over { holds, fails } }
    }

    /// What it is at `at`.
    #[must_use]
    pub fn at(&self, at: Instant) -> Truth {
        match self {
            Self::Always(truth) => *truth,
            Self::Over { holds, .. } if holds.contain(at) => Truth::True,
            Self::Over { fails, .. } if fails.contain(at) => Truth::False,
            Self::Over { .. } => Truth::Unknown,
        }
    }

    /// When it is True: only then does a rule make a member.
    #[must_use]
    pub fn times(&self) -> Times {
        match self {
            Self::Always(Truth::True) => Times::always(),
            Self::Always(_) => Times::never(),
            Self::Over { holds, .. } => holds.clone(),
        }
    }

    /// The opposite at every moment; Unknown stays.
    pub(super) fn not(self) -> Self {
        match self {
            Self::Always(truth) => Self::Always(truth.not()),
            Self::Over { holds, fails } => Self::Over { holds: fails, fails: holds },
        }
    }

    /// At every moment the greatest of the parts; False without parts.
    ///
    /// Cost: that of sorting the spans of the parts.
    pub(super) fn any(parts: impl Iterator<Item = Self>) -> Self {
        let mut always = Truth::False;
        let (mut holding, mut not_failing): (Vec<Span>, Vec<Span>) = Default::default();
        let mut changes = false;
        for part in parts {
            match part {
                Self::Always(Truth::True) => return part,
                Self::Always(truth) => always = always.max(truth),
                Self::Over { holds, fails } => {
                    changes = true;
                    holding.extend(holds.spans());
                    not_failing.extend(fails.complement().spans());
                }
            }
        }
        if !changes {
            return Self::Always(always);
        }
        let fails =
            if always == Truth::Unknown { Times::never() } else { Times::of(not_failing).complement() };
        Self::Over { holds: Times::of(holding), fails }
    }

    /// At every moment the least of the parts; True without parts.
    pub(super) fn all(parts: impl Iterator<Item = Self>) -> Self {
        Self::any(parts.map(Self::not)).not()
    }
}
