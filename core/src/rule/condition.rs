//! What a rule asks of one user, condition by condition.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Subject, Truth, Verdict, date};
use crate::attribute::Text;
use crate::times::Times;

/// What a rule asks of one user.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Condition {
    /// A profile field compares so.
    Compare(Comparison),
    /// A user is the manager.
    ReportsTo {
        /// The id or user name of the manager.
        manager: Text,
        /// Whether managers of managers count: `DEEP`.
        deep: bool,
    },
    /// The user is in one of these groups, each named by id or slug.
    MemberOf(Vec<Text>),
}

/// One comparison of a profile field.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Comparison {
    /// The field's name in the profile.
    pub field: String,
    /// Which of several values must compare so.
    pub quantifier: Quantifier,
    /// How each is compared.
    pub operator: Operator,
    /// With what; none for [`Operator::IsNull`], several for lists.
    pub values: Vec<Value>,
    /// Whether the comparison must fail: `!=`, `NOT IN`, `NOT LIKE`, `IS NOT NULL`.
    pub negated: bool,
}

/// Which of a field's values must compare as asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Quantifier {
    /// At least one; what is meant when nothing negates and nothing else is written.
    Any,
    /// Every one; what is meant by `!=`, `NOT IN` and `NOT LIKE` when nothing else is written.
    All,
}

/// How a field is compared; all but [`Operator::EqualExact`] without case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Operator {
    /// Is one of the values: `=`, `IN`.
    Equal,
    /// Is the value to the letter: `==`.
    EqualExact,
    /// Is a smaller number or an earlier date: `<`.
    Less,
    /// Is no larger number and no later date: `<=`.
    AtMost,
    /// Is a larger number or a later date: `>`.
    Greater,
    /// Is no smaller number and no earlier date: `>=`.
    AtLeast,
    /// Contains one of the values: `LIKE`.
    Contains,
    /// Begins with the value.
    StartsWith,
    /// Ends with the value.
    EndsWith,
    /// Has no value.
    IsNull,
}

/// What a field is compared with.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Value {
    /// A text, a number or a date, as written.
    Text(Text),
    /// The instant of the question, and what is added to it.
    Now {
        /// Milliseconds; negative before the instant.
        offset_millis: i64,
    },
}

impl Condition {
    /// What the condition says about `subject`, over time.
    pub(super) fn verdict(&self, subject: &Subject<'_>) -> Verdict {
        match self {
            Self::Compare(comparison) => comparison.verdict(subject),
            Self::ReportsTo { manager, deep } => Verdict::Always(subject.reports_to(manager, *deep)),
            Self::MemberOf(groups) => {
                let times = groups.iter().map(|group| subject.around.times_in(subject.user, group));
                Verdict::known(Times::of(times.flat_map(|times| times.spans().to_vec())))
            }
        }
    }
}

impl Quantifier {
    /// What is meant when the rule does not say.
    #[must_use]
    pub const fn implied(negated: bool) -> Self {
        if negated { Self::All } else { Self::Any }
    }
}

impl Comparison {
    fn verdict(&self, subject: &Subject<'_>) -> Verdict {
        let found = subject.profile.values(&self.field);
        if self.operator == Operator::IsNull {
            return Verdict::Always(Truth::of(found.is_empty() != self.negated));
        }
        if found.is_empty() {
            return Verdict::Always(Truth::Unknown);
        }
        let each = found.iter().map(|value| self.verdict_of(value));
        match self.quantifier {
            Quantifier::Any => Verdict::any(each),
            Quantifier::All => Verdict::all(each),
        }
    }

    /// What the comparison says of one value of the field.
    fn verdict_of(&self, found: &Text) -> Verdict {
        let holds = Verdict::any(self.values.iter().map(|wanted| match wanted {
            Value::Text(wanted) => Verdict::Always(self.operator.compare(found, wanted)),
            Value::Now { offset_millis } => self.operator.compare_now(found, *offset_millis),
        }));
        if self.negated { holds.not() } else { holds }
    }
}

impl Operator {
    fn compare(self, found: &Text, wanted: &Text) -> Truth {
        let ordered = |admits: fn(core::cmp::Ordering) -> bool| {
            date::order(&found.original, &wanted.original)
                .map_or(Truth::Unknown, |order| Truth::of(admits(order)))
        };
        match self {
            Self::Equal => Truth::of(found.folded == wanted.folded),
            Self::EqualExact => Truth::of(found.original == wanted.original),
            Self::Less => ordered(core::cmp::Ordering::is_lt),
            Self::AtMost => ordered(core::cmp::Ordering::is_le),
            Self::Greater => ordered(core::cmp::Ordering::is_gt),
            Self::AtLeast => ordered(core::cmp::Ordering::is_ge),
            Self::Contains => Truth::of(found.folded.contains(&wanted.folded)),
            Self::StartsWith => Truth::of(found.folded.starts_with(&wanted.folded)),
            Self::EndsWith => Truth::of(found.folded.ends_with(&wanted.folded)),
            Self::IsNull => Truth::False,
        }
    }

    /// When the date found stands so to the present plus `offset_millis`; Unknown for what is no date.
    fn compare_now(self, found: &Text, offset_millis: i64) -> Verdict {
        let Some(date) = date::instant(&found.original) else { return Verdict::Always(Truth::Unknown) };
        // The present plus the offset is the date at `met`, and later than it from `past` on.
        let met = date.plus_millis(offset_millis.saturating_neg());
        let past = met.plus_millis(1);
        Verdict::known(match self {
            Self::Less => Times::since(past),
            Self::AtMost => Times::since(met),
            Self::Greater => Times::before(met),
            Self::AtLeast => Times::before(past),
            _ => Times::since(met).intersection(&Times::before(past)),
        })
    }

    /// Whether it compares order, which only numbers and dates have.
    #[must_use]
    pub const fn is_order(self) -> bool {
        matches!(self, Self::Less | Self::AtMost | Self::Greater | Self::AtLeast)
    }

    /// Whether it looks into text.
    #[must_use]
    pub const fn is_part(self) -> bool {
        matches!(self, Self::Contains | Self::StartsWith | Self::EndsWith)
    }

    /// How it is written.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::EqualExact => "==",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Contains => "LIKE",
            Self::StartsWith => "STARTS WITH",
            Self::EndsWith => "ENDS WITH",
            Self::IsNull => "IS NULL",
        }
    }
}
