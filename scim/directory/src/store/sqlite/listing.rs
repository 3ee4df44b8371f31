//! Lists in SQLite: each order and each way to find rows is an index of its own.

use cohort_core::view::Member;
use rusqlite::types::Value as Cell;
use rusqlite::{params, params_from_iter};

use super::Sqlite;
use super::cells::number;
use super::groups::{GROUP_CELLS, listed_group};
use super::users::{USER_CELLS, listed_user};
use crate::error::StoreError;
use crate::store::ConnectionKey;
use crate::store::groups::GroupRow;
use crate::store::listing::{FindGroups, FindUsers, ListRows, Listed, Mark, Order, UserValue, Walk};
use crate::store::users::UserRow;

/// A table of resources.
#[derive(Clone, Copy)]
pub(super) struct Table {
    name: &'static str,
    cells: &'static str,
    /// The column with the folded name.
    name_column: &'static str,
}

pub(super) const USERS: Table = Table { name: "users", cells: USER_CELLS, name_column: "user_name_folded" };
pub(super) const GROUPS: Table = Table { name: "groups", cells: GROUP_CELLS, name_column: "name_folded" };

impl Table {
    /// The statement of a walk; its parameters are those that [`walk_cells`] gives.
    pub(super) fn walk(self, walk: &Walk) -> String {
        let Self { name, cells, name_column } = self;
        let column = match walk.order {
            Order::Made => "key",
            Order::Name => name_column,
            Order::Changed => "changed_at",
        };
        let (sign, direction) = if walk.descending { ("<", "DESC") } else { (">", "ASC") };
        let after = match &walk.after {
            None => String::new(),
            Some(Mark::Made(_)) => format!(" AND key {sign} ?4"),
            Some(Mark::Name(..) | Mark::Changed(..)) => format!(" AND ({column}, key) {sign} (?4, ?5)"),
        };
        let order = match walk.order {
            Order::Made => format!("key {direction}"),
            Order::Name | Order::Changed => format!("{column} {direction}, key {direction}"),
        };
        format!(
            "SELECT {cells} FROM {name} WHERE connection_key = ?1{after} ORDER BY {order} LIMIT ?2 OFFSET ?3"
        )
    }

    /// The statement that finds rows by `condition` over this table's columns.
    fn find(self, condition: &str) -> String {
        format!("SELECT {} FROM {} WHERE {condition} ORDER BY {}.key", self.cells, self.name, self.name)
    }
}

/// The parameters of a walk.
fn walk_cells(connection: ConnectionKey, walk: &Walk) -> Vec<Cell> {
    let mut cells = vec![
        Cell::from(connection.0),
        Cell::from(number(walk.limit as u64)),
        Cell::from(number(walk.offset)),
    ];
    match &walk.after {
        None => {}
        Some(Mark::Made(key)) => cells.push(Cell::from(key.0)),
        Some(Mark::Name(name, key)) => cells.extend([Cell::from(name.clone()), Cell::from(key.0)]),
        Some(Mark::Changed(at, key)) => cells.extend([Cell::from(at.as_millis()), Cell::from(key.0)]),
    }
    cells
}

/// How the store calls a value of a user's document.
pub(super) const fn value_code(value: UserValue) -> i64 {
    match value {
        UserValue::DisplayName => 1,
        UserValue::Email => 2,
    }
}

/// The statement that finds users; parameter 1 is the connection, 2 the value.
pub(super) fn find_users_sql(by: &FindUsers<'_>) -> String {
    match by {
        FindUsers::Id(_) => USERS.find("id = ?2 AND connection_key = ?1"),
        FindUsers::Name(_) => USERS.find("connection_key = ?1 AND user_name_folded = ?2"),
        FindUsers::ExternalId(_) => USERS.find("connection_key = ?1 AND external_id = ?2"),
        FindUsers::Value(value, _) => USERS.find(&format!(
            "users.key IN (SELECT user_key FROM user_values
             WHERE connection_key = ?1 AND attribute = {} AND value = ?2)",
            value_code(*value)
        )),
    }
}

/// The statement that finds groups; parameter 1 is the connection, 2 the value.
pub(super) fn find_groups_sql(by: &FindGroups<'_>) -> String {
    match by {
        FindGroups::Id(_) => GROUPS.find("id = ?2 AND connection_key = ?1"),
        FindGroups::Name(_) => GROUPS.find("connection_key = ?1 AND name_folded = ?2"),
        FindGroups::ExternalId(_) => GROUPS.find("connection_key = ?1 AND external_id = ?2"),
        FindGroups::Member(Member::User(_)) => GROUPS.find(
            "groups.key IN (SELECT group_key FROM edges
             WHERE user_key = (SELECT key FROM users WHERE id = ?2) AND connection_key = ?1)",
        ),
        FindGroups::Member(Member::Group(_)) => GROUPS.find(
            "groups.key IN (SELECT group_key FROM edges
             WHERE member_key = (SELECT key FROM groups AS below WHERE id = ?2) AND connection_key = ?1)",
        ),
    }
}

fn bytes(id: u128) -> Cell {
    Cell::from(id.to_be_bytes().to_vec())
}

impl ListRows for Sqlite {
    fn walk_users(&self, connection: ConnectionKey, walk: &Walk) -> Result<Vec<Listed<UserRow>>, StoreError> {
        self.all(&USERS.walk(walk), params_from_iter(walk_cells(connection, walk)), listed_user)
    }

    fn walk_groups(
        &self,
        connection: ConnectionKey,
        walk: &Walk,
    ) -> Result<Vec<Listed<GroupRow>>, StoreError> {
        self.all(&GROUPS.walk(walk), params_from_iter(walk_cells(connection, walk)), listed_group)
    }

    fn find_users(
        &self,
        connection: ConnectionKey,
        by: &FindUsers<'_>,
    ) -> Result<Vec<Listed<UserRow>>, StoreError> {
        let value = match by {
            FindUsers::Id(id) => bytes(id.as_u128()),
            FindUsers::Name(text) | FindUsers::ExternalId(text) | FindUsers::Value(_, text) => {
                Cell::from((*text).to_owned())
            }
        };
        self.all(&find_users_sql(by), params![connection.0, value], listed_user)
    }

    fn find_groups(
        &self,
        connection: ConnectionKey,
        by: &FindGroups<'_>,
    ) -> Result<Vec<Listed<GroupRow>>, StoreError> {
        let value = match by {
            FindGroups::Id(id) => bytes(id.as_u128()),
            FindGroups::Name(text) | FindGroups::ExternalId(text) => Cell::from((*text).to_owned()),
            FindGroups::Member(Member::User(id)) => bytes(id.as_u128()),
            FindGroups::Member(Member::Group(id)) => bytes(id.as_u128()),
        };
        self.all(&find_groups_sql(by), params![connection.0, value], listed_group)
    }

    fn count_users_of(&self, connection: ConnectionKey) -> Result<u64, StoreError> {
        self.number("SELECT users FROM resource_counts WHERE connection_key = ?1", [connection.0])
    }

    fn count_groups_of(&self, connection: ConnectionKey) -> Result<u64, StoreError> {
        self.number("SELECT groups FROM resource_counts WHERE connection_key = ?1", [connection.0])
    }
}

#[cfg(test)]
mod tests;
