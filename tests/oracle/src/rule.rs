//! Model part 3: rules as a tree, and what they say of a person.

mod lex;
mod parse;

use std::collections::BTreeSet;

use crate::time::instant;
use crate::truth::Truth;
use crate::world::{User, World};

pub use crate::rule::lex::RuleError;

/// Managers above one another that a rule looks at.
const MANAGERS_MAX: usize = 64;

/// A condition on a person's profile, or several combined.
#[derive(Clone, PartialEq, Debug)]
pub enum Rule {
    /// All hold.
    All(Vec<Self>),
    /// At least one holds.
    Any(Vec<Self>),
    /// It does not hold.
    Not(Box<Self>),
    /// The values of a field stand in a relation.
    Compare {
        /// The field, in lower case.
        field: String,
        /// Which of several values must.
        which: Which,
        /// The relation.
        test: Test,
    },
    /// The field has no value.
    IsNull(String),
    /// The person is below this manager.
    ReportsTo {
        /// The manager's name.
        manager: String,
        /// Whether managers of managers count.
        deep: bool,
    },
    /// The person is in one of these groups.
    MemberOf(Vec<String>),
}

/// Which of several values a relation must hold for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// At least one.
    Any,
    /// Every one.
    All,
}

/// A relation of one value to the literals of a rule.
#[derive(Clone, PartialEq, Debug)]
pub enum Test {
    /// Equal to one of them, without case.
    In(Vec<Value>),
    /// Equal to the letter.
    Exactly(Value),
    /// Contains one of them, without case.
    Like(Vec<Value>),
    /// Begins so, without case.
    Starts(Value),
    /// Ends so, without case.
    Ends(Value),
    /// Before or after, as numbers or as dates.
    Order(Order, Value),
    /// The opposite of another relation.
    Not(Box<Self>),
}

/// The four relations of order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// A literal of a rule.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// Text, as written.
    Text(String),
    /// A number and its text.
    Number(f64, String),
    /// A date in milliseconds since 1970 and its text.
    Date(i64, String),
    /// The instant of the question, and milliseconds to add.
    Now(i64),
}

/// Whom a rule is about, and what it may look at.
pub(crate) struct Subject<'a> {
    pub(crate) world: &'a World,
    pub(crate) user: &'a User,
    pub(crate) at: i64,
    /// The groups that the person is known to be in so far.
    pub(crate) groups: &'a BTreeSet<String>,
}

impl Rule {
    /// What the rule says of a person.
    pub(crate) fn holds(&self, subject: &Subject<'_>) -> Truth {
        match self {
            Self::All(parts) => Truth::all(parts.iter().map(|part| part.holds(subject))),
            Self::Any(parts) => Truth::any(parts.iter().map(|part| part.holds(subject))),
            Self::Not(part) => !part.holds(subject),
            Self::IsNull(field) => Truth::of(subject.values(field).is_empty()),
            Self::MemberOf(groups) => Truth::of(groups.iter().any(|group| subject.groups.contains(group))),
            Self::ReportsTo { manager, deep } => subject.reports_to(manager, *deep),
            Self::Compare { field, which, test } => {
                let values = subject.values(field);
                if values.is_empty() {
                    return Truth::Unknown;
                }
                let each = values.iter().map(|value| test.holds(value, subject.at));
                match which {
                    Which::Any => Truth::any(each),
                    Which::All => Truth::all(each),
                }
            }
        }
    }

    /// The fields compared with the present, each with the milliseconds added to it.
    pub(crate) fn now_offsets(&self) -> Vec<(String, i64)> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::now_offsets).collect(),
            Self::Not(part) => part.now_offsets(),
            Self::Compare { field, test, .. } => {
                test.now_offsets().into_iter().map(|offset| (field.clone(), offset)).collect()
            }
            Self::IsNull(_) | Self::MemberOf(_) | Self::ReportsTo { .. } => Vec::new(),
        }
    }
}

