//! Why a use case of the management side was not carried out.

use cohort_core::graph::GraphError;
use cohort_core::id::IdError;
use cohort_core::rule::RuleError;
use thiserror::Error;

use super::storage::StoreError;

/// How a refusal is to be taken: what a border turns into its own status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// The request makes no sense, now or later.
    Invalid,
    /// The token is for something else.
    Forbidden,
    /// It names what is not there.
    NotFound,
    /// It does not go together with what is there.
    Conflict,
    /// The directory failed; only the log says how.
    Internal,
}

/// Nouns of the directory, as messages name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// An organisation.
    Org,
    /// A user.
    User,
    /// A group.
    Group,
    /// A membership.
    Member,
    /// A role.
    Role,
    /// A grant.
    Grant,
    /// An identity provider's connection.
    Connection,
    /// A token.
    Token,
}

impl Noun {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Org => "organisation",
            Self::User => "user",
            Self::Group => "group",
            Self::Member => "member",
            Self::Role => "role",
            Self::Grant => "grant",
            Self::Connection => "connection",
            Self::Token => "token",
        }
    }
}

/// Why a use case of the management side was not carried out; nothing has changed.
#[derive(Debug, Error)]
pub enum DirectoryError {
    /// No such thing in this organisation.
    #[error("no {} `{reference}`", .noun.name())]
    Unknown {
        /// What was looked for.
        noun: Noun,
        /// By which name, slug or id.
        reference: String,
    },
    /// A name that several things have.
    #[error("several {}s are called `{reference}`\nhint: use the id", .noun.name())]
    Ambiguous {
        /// What was looked for.
        noun: Noun,
        /// By which name.
        reference: String,
    },
    /// The name is taken.
    #[error("{} `{name}` exists already", .noun.name())]
    Taken {
        /// What has the name.
        noun: Noun,
        /// The name.
        name: String,
    },
    /// A slug that is not one.
    #[error("slug `{slug}` is not one; expected 1 to 64 letters, digits, `_` or `-`, and no uuid")]
    Slug {
        /// The text found.
        slug: String,
    },
    /// A name, scope, permission or condition that is not one.
    #[error("{field} `{found}`: {cause}")]
    Name {
        /// The field of the request.
        field: &'static str,
        /// Its text.
        found: String,
        /// What is wrong with it.
        cause: IdError,
    },
    /// A required field is absent.
    #[error("`{field}` is missing; expected {expected}")]
    Missing {
        /// The field of the request.
        field: &'static str,
        /// What belongs there.
        expected: &'static str,
    },
    /// A text is longer than the directory keeps.
    #[error("`{field}` has {bytes} bytes; expected at most {bytes_max}")]
    TooLong {
        /// The field of the request.
        field: &'static str,
        /// Length found, in bytes.
        bytes: usize,
        /// The limit in bytes.
        bytes_max: usize,
    },
    /// A list has more items than one request may.
    #[error("`{field}` has {count} items; expected at most {count_max}")]
    TooMany {
        /// The field of the request.
        field: &'static str,
        /// Items found.
        count: usize,
        /// The limit.
        count_max: usize,
    },
    /// An attribute that is neither text nor texts.
    #[error("attribute `{name}` is not one; expected a text, a list of texts, or null")]
    Attribute {
        /// Its name.
        name: String,
    },
    /// The rule's text cannot be read.
    #[error("rule: {0}")]
    Rule(RuleError),
    /// Only local groups have rules.
    #[error("group `{slug}` belongs to a connection; expected a local group for a rule")]
    RuleOnPushedGroup {
        /// The group.
        slug: String,
    },
    /// The end of a membership or grant does not come after its start.
    #[error("`expiresAt` is not after `startsAt`")]
    EmptySpan,
    /// A member edge of a kind that does not exist.
    #[error("{0}")]
    Member(MemberFault),
    /// A principal that is not one.
    #[error("principal `{found}` is not one; expected `user:ID`, `group:ID` or `everyone`")]
    Principal {
        /// The text found.
        found: String,
    },
    /// The nesting would close a cycle.
    #[error("nesting would close the cycle {}", .cycle.join(" < "))]
    NestingCycle {
        /// Slugs from the group through those above it, back to the group.
        cycle: Vec<String>,
    },
    /// What is pushed by a connection is changed there.
    #[error("{} `{reference}` is pushed by connection `{connection}`; expected the change from there", .noun.name())]
    Pushed {
        /// What was to be changed.
        noun: Noun,
        /// Which.
        reference: String,
        /// Whose it is.
        connection: String,
    },
    /// The wildcard of another role would match nothing without the role.
    #[error(
        "role `{role}` has `{pattern}`, which no permission would match any more\nhint: remove `{role}` first"
    )]
    LastMatch {
        /// The other role.
        role: String,
        /// Its wildcard.
        pattern: String,
    },
    /// The change breaks an invariant of the graph.
    #[error("{0}")]
    Graph(GraphError),
    /// The token is for something else.
    #[error("this token is not for management; expected one made for `admin`")]
    Forbidden,
    /// A dialect that nobody knows.
    #[error("unknown dialect `{name}`; expected one of {}", .expected.join(", "))]
    Dialect {
        /// The name found.
        name: String,
        /// The names that are known.
        expected: Vec<&'static str>,
    },
    /// The directory was opened beside the process that serves the folder.
    #[error("the folder is opened beside its server; expected this change through the server")]
    Beside,
    /// The system gave no randomness for a token.
    #[error("the system gives no random numbers")]
    NoRandomness,
    /// The store failed.
    #[error("internal error; the request was not carried out")]
    Store(StoreError),
}

