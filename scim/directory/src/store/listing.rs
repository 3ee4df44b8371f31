//! Rows in an order, from a place in it: what pages of a list are made of.

use cohort_core::id::{GroupId, Instant, UserId};
use cohort_core::view::Member;

use super::ConnectionKey;
use super::groups::GroupRow;
use super::users::UserRow;
use crate::error::StoreError;

/// The name of a row inside the store; later rows have greater ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RowKey(pub(crate) i64);

/// A row with its key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Listed<T> {
    pub(crate) key: RowKey,
    pub(crate) row: T,
}

/// An order that an index keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As the rows were made; a row never moves.
    Made,
    /// By the folded name of the user, or the folded title of the group.
    Name,
    /// By the moment of the last change.
    Changed,
}

/// A place in an order: that of a row with this value and key, whether or not it is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    Made(RowKey),
    Name(String, RowKey),
    Changed(Instant, RowKey),
}

/// A part of all rows in an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Walk {
    pub(crate) order: Order,
    pub(crate) descending: bool,
    /// Rows beyond this place; from the beginning if there is none. A mark of the same order.
    pub(crate) after: Option<Mark>,
    /// Rows to pass over, which costs a step of the index for each.
    pub(crate) offset: u64,
    /// Rows to give at most.
    pub(crate) limit: usize,
}

/// A value by which an index finds users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FindUsers<'a> {
    Id(UserId),
    /// By the folded user name.
    Name(&'a str),
    ExternalId(&'a str),
    /// By a value of the document, in the form that `cohort_scim::schema::folded` gives it.
    Value(UserValue, &'a str),
}

/// The values of a user's document that have an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UserValue {
    DisplayName,
    /// One of several.
    Email,
}

/// A value by which an index finds groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FindGroups<'a> {
    Id(GroupId),
    /// By the folded title.
    Name(&'a str),
    ExternalId(&'a str),
    /// By a member that their connection put in.
    Member(Member),
}

/// The users and groups of one connection as a client lists them.
pub(crate) trait ListRows {
    fn walk_users(&self, connection: ConnectionKey, walk: &Walk) -> Result<Vec<Listed<UserRow>>, StoreError>;
    fn walk_groups(
        &self,
        connection: ConnectionKey,
        walk: &Walk,
    ) -> Result<Vec<Listed<GroupRow>>, StoreError>;
    /// Those with the value, in the order in which they were made.
    fn find_users(
        &self,
        connection: ConnectionKey,
        by: &FindUsers<'_>,
    ) -> Result<Vec<Listed<UserRow>>, StoreError>;
    /// Those with the value, in the order in which they were made.
    fn find_groups(
        &self,
        connection: ConnectionKey,
        by: &FindGroups<'_>,
    ) -> Result<Vec<Listed<GroupRow>>, StoreError>;
    /// How many there are; kept beside the rows, so that nothing is counted.
    fn count_users_of(&self, connection: ConnectionKey) -> Result<u64, StoreError>;
    /// How many there are; kept beside the rows, so that nothing is counted.
    fn count_groups_of(&self, connection: ConnectionKey) -> Result<u64, StoreError>;
}

impl UserValue {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::DisplayName, Self::Email];

    /// The values that `user` has of it, folded.
    pub(crate) fn of(self, user: &UserRow) -> Vec<String> {
        let text = |value: &serde_json::Value| value.as_str().map(cohort_scim::schema::folded);
        match self {
            Self::DisplayName => user.document.get("displayName").and_then(text).into_iter().collect(),
            Self::Email => {
                let emails = user.document.get("emails").and_then(serde_json::Value::as_array);
                let values = emails.into_iter().flatten().filter_map(|email| text(email.get("value")?));
                values.collect()
            }
        }
    }
}
