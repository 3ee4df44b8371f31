//! The change log and the audit trail in SQLite.

use crate::error::StoreError;
use cohort_core::id::Revision;
use rusqlite::params;

use super::Sqlite;
use super::cells::{Cells, json, number};
use crate::audit::AuditRecord;
use crate::moment::Moment;
use crate::store::OrgKey;
use crate::store::log::{LogRow, LogRows};

/// The columns of the audit trail, as they are read and written.
macro_rules! audit_cells {
    () => {
        "seq, revision, at, actor, action, target, moves, previous, hash"
    };
}

macro_rules! select_audit {
    ($condition:literal) => {
        concat!("SELECT ", audit_cells!(), " FROM audit WHERE ", $condition)
    };
}

fn revision(cells: &Cells<'_>) -> Result<LogRow, StoreError> {
    Ok(LogRow { revision: cells.revision(0)?, at: cells.instant(1)?, facts: cells.get(2)? })
}

fn record(cells: &Cells<'_>) -> Result<AuditRecord, StoreError> {
    Ok(AuditRecord {
        seq: cells.whole(0)?,
        revision: cells.whole(1)?,
        at: Moment(cells.instant(2)?),
        actor: cells.get(3)?,
        action: cells.get(4)?,
        target: cells.get(5)?,
        moves: cells.json(6)?,
        previous: cells.get(7)?,
        hash: cells.get(8)?,
    })
}

impl LogRows for Sqlite {
    fn revisions(&self, org: OrgKey, after: Revision, limit: u64) -> Result<Vec<LogRow>, StoreError> {
        let sql = "SELECT revision, at, facts FROM revisions WHERE org_key = ?1 AND revision > ?2
                   ORDER BY revision LIMIT ?3";
        self.all(sql, params![org.0, number(after.number()), number(limit)], revision)
    }

    fn last_audit(&self, org: OrgKey) -> Result<Option<AuditRecord>, StoreError> {
        self.first(select_audit!("org_key = ?1 ORDER BY seq DESC LIMIT 1"), [org.0], record)
    }

    fn audit(&self, org: OrgKey, after: u64, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        let sql = select_audit!("org_key = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
        self.all(sql, params![org.0, number(after), number(limit as u64)], record)
    }

    fn add_revision(&mut self, org: OrgKey, row: &LogRow) -> Result<(), StoreError> {
        let values = params![org.0, number(row.revision.number()), row.at.as_millis(), row.facts];
        let sql = "INSERT INTO revisions (org_key, revision, at, facts) VALUES (?1, ?2, ?3, ?4)";
        self.run(sql, values).map(drop)
    }

    fn add_audit(&mut self, org: OrgKey, record: &AuditRecord) -> Result<(), StoreError> {
        let row = params![
            org.0,
            number(record.seq),
            number(record.revision),
            record.at.0.as_millis(),
            record.actor,
            record.action,
            record.target,
            json(&record.moves)?,
            record.previous,
            record.hash,
        ];
        self.run(
            concat!(
                "INSERT INTO audit (org_key, ",
                audit_cells!(),
                ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
            ),
            row,
        )
        .map(drop)
    }
}
