//! Why a world text cannot be read.

use std::fmt;

use crate::rule::RuleError;

/// A line that cannot be read, or that says something the model forbids.
#[derive(Clone, PartialEq, Debug)]
pub struct ReadError {
    /// The number of the line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Clone, PartialEq, Debug)]
pub enum Problem {
    /// Something else stands where `what` belongs.
    Expected {
        /// What the language asks for here.
        what: &'static str,
        /// The word found; `None` at the end of the line.
        found: Option<String>,
    },
    /// A quote that the line does not close.
    OpenQuote,
    /// A name that nothing earlier declared.
    Unknown {
        /// What the name should be of.
        kind: Kind,
        /// The name found.
        name: String,
    },
    /// A user declared a second time.
    Duplicate {
        /// What was declared.
        kind: Kind,
        /// The name declared twice.
        name: String,
    },
    /// `until` is not after `from`.
    EmptySpan,
    /// A member of a pushed group whom another source pushed.
    OtherSource {
        /// The member.
        user: String,
        /// The group, which only its own connection fills.
        group: String,
    },
    /// A rule, an owner or another right of local groups on a group that a connection pushed.
    PushedGroup {
        /// The group.
        group: String,
    },
    /// A grant on the realm to somebody else than a person.
    RealmGrant,
    /// A grant that brings a name of a condition more than an organisation may know.
    TooManyConditions,
    /// Scopes above, or roles inside, themselves.
    Cycle {
        /// What runs in a circle.
        kind: Kind,
        /// One name on the circle.
        name: String,
    },
    /// The member or grant to take away is not there.
    Absent {
        /// What is not there.
        kind: Kind,
    },
    /// A rule that cannot be read.
    Rule(RuleError),
}

/// The things that a world names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A user of the organisation.
    User,
    /// A person of the realm.
    Person,
    /// A group.
    Group,
    /// A role.
    Role,
    /// A scope.
    Scope,
    /// An edge into a group.
    Member,
    /// A grant.
    Grant,
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::User => "user",
            Self::Person => "person",
            Self::Group => "group",
            Self::Role => "role",
            Self::Scope => "scope",
            Self::Member => "member",
            Self::Grant => "grant",
        })
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}: {}", self.line, self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected { what, found: Some(found) } => write!(out, "found `{found}`; expected {what}"),
            Self::Expected { what, found: None } => write!(out, "found the end of the line; expected {what}"),
            Self::OpenQuote => write!(out, "found an open quote; expected `\"` before the end of the line"),
            Self::Unknown { kind, name } => {
                write!(out, "found `{name}`; expected a {kind} declared on an earlier line")
            }
            Self::Duplicate { kind, name } => {
                writeln!(out, "found {kind} `{name}` again; expected one declaration")?;
                write!(out, "hint: change a user by `set {name} ...`")
            }
            Self::EmptySpan => write!(out, "found an end that is not after the start; expected from < until"),
            Self::OtherSource { user, group } => {
                write!(out, "found `{user}` in `{group}`; expected only users of the group's own connection")
            }
            Self::PushedGroup { group } => {
                write!(
                    out,
                    "found a right of local groups on `{group}`; expected a group that no connection pushed"
                )
            }
            Self::RealmGrant => write!(out, "found a grant on the realm; expected `person:NAME` for that"),
            Self::TooManyConditions => {
                write!(out, "found more names of conditions in all grants; expected at most 64")
            }
            Self::Cycle { kind, name } => {
                write!(out, "found {kind} `{name}` above itself; expected no circle")
            }
            Self::Absent { kind } => write!(out, "found no such {kind}; expected one to take away"),
            Self::Rule(error) => write!(out, "{error}"),
        }
    }
}

impl std::error::Error for ReadError {}
