//! Questions, answers, and their words.

use std::fmt;

use crate::scope::Scope;
use crate::words::written;
use crate::world::World;

/// May this user do this, there and then?
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// Who.
    pub user: String,
    /// What.
    pub permission: String,
    /// Where.
    pub scope: Scope,
    /// The project of a scope that the directory never heard of.
    pub within: Option<Scope>,
    /// When, in milliseconds since 1970; the world's instant when absent.
    pub at: Option<i64>,
    /// The conditions that the asker asserts.
    pub conditions: Vec<String>,
}

impl Question {
    /// The question at the organisation, at the world's instant, asserting nothing.
    #[must_use]
    pub fn new(user: &str, permission: &str) -> Self {
        Self {
            user: user.to_owned(),
            permission: permission.to_owned(),
            scope: Scope::org(),
            within: None,
            at: None,
            conditions: Vec::new(),
        }
    }
}

/// Allowed or not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The user may.
    Allow,
    /// The user may not.
    Deny,
    /// Not decided; to be treated as a denial.
    Indeterminate,
}

/// What decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// Allow: a grant reaches the user this way.
    Path(Path),
    /// Deny: nobody of that name.
    UnknownUser,
    /// Deny: the person is inactive.
    InactiveUser,
    /// Deny: the organisation is disabled.
    OrgDisabled,
    /// Deny: no role ever named the permission.
    UnknownPermission,
    /// Deny: a deny grant of this role holds.
    DeniedBy(String),
    /// Deny: grants reach the user, but these conditions were not asserted.
    ConditionRequired(Vec<String>),
    /// Deny: no grant reaches the user.
    NoPath,
    /// Indeterminate: more groups than one question may visit.
    TooManyGroups,
}

impl Reason {
    /// The answer that this reason leads to.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Path(_) => Outcome::Allow,
            Self::TooManyGroups => Outcome::Indeterminate,
            _ => Outcome::Deny,
        }
    }

    /// Whether both are the same cause, whatever the names in them.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// How a grant reaches a user.
///
/// The order is that of explanations: fewer groups first, then the kind of the first step, then the names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Path {
    /// How many groups are passed.
    pub length: usize,
    /// How the user comes in.
    pub start: Start,
    /// The groups passed, the user's own first.
    pub groups: Vec<String>,
    /// The role that the grant names; empty while the path still leads through groups.
    pub role: String,
}

/// The first step of a path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Start {
    /// The grant names the user.
    Direct,
    /// The grant names the person that the user is.
    Person,
    /// The grant names everyone.
    Everyone,
    /// Somebody put the user into the first group.
    Manual,
    /// A connection put the user into the first group.
    Scim,
    /// The rule of the first group admits the user.
    Rule,
}

impl Path {
    /// The path of a grant that needs no group.
    pub(crate) fn without_groups(start: Start) -> Self {
        Self { length: 0, start, groups: Vec::new(), role: String::new() }
    }

    /// The path into a user's own group.
    pub(crate) fn into_group(start: Start, group: &str) -> Self {
        Self { length: 1, start, groups: vec![group.to_owned()], role: String::new() }
    }

    /// The path on into a group above.
    pub(crate) fn up_to(&self, group: &str) -> Self {
        let mut longer = self.clone();
        longer.length += 1;
        longer.groups.push(group.to_owned());
        longer
    }

    /// The path ended by the grant of a role.
    pub(crate) fn to_role(&self, role: &str) -> Self {
        Self { role: role.to_owned(), ..self.clone() }
    }
}

/// The answer to a question, with its explanation.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// Allowed or not.
    pub outcome: Outcome,
    /// What decided.
    pub reason: Reason,
    /// For a denial without path: the single change that would help, such as `disabled sales`.
    pub near: Option<String>,
}

impl Answer {
    /// The reason in the words of the world language, such as `rule emea-sales < sales < quoter`.
    #[must_use]
    pub fn detail(&self) -> String {
        match (&self.reason, &self.near) {
            (Reason::NoPath, Some(near)) => format!("no path near {near}"),
            (reason, _) => reason.to_string(),
        }
    }
}

/// One `ask`, `count` or `owners` line with what it expects and what is found.
#[derive(Clone, PartialEq, Debug)]
pub struct Answered {
    /// The number of the line.
    pub line: usize,
    /// The literal of the line.
    pub expected: String,
    /// The whole answer of the oracle.
    pub found: String,
    /// Whether the expectation is met; one without detail, or without `near`, is met by any. `near nothing` is met
    /// by a denial without path to which no single change would lead.
    pub holds: bool,
}

impl World {
    /// Answers, and explains a denial by the nearest single change.
    #[must_use]
    pub fn ask(&self, question: &Question) -> Answer {
        let reason = self.decide(question);
        let near = if reason == Reason::NoPath { self.nearest_miss(question) } else { None };
        Answer { outcome: reason.outcome(), reason, near }
    }

    /// Whether an answer meets what a line expects of it.
    pub(crate) fn answered(line: usize, expected: &str, answer: &Answer) -> Answered {
        let expected = expected.split_whitespace().collect::<Vec<_>>().join(" ");
        let outcome = answer.outcome.to_string();
        let whole = format!("{outcome}: {}", answer.detail());
        let without_near = format!("{outcome}: {}", answer.reason);
        let near_nothing = (whole == "deny: no path").then_some("deny: no path near nothing");
        let holds = [&outcome, &whole, &without_near].contains(&&expected) || near_nothing == Some(&expected);
        Answered { line, expected, found: whole, holds }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
            Self::Indeterminate => "indeterminate",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(out, "{path}"),
            Self::UnknownUser => out.write_str("unknown user"),
            Self::InactiveUser => out.write_str("inactive user"),
            Self::OrgDisabled => out.write_str("org disabled"),
            Self::UnknownPermission => out.write_str("unknown permission"),
            Self::DeniedBy(role) => write!(out, "denied by {}", written(role)),
            Self::ConditionRequired(conditions) => {
                let names: Vec<String> = conditions.iter().map(|name| written(name)).collect();
                write!(out, "condition required {}", names.join(", "))
            }
            Self::NoPath => out.write_str("no path"),
            Self::TooManyGroups => out.write_str("too many groups"),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self.start {
            Start::Direct => "direct",
            Start::Person => "person",
            Start::Everyone => "everyone",
            Start::Manual => "manual ",
            Start::Scim => "scim ",
            Start::Rule => "rule ",
        })?;
        for (at, group) in self.groups.iter().enumerate() {
            write!(out, "{}{}", if at == 0 { "" } else { " < " }, written(group))?;
        }
        write!(out, " < {}", written(&self.role))
    }
}
