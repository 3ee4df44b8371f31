//! What a world can say.

/// A statement and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// The number of the line, from 1. A `group .. has ..` line gives two statements of one number.
    pub number: usize,
    /// What it says.
    pub statement: Statement,
}

/// One thing that a world says or asks; instants are milliseconds since 1970.
#[derive(Clone, PartialEq, Debug)]
pub enum Statement {
    /// `at`: the instant of the questions that follow.
    At(i64),
    /// `org SLUG`: the organisation.
    Org {
        /// Its slug.
        slug: String,
        /// Its title, if told.
        title: Option<String>,
    },
    /// `org enabled` or `org disabled`.
    OrgState {
        /// Whether it is enabled from here on.
        enabled: bool,
    },
    /// `scope`: a scope and its parents, which replace those told before.
    Scope {
        /// The scope as written, such as `project:42`.
        scope: String,
        /// At least one.
        parents: Vec<String>,
    },
    /// `user`: a new person.
    User(User),
    /// `person`: whose accounts these users are, in the realm.
    Person {
        /// The person.
        name: String,
        /// The users.
        users: Vec<String>,
    },
    /// `group`: a new group, or more about a known one.
    Group(Group),
    /// `group .. has ..`: members of a group by name, groups first of all.
    ///
    /// A name that is no group's is a user's, put in by hand.
    Nest(Edges),
    /// `role`: a role, which replaces one of the same name.
    Role(Role),
    /// `grant` and `deny`.
    Grant(Grant),
    /// `member`: people put into a group.
    Member {
        /// Who, where and when.
        edges: Edges,
        /// Whether they own the group.
        owner: bool,
    },
    /// `exclude`: people whom a group's rule does not admit.
    Exclude(Edges),
    /// `ask`: a question and its answer.
    Ask(Ask),
    /// `count`: how many different people a group has.
    Count {
        /// The group.
        group: String,
        /// The answer.
        members: usize,
    },
    /// `owners`: who owns a group.
    Owners {
        /// The group.
        group: String,
        /// The answer, in any order.
        users: Vec<String>,
    },
    /// `set`: new values of a person's fields; other fields stay.
    Set {
        /// The person.
        user: String,
        /// The fields; one without values is cleared.
        attributes: Vec<Attribute>,
        /// The activity, if told.
        active: Option<bool>,
    },
    /// `unmember`: people or groups taken out of a group; the span is open.
    Unmember(Edges),
    /// `enable`, `disable`, `archive`.
    State {
        /// The group.
        group: String,
        /// Its state from here on.
        state: GroupState,
    },
    /// `revoke`: every grant, allow or deny, of a role to a principal at a scope is taken back.
    Revoke {
        /// The role.
        role: String,
        /// To whom it was granted.
        principal: Principal,
        /// Where.
        scope: String,
    },
    /// `remove`: a person is gone, with edges and grants.
    Remove {
        /// The person.
        user: String,
    },
    /// `delete`: a group is gone, with edges and grants.
    Delete {
        /// The group.
        group: String,
    },
}

/// A person, as a `user` line tells.
#[derive(Clone, PartialEq, Debug)]
pub struct User {
    /// The userName.
    pub name: String,
    /// The connection that pushes the person; `None` for a local one.
    pub connection: Option<String>,
    /// The fields told.
    pub attributes: Vec<Attribute>,
    /// Whether the person is active, as everybody is who is not told to be inactive.
    pub active: bool,
}

/// A field of a profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attribute {
    /// Its name in lower case, without `attr.`.
    pub field: String,
    /// Its values in order; none when `""` was told.
    pub values: Vec<String>,
}

/// A group, as a `group` line tells.
#[derive(Clone, PartialEq, Debug)]
pub struct Group {
    /// The slug.
    pub name: String,
    /// The connection that pushes it; `None` for a local one.
    pub connection: Option<String>,
    /// Its title, if told.
    pub title: Option<String>,
    /// Its state, if told.
    pub state: Option<GroupState>,
    /// Whether it is a sample for newcomers.
    pub example: bool,
    /// The text of its rule, if told.
    pub rule: Option<String>,
}

/// Whether a group gives access.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GroupState {
    /// It does.
    Enabled,
    /// It does not, until enabled again.
    Disabled,
    /// It does not, and is hidden.
    Archived,
}

/// Members of one group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edges {
    /// The group.
    pub group: String,
    /// The members' names.
    pub members: Vec<String>,
    /// When they are members.
    pub span: Span,
}

/// A stretch of time `from <= t < until`; an absent bound is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Span {
    /// The first moment inside.
    pub from: Option<i64>,
    /// The first moment after it.
    pub until: Option<i64>,
}

/// A role.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Permission names and patterns.
    pub permissions: Vec<String>,
    /// Roles whose permissions it has too.
    pub includes: Vec<String>,
    /// Its title, if told.
    pub title: Option<String>,
}

/// A role given to, or kept from, somebody somewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// The role.
    pub role: String,
    /// Who.
    pub principal: Principal,
    /// Where, as written.
    pub scope: String,
    /// Whether it counts at the scope alone and not below.
    pub exact: bool,
    /// Given, or kept from.
    pub effect: Effect,
    /// The conditions a question must assert; none for a deny.
    pub requires: Vec<String>,
    /// When.
    pub span: Span,
}

/// Whom a grant is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Principal {
    /// Every active user.
    Everyone,
    /// One user.
    User(String),
    /// Everybody in a group.
    Group(String),
    /// Every user who is this person of the realm.
    Person(String),
}

/// What a grant does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Gives the role.
    Allow,
    /// Keeps everything the role permits.
    Deny,
}

/// A question and the answer it must get.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// Who.
    pub user: String,
    /// May do what.
    pub permission: String,
    /// Where, as written; `org` when not told.
    pub scope: String,
    /// The project of a resource that the directory may not know.
    pub within: Option<String>,
    /// When, if told; else the instant of the last `at`.
    pub at: Option<i64>,
    /// The conditions asserted.
    pub conditions: Vec<String>,
    /// The answer.
    pub outcome: Outcome,
    /// The words that explain it, blanks made single; any will do when absent.
    pub detail: Option<String>,
}

/// Allowed or not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The user may.
    Allow,
    /// The user may not.
    Deny,
    /// Not decided.
    Indeterminate,
}

impl Ask {
    /// Whether an answer meets this literal.
    ///
    /// A literal without detail is met by any detail, and `no path` also by a path that was nearly there;
    /// `no path near nothing` says that there was none.
    #[must_use]
    pub fn is_met_by(&self, outcome: Outcome, detail: &str) -> bool {
        let detail_fits = self.detail.as_deref().is_none_or(|expected| match expected {
            "no path" => detail == expected || detail.starts_with("no path near "),
            "no path near nothing" => detail == "no path",
            _ => detail == expected,
        });
        outcome == self.outcome && detail_fits
    }
}
