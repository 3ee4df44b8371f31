//! Edges and pending members in SQLite.

use cohort_core::id::{GroupId, Instant, UserId};
use cohort_core::model::EdgeKey;
use cohort_core::view::Member;
use rusqlite::params;

use super::Sqlite;
use super::cells::{Cells, bounds, word};
use crate::error::StoreError;
use crate::store::edges::{EdgeId, EdgeRow, EdgeRows, NamedEdge, PendingRow};
use crate::store::{ConnectionKey, OrgKey};

macro_rules! select_edge {
    ($condition:literal) => {
        concat!(
            "SELECT edges.key, above.id, users.id, below.id, edges.kind, edges.via, edges.starts_at, ",
            "edges.expires_at, edges.connection_key, edges.owner, edges.reason, edges.added_by, ",
            "edges.added_at, ifnull(users.user_name, below.slug), ",
            "coalesce(users.display_name, users.user_name, below.name) FROM edges ",
            "JOIN groups AS above ON above.key = edges.group_key ",
            "LEFT JOIN users ON users.key = edges.user_key ",
            "LEFT JOIN groups AS below ON below.key = edges.member_key WHERE ",
            $condition
        )
    };
}

fn edge(cells: &Cells<'_>) -> Result<EdgeRow, StoreError> {
    let member = match (cells.maybe_uuid(2)?, cells.maybe_uuid(3)?) {
        (Some(user), None) => Member::User(UserId::from_u128(user)),
        (None, Some(group)) => Member::Group(GroupId::from_u128(group)),
        _ => return Err(cells.unreadable(2)),
    };
    let group = GroupId::from_u128(cells.uuid(1)?);
    Ok(EdgeRow {
        key: EdgeKey { group, member, kind: cells.word(4)?, via: cells.word(5)? },
        span: cells.span(6, 7)?,
        connection: cells.get::<Option<i64>>(8)?.map(ConnectionKey),
        owner: cells.get(9)?,
        reason: cells.get(10)?,
        added_by: cells.get(11)?,
        added_at: cells.instant(12)?,
    })
}

fn named_edge(cells: &Cells<'_>) -> Result<NamedEdge, StoreError> {
    Ok(NamedEdge {
        id: EdgeId(cells.get(0)?),
        edge: edge(cells)?,
        name: cells.get(13)?,
        display_name: cells.get(14)?,
    })
}

fn group_id(cells: &Cells<'_>) -> Result<GroupId, StoreError> {
    cells.uuid(0).map(GroupId::from_u128)
}

/// The uuids of user and group, one of which is empty.
fn member_ids(member: Member) -> (Option<[u8; 16]>, Option<[u8; 16]>) {
    match member {
        Member::User(id) => (Some(id.as_u128().to_be_bytes()), None),
        Member::Group(id) => (None, Some(id.as_u128().to_be_bytes())),
    }
}

impl EdgeRows for Sqlite {
    fn edge(&self, key: &EdgeKey) -> Result<Option<EdgeRow>, StoreError> {
        Ok(self.edge_named(key)?.map(|named| named.edge))
    }

    fn edge_named(&self, key: &EdgeKey) -> Result<Option<NamedEdge>, StoreError> {
        let (user, member) = member_ids(key.member);
        let group = key.group.as_u128().to_be_bytes();
        // One statement per kind of member: an index that leaves out empty cells is no use for `IS`.
        let (sql, id) = match key.member {
            Member::User(_) => (
                select_edge!(
                    "edges.group_key = (SELECT key FROM groups WHERE id = ?1)
                     AND edges.user_key = (SELECT key FROM users WHERE id = ?2)
                     AND edges.kind = ?3 AND edges.via = ?4"
                ),
                user,
            ),
            Member::Group(_) => (
                select_edge!(
                    "edges.group_key = (SELECT key FROM groups WHERE id = ?1)
                     AND edges.member_key = (SELECT key FROM groups WHERE id = ?2)
                     AND edges.kind = ?3 AND edges.via = ?4"
                ),
                member,
            ),
        };
        self.first(sql, params![group, id, word(&key.kind)?, word(&key.via)?], named_edge)
    }

    fn edges_into(&self, group: GroupId) -> Result<Vec<NamedEdge>, StoreError> {
        let sql = select_edge!("edges.group_key = (SELECT key FROM groups WHERE id = ?1) ORDER BY edges.key");
        self.all(sql, [group.as_u128().to_be_bytes()], named_edge)
    }