/// What is wrong with a membership that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MemberFault {
    /// No member, or users and a group together.
    #[error("expected either `userId`, `userIds` or `groupId`")]
    WhichMember,
    /// Only users are excluded.
    #[error("a group cannot be excluded; expected a user")]
    ExcludedGroup,
    /// Owners are users, and included.
    #[error("an owner is an included user; expected the role `member`")]
    Owner,
    /// A membership by rule has no record of its own.
    #[error("the membership comes from the group's rule\nhint: exclude the user instead")]
    ByRule,
}

impl From<StoreError> for DirectoryError {
    fn from(cause: StoreError) -> Self {
        match cause {
            StoreError::Beside => Self::Beside,
            other => Self::Store(other),
        }
    }
}

impl From<MemberFault> for DirectoryError {
    fn from(fault: MemberFault) -> Self {
        Self::Member(fault)
    }
}

impl From<GraphError> for DirectoryError {
    fn from(cause: GraphError) -> Self {
        Self::Graph(cause)
    }
}

impl DirectoryError {
    /// How the refusal is to be taken.
    #[must_use]
    pub const fn category(&self) -> Category {
        match self {
            Self::Unknown { .. } => Category::NotFound,
            Self::Taken { .. }
            | Self::NestingCycle { .. }
            | Self::Pushed { .. }
            | Self::Ambiguous { .. }
            | Self::Beside
            | Self::LastMatch { .. }
            | Self::Graph(
                GraphError::LastMatch { .. }
                | GraphError::RuleBelowDeny(_)
                | GraphError::RoleCycle(_)
                | GraphError::ScopeCycle(_)
                | GraphError::LastOwner(_),
            ) => Category::Conflict,
            Self::Forbidden => Category::Forbidden,
            Self::Store(_) | Self::NoRandomness => Category::Internal,
            _ => Category::Invalid,
        }
    }

    /// A word for the cause that stays the same when messages are reworded.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "not_found",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Taken { .. } => "taken",
            Self::Slug { .. } => "invalid_slug",
            Self::Name { .. } => "invalid_name",
            Self::Missing { .. } => "missing_field",
            Self::TooLong { .. } => "too_long",
            Self::TooMany { .. } => "too_many",
            Self::Attribute { .. } => "invalid_attribute",
            Self::Rule(_) => "invalid_rule",
            Self::RuleOnPushedGroup { .. } => "rule_on_pushed_group",
            Self::EmptySpan => "empty_span",
            Self::Member(_) => "invalid_member",
            Self::Principal { .. } => "invalid_principal",
            Self::NestingCycle { .. } => "nesting_cycle",
            Self::Pushed { .. } => "pushed_by_connection",
            Self::LastMatch { .. } => "last_match",
            Self::Graph(cause) => graph_code(cause),
            Self::Forbidden => "forbidden",
            Self::Dialect { .. } => "unknown_dialect",
            Self::Beside => "beside_server",
            Self::NoRandomness | Self::Store(_) => "internal",
        }
    }
}

const fn graph_code(cause: &GraphError) -> &'static str {
    match cause {
        GraphError::UnknownUser(_) | GraphError::UnknownGroup(_) | GraphError::UnknownRole(_) => "not_found",
        GraphError::RuleEdge | GraphError::ExcludedGroup(_) => "invalid_member",
        GraphError::LastOwner(_) => "last_owner",
        GraphError::Name(_) => "invalid_name",
        GraphError::EmptyPattern(_) => "empty_pattern",
        GraphError::LastMatch { .. } => "last_match",
        GraphError::RoleCycle(_) => "role_cycle",
        GraphError::RoleTooLarge(_)
        | GraphError::TooManyConditions
        | GraphError::TooManyConditionNames
        | GraphError::TooManyAncestors(_) => "too_many",
        GraphError::ScopeCycle(_) => "scope_cycle",
        GraphError::FixedScope | GraphError::RealmGrant => "invalid_scope",
        GraphError::ConditionalDeny => "conditional_deny",
        GraphError::RuleBelowDeny(_) => "rule_below_deny",
    }
}