impl Test {
    fn holds(&self, found: &str, at: i64) -> Truth {
        let folded = fold(found);
        match self {
            Self::Not(test) => !test.holds(found, at),
            Self::In(values) => Truth::any(values.iter().map(|value| equal(&folded, value, at))),
            Self::Exactly(value) => match value.text() {
                Some(text) => Truth::of(found == text),
                None => equal(&folded, value, at),
            },
            Self::Like(values) => text_test(values, |text| folded.contains(text)),
            Self::Starts(value) => text_test(std::slice::from_ref(value), |text| folded.starts_with(text)),
            Self::Ends(value) => text_test(std::slice::from_ref(value), |text| folded.ends_with(text)),
            Self::Order(order, value) => match ordering(found, value, at) {
                Some(found) => Truth::of(order.admits(found)),
                None => Truth::Unknown,
            },
        }
    }

    fn now_offsets(&self) -> Vec<i64> {
        match self {
            Self::Not(test) => test.now_offsets(),
            Self::In(values) | Self::Like(values) => values.iter().filter_map(Value::now_offset).collect(),
            Self::Exactly(value) | Self::Starts(value) | Self::Ends(value) | Self::Order(_, value) => {
                value.now_offset().into_iter().collect()
            }
        }
    }
}

impl Value {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(_, text) | Self::Date(_, text) => Some(text),
            Self::Now(_) => None,
        }
    }

    fn now_offset(&self) -> Option<i64> {
        if let Self::Now(offset) = self { Some(*offset) } else { None }
    }
}

impl Order {
    fn admits(self, found: std::cmp::Ordering) -> bool {
        match self {
            Self::Less => found.is_lt(),
            Self::AtMost => found.is_le(),
            Self::Greater => found.is_gt(),
            Self::AtLeast => found.is_ge(),
        }
    }
}

impl Subject<'_> {
    fn values(&self, field: &str) -> Vec<String> {
        self.world.values(self.user, field)
    }

    /// Whether the person is below `manager`; a person without manager is below nobody.
    fn reports_to(&self, manager: &str, deep: bool) -> Truth {
        let mut person = self.user;
        // The person and every manager already looked at.
        let mut passed = vec![self.user.name.as_str()];
        loop {
            let Some(above) = self.world.values(person, "manager").into_iter().next() else {
                return Truth::False;
            };
            if passed.len() > MANAGERS_MAX {
                return Truth::Unknown;
            }
            // A user name is the same in any case.
            let same_source = |user: &&User| fold(&user.name) == fold(&above) && user.source == person.source;
            let is_there = self.world.users.iter().any(|user| fold(&user.name) == fold(manager));
            let meant: Vec<&User> = self.world.users.iter().filter(same_source).collect();
            // A name that two have in one source says nothing.
            let ([found], true) = (meant.as_slice(), is_there) else { return Truth::Unknown };
            if fold(&found.name) == fold(manager) {
                return Truth::True;
            }
            if !deep || passed.contains(&found.name.as_str()) {
                return Truth::False;
            }
            passed.push(&found.name);
            person = found;
        }
    }
}

/// The text without case.
fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn text_test(values: &[Value], test: impl Fn(&str) -> bool) -> Truth {
    Truth::of(values.iter().filter_map(Value::text).any(|text| test(&fold(text))))
}

fn equal(folded: &str, value: &Value, at: i64) -> Truth {
    match value {
        Value::Now(offset) => match instant(folded) {
            Some(found) => Truth::of(found == at.saturating_add(*offset)),
            None => Truth::Unknown,
        },
        text => text_test(std::slice::from_ref(text), |text| folded == text),
    }
}

/// How the value found stands to the literal; `None` when they are not both numbers or both dates.
fn ordering(found: &str, value: &Value, at: i64) -> Option<std::cmp::Ordering> {
    match value {
        Value::Text(_) => None,
        Value::Number(number, _) => found.parse::<f64>().ok()?.partial_cmp(number),
        Value::Date(date, _) => Some(instant(found)?.cmp(date)),
        Value::Now(offset) => Some(instant(found)?.cmp(&at.saturating_add(*offset))),
    }
}
