//! Groups in SQLite.

use crate::error::StoreError;
use cohort_core::id::{GroupId, Instant, Revision};
use rusqlite::params;

use super::Sqlite;
use super::cells::{Cells, json, number, word};
use crate::store::groups::{GroupRow, GroupRows};
use crate::store::listing::{Listed, RowKey};
use crate::store::users::Stamp;
use crate::store::{ConnectionKey, OrgKey};

macro_rules! group_cells {
    () => {
        "id, connection_key, seq, slug, slug_folded, name, name_folded, titles, description, \
         purpose, metadata, state, rule, external_id, document, created_by, created_at, changed_at, \
         revision, key"
    };
}

macro_rules! select_group {
    ($condition:literal) => {
        concat!("SELECT ", group_cells!(), " FROM groups WHERE ", $condition)
    };
}

/// The columns that [`listed_group`] reads.
pub(super) const GROUP_CELLS: &str = group_cells!();

/// The values of a group, and the key of its row.
pub(super) fn listed_group(cells: &Cells<'_>) -> Result<Listed<GroupRow>, StoreError> {
    Ok(Listed { row: group(cells)?, key: cells.get(19).map(RowKey)? })
}

fn group(cells: &Cells<'_>) -> Result<GroupRow, StoreError> {
    Ok(GroupRow {
        id: GroupId::from_u128(cells.uuid(0)?),
        connection: cells.get::<Option<i64>>(1)?.map(ConnectionKey),
        seq: cells.whole(2)?,
        slug: cells.get(3)?,
        slug_folded: cells.get(4)?,
        name: cells.get(5)?,
        name_folded: cells.get(6)?,
        titles: cells.json(7)?,
        description: cells.get(8)?,
        purpose: cells.get(9)?,
        metadata: cells.json(10)?,
        state: cells.word(11)?,
        rule: cells.get(12)?,
        external_id: cells.get(13)?,
        document: cells.json(14)?,
        created_by: cells.get(15)?,
        stamp: Stamp {
            created_at: cells.instant(16)?,
            changed_at: cells.instant(17)?,
            revision: cells.revision(18)?,
        },
    })
}

impl GroupRows for Sqlite {
    fn group(&self, org: OrgKey, id: GroupId) -> Result<Option<GroupRow>, StoreError> {
        let names = params![org.0, id.as_u128().to_be_bytes()];
        self.first(select_group!("org_key = ?1 AND id = ?2"), names, group)
    }

    fn pushed_group_name(
        &self,
        connection: ConnectionKey,
        id: GroupId,
    ) -> Result<Option<String>, StoreError> {
        let sql = "SELECT name FROM groups WHERE id = ?2 AND connection_key = ?1";
        self.first(sql, params![connection.0, id.as_u128().to_be_bytes()], |cells| cells.get(0))
    }

    fn group_by_slug(&self, org: OrgKey, folded: &str) -> Result<Option<GroupRow>, StoreError> {
        self.first(select_group!("org_key = ?1 AND slug_folded = ?2"), params![org.0, folded], group)
    }

    fn group_by_seq(&self, org: OrgKey, seq: u64) -> Result<Option<GroupRow>, StoreError> {
        self.first(select_group!("org_key = ?1 AND seq = ?2"), params![org.0, number(seq)], group)
    }

    fn group_by_name(&self, connection: ConnectionKey, folded: &str) -> Result<Option<GroupRow>, StoreError> {
        let sql = select_group!("connection_key = ?1 AND name_folded = ?2");
        self.first(sql, params![connection.0, folded], group)
    }

    fn group_by_external_id(
        &self,
        connection: ConnectionKey,
        id: &str,
    ) -> Result<Option<GroupRow>, StoreError> {
        let sql = select_group!("connection_key = ?1 AND external_id = ?2");
        self.first(sql, params![connection.0, id], group)
    }

    fn groups(&self, org: OrgKey) -> Result<Vec<GroupRow>, StoreError> {
        self.all(select_group!("org_key = ?1 ORDER BY key"), [org.0], group)
    }

    fn put_group(&mut self, org: OrgKey, group: &GroupRow) -> Result<(), StoreError> {
        let row = params![
            org.0,
            group.connection.map(|key| key.0),
            group.id.as_u128().to_be_bytes(),
            number(group.seq),
            group.slug,
            group.slug_folded,
            group.name,
            group.name_folded,
            json(&group.titles)?,
            group.description,
            group.purpose,
            json(&group.metadata)?,
            word(&group.state)?,
            group.rule,
            group.external_id,
            json(&group.document)?,
            group.created_by,
            group.stamp.created_at.as_millis(),
            group.stamp.changed_at.as_millis(),
            number(group.stamp.revision.number()),
        ];
        self.run(
            "INSERT INTO groups (org_key, connection_key, id, seq, slug, slug_folded, name, name_folded,
                 titles, description, purpose, metadata, state, rule, external_id, document, created_by,
                 created_at, changed_at, revision)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
             ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, slug_folded = excluded.slug_folded,
                 name = excluded.name, name_folded = excluded.name_folded, titles = excluded.titles,
                 description = excluded.description, purpose = excluded.purpose,
                 metadata = excluded.metadata, state = excluded.state, rule = excluded.rule,
                 external_id = excluded.external_id, document = excluded.document,
                 changed_at = excluded.changed_at, revision = excluded.revision",
            row,
        )
        .map(drop)
    }

    fn remove_group(&mut self, id: GroupId) -> Result<(), StoreError> {
        self.run("DELETE FROM groups WHERE id = ?1", [id.as_u128().to_be_bytes()]).map(drop)
    }

    fn stamp_group(&mut self, id: GroupId, at: Instant, revision: Revision) -> Result<(), StoreError> {
        let row = params![id.as_u128().to_be_bytes(), at.as_millis(), number(revision.number())];
        self.run("UPDATE groups SET changed_at = ?2, revision = ?3 WHERE id = ?1", row).map(drop)
    }

    fn stamp_groups_above(&mut self, id: GroupId, at: Instant, revision: Revision) -> Result<(), StoreError> {
        self.run(
            "UPDATE groups SET changed_at = ?2, revision = ?3 WHERE key IN (SELECT edges.group_key FROM edges
                 JOIN groups AS below ON below.key = edges.member_key WHERE below.id = ?1)",
            params![id.as_u128().to_be_bytes(), at.as_millis(), number(revision.number())],
        )
        .map(drop)
    }
}