    fn edge_by_id(&self, group: GroupId, id: EdgeId) -> Result<Option<EdgeRow>, StoreError> {
        let names = params![id.0, group.as_u128().to_be_bytes()];
        self.first(select_edge!("edges.key = ?1 AND above.id = ?2"), names, edge)
    }

    fn each_edge(
        &self,
        org: OrgKey,
        visit: &mut dyn FnMut(EdgeRow) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql = select_edge!("edges.org_key = ?1 ORDER BY edges.key");
        self.each(sql, [org.0], |cells| visit(edge(cells)?))
    }

    fn pending_for(&self, connection: ConnectionKey, value: &str) -> Result<Vec<GroupId>, StoreError> {
        let sql = "SELECT groups.id FROM pending JOIN groups ON groups.key = pending.group_key
                   WHERE pending.connection_key = ?1 AND pending.value = ?2 ORDER BY groups.key";
        self.all(sql, params![connection.0, value], group_id)
    }

    fn count_pending(&self, connection: ConnectionKey) -> Result<u64, StoreError> {
        self.number("SELECT count(*) FROM pending WHERE connection_key = ?1", [connection.0])
    }

    fn put_edge(&mut self, org: OrgKey, edge: &EdgeRow) -> Result<EdgeId, StoreError> {
        self.remove_edge(&edge.key)?;
        let (user, member) = member_ids(edge.key.member);
        let (starts_at, expires_at) = bounds(edge.span);
        let row = params![
            org.0,
            edge.key.group.as_u128().to_be_bytes(),
            user,
            member,
            word(&edge.key.kind)?,
            word(&edge.key.via)?,
            edge.connection.map(|key| key.0),
            edge.owner,
            starts_at,
            expires_at,
            edge.reason,
            edge.added_by,
            edge.added_at.as_millis(),
        ];
        self.run(
            "INSERT INTO edges (org_key, group_key, user_key, member_key, kind, via, connection_key, owner,
                 starts_at, expires_at, reason, added_by, added_at)
             VALUES (?1, (SELECT key FROM groups WHERE id = ?2), (SELECT key FROM users WHERE id = ?3),
                 (SELECT key FROM groups WHERE id = ?4), ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            row,
        )?;
        Ok(EdgeId(self.connection.last_insert_rowid()))
    }

    fn remove_edge(&mut self, key: &EdgeKey) -> Result<(), StoreError> {
        let (user, member) = member_ids(key.member);
        let group = key.group.as_u128().to_be_bytes();
        let (sql, id) = match key.member {
            Member::User(_) => (
                "DELETE FROM edges WHERE group_key = (SELECT key FROM groups WHERE id = ?1)
                 AND user_key = (SELECT key FROM users WHERE id = ?2) AND kind = ?3 AND via = ?4",
                user,
            ),
            Member::Group(_) => (
                "DELETE FROM edges WHERE group_key = (SELECT key FROM groups WHERE id = ?1)
                 AND member_key = (SELECT key FROM groups WHERE id = ?2) AND kind = ?3 AND via = ?4",
                member,
            ),
        };
        self.run(sql, params![group, id, word(&key.kind)?, word(&key.via)?]).map(drop)
    }

    fn add_pending(&mut self, org: OrgKey, pending: &PendingRow) -> Result<(), StoreError> {
        let group = pending.group.as_u128().to_be_bytes();
        let row = params![group, pending.value, org.0, pending.connection.0, pending.added_at.as_millis()];
        self.run(
            "INSERT OR IGNORE INTO pending (group_key, value, org_key, connection_key, added_at)
             VALUES ((SELECT key FROM groups WHERE id = ?1), ?2, ?3, ?4, ?5)",
            row,
        )
        .map(drop)
    }

    fn remove_pending(&mut self, group: GroupId, value: &str) -> Result<(), StoreError> {
        let row = params![group.as_u128().to_be_bytes(), value];
        let sql =
            "DELETE FROM pending WHERE group_key = (SELECT key FROM groups WHERE id = ?1) AND value = ?2";
        self.run(sql, row).map(drop)
    }

    fn remove_all_pending(&mut self, group: GroupId) -> Result<(), StoreError> {
        let sql = "DELETE FROM pending WHERE group_key = (SELECT key FROM groups WHERE id = ?1)";
        self.run(sql, [group.as_u128().to_be_bytes()]).map(drop)
    }

    fn expire_pending(&mut self, connection: ConnectionKey, before: Instant) -> Result<(), StoreError> {
        let sql = "DELETE FROM pending WHERE connection_key = ?1 AND added_at < ?2";
        self.run(sql, params![connection.0, before.as_millis()]).map(drop)
    }
}
