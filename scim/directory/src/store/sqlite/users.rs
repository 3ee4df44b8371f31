//! Users in SQLite.

use std::collections::BTreeSet;

use crate::error::StoreError;
use cohort_core::id::{Instant, Revision, UserId};
use rusqlite::params;

use super::Sqlite;
use super::cells::{Cells, json, number};
use super::listing::value_code;
use crate::store::listing::{Listed, RowKey, UserValue};
use crate::store::users::{Stamp, UserRow, UserRows};
use crate::store::{ConnectionKey, OrgKey};

macro_rules! user_cells {
    () => {
        "id, connection_key, user_name, user_name_folded, external_id, display_name, active, \
         document, created_at, changed_at, revision, key"
    };
}

macro_rules! select_user {
    ($condition:literal) => {
        concat!("SELECT ", user_cells!(), " FROM users WHERE ", $condition)
    };
}

/// The columns that [`listed_user`] reads.
pub(super) const USER_CELLS: &str = user_cells!();

/// The values of a user, and the key of its row.
pub(super) fn listed_user(cells: &Cells<'_>) -> Result<Listed<UserRow>, StoreError> {
    Ok(Listed { row: user(cells)?, key: cells.get(11).map(RowKey)? })
}

fn user(cells: &Cells<'_>) -> Result<UserRow, StoreError> {
    Ok(UserRow {
        id: UserId::from_u128(cells.uuid(0)?),
        connection: cells.get::<Option<i64>>(1)?.map(ConnectionKey),
        user_name: cells.get(2)?,
        user_name_folded: cells.get(3)?,
        external_id: cells.get(4)?,
        display_name: cells.get(5)?,
        active: cells.get(6)?,
        document: cells.json(7)?,
        stamp: Stamp {
            created_at: cells.instant(8)?,
            changed_at: cells.instant(9)?,
            revision: cells.revision(10)?,
        },
    })
}

impl UserRows for Sqlite {
    fn user(&self, org: OrgKey, id: UserId) -> Result<Option<UserRow>, StoreError> {
        let names = params![org.0, id.as_u128().to_be_bytes()];
        self.first(select_user!("org_key = ?1 AND id = ?2"), names, user)
    }

    fn user_by_name(
        &self,
        org: OrgKey,
        connection: Option<ConnectionKey>,
        folded: &str,
    ) -> Result<Option<UserRow>, StoreError> {
        let sql = select_user!("org_key = ?1 AND user_name_folded = ?2 AND ifnull(connection_key, 0) = ?3");
        self.first(sql, params![org.0, folded, connection.map_or(0, |key| key.0)], user)
    }

    fn users_by_name(&self, org: OrgKey, folded: &str) -> Result<Vec<UserRow>, StoreError> {
        let sql = select_user!("org_key = ?1 AND user_name_folded = ?2 LIMIT 2");
        self.all(sql, params![org.0, folded], user)
    }

    fn user_by_external_id(
        &self,
        connection: ConnectionKey,
        id: &str,
    ) -> Result<Option<UserRow>, StoreError> {
        self.first(select_user!("connection_key = ?1 AND external_id = ?2"), params![connection.0, id], user)
    }

    fn each_user(
        &self,
        org: OrgKey,
        visit: &mut dyn FnMut(UserRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.each(select_user!("org_key = ?1 ORDER BY key"), [org.0], |cells| visit(user(cells)?))
    }

    fn put_user(&mut self, org: OrgKey, user: &UserRow) -> Result<(), StoreError> {
        let row = params![
            org.0,
            user.connection.map(|key| key.0),
            user.id.as_u128().to_be_bytes(),
            user.user_name,
            user.user_name_folded,
            user.external_id,
            user.display_name,
            user.active,
            json(&user.document)?,
            user.stamp.created_at.as_millis(),
            user.stamp.changed_at.as_millis(),
            number(user.stamp.revision.number()),
        ];
        let read = |cells: &Cells<'_>| cells.get(0).map(RowKey);
        let key = self.first(
            "INSERT INTO users (org_key, connection_key, id, user_name, user_name_folded, external_id,
                 display_name, active, document, created_at, changed_at, revision)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
             ON CONFLICT (id) DO UPDATE SET user_name = excluded.user_name,
                 user_name_folded = excluded.user_name_folded, external_id = excluded.external_id,
                 display_name = excluded.display_name, active = excluded.active,
                 document = excluded.document, changed_at = excluded.changed_at, revision = excluded.revision
             RETURNING key",
            row,
            read,
        )?;
        put_values(self, user, key.ok_or(StoreError::Missing)?)
    }

    fn remove_user(&mut self, id: UserId) -> Result<(), StoreError> {
        self.run("DELETE FROM users WHERE id = ?1", [id.as_u128().to_be_bytes()]).map(drop)
    }

    fn stamp_groups_of_user(
        &mut self,
        id: UserId,
        at: Instant,
        revision: Revision,
    ) -> Result<(), StoreError> {
        self.run(
            "UPDATE groups SET changed_at = ?2, revision = ?3 WHERE key IN (SELECT edges.group_key FROM edges
                 JOIN users ON users.key = edges.user_key WHERE users.id = ?1)",
            params![id.as_u128().to_be_bytes(), at.as_millis(), number(revision.number())],
        )
        .map(drop)
    }
}

/// Keeps the values by which a pushed user is found; those that are there already are not touched.
fn put_values(store: &Sqlite, user: &UserRow, RowKey(key): RowKey) -> Result<(), StoreError> {
    let Some(connection) = user.connection else { return Ok(()) };
    let read = |cells: &Cells<'_>| Ok((cells.get::<i64>(0)?, cells.get::<String>(1)?));
    let sql = "SELECT attribute, value FROM user_values WHERE user_key = ?1";
    let before: BTreeSet<(i64, String)> = store.all(sql, [key], read)?.into_iter().collect();
    let after: BTreeSet<(i64, String)> =
        UserValue::ALL.into_iter().flat_map(|one| of_user(one, user)).collect();
    for (attribute, value) in before.difference(&after) {
        let row = params![connection.0, attribute, value, key];
        let sql = "DELETE FROM user_values
                   WHERE connection_key = ?1 AND attribute = ?2 AND value = ?3 AND user_key = ?4";
        store.run(sql, row)?;
    }
    for (attribute, value) in after.difference(&before) {
        let row = params![connection.0, attribute, value, key];
        let sql =
            "INSERT INTO user_values (connection_key, attribute, value, user_key) VALUES (?1, ?2, ?3, ?4)";
        store.run(sql, row)?;
    }
    Ok(())
}

/// The values of all users, for a file that was written before they were kept.
pub(super) fn fill_values(store: &Sqlite) -> Result<(), StoreError> {
    let sql = select_user!("connection_key IS NOT NULL");
    store.each(sql, [], |cells| {
        let Listed { row, key } = listed_user(cells)?;
        put_values(store, &row, key)
    })
}

fn of_user(one: UserValue, user: &UserRow) -> impl Iterator<Item = (i64, String)> {
    one.of(user).into_iter().map(move |value| (value_code(one), value))
}
