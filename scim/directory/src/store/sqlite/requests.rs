//! The requests of connections in SQLite.

use cohort_core::id::Instant;
use rusqlite::params;

use super::Sqlite;
use super::cells::{Cells, json, number};
use crate::error::StoreError;
use crate::store::ConnectionKey;
use crate::store::requests::{RequestPage, RequestRow, RequestRows};

/// The columns, as they are read and written.
macro_rules! request_cells {
    () => {
        "seq, at, micros, method, path, status, rows, changes, error, body, body_bytes"
    };
}

macro_rules! select_request {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            request_cells!(),
            " FROM requests WHERE connection_key = ?1 AND seq < ?2 AND at >= ?3 ",
            $condition,
            " ORDER BY seq DESC LIMIT ?4"
        )
    };
}

fn request(cells: &Cells<'_>) -> Result<RequestRow, StoreError> {
    Ok(RequestRow {
        seq: cells.whole(0)?,
        at: cells.instant(1)?,
        micros: cells.whole(2)?,
        method: cells.get(3)?,
        path: cells.get(4)?,
        status: cells.get(5)?,
        rows: cells.whole(6)?,
        changes: cells.json(7)?,
        error: cells.get(8)?,
        body: cells.get(9)?,
        body_bytes: cells.whole(10)?,
    })
}

impl RequestRows for Sqlite {
    fn requests(&self, connection: ConnectionKey, page: RequestPage) -> Result<Vec<RequestRow>, StoreError> {
        let sql = if page.failed { select_request!("AND status >= 400") } else { select_request!("") };
        let limit = number(page.limit as u64);
        let named = params![connection.0, number(page.before), page.since.as_millis(), limit];
        self.all(sql, named, request)
    }

    fn connection_after(&self, key: ConnectionKey) -> Result<Option<ConnectionKey>, StoreError> {
        let sql = "SELECT key FROM connections WHERE key > ?1 ORDER BY key LIMIT 1";
        self.first(sql, [key.0], |cells| Ok(ConnectionKey(cells.get(0)?)))
    }

    fn add_requests(&mut self, connection: ConnectionKey, rows: &[RequestRow]) -> Result<(), StoreError> {
        let sql = "UPDATE connections SET requests_made = requests_made + ?2 WHERE key = ?1
                   RETURNING requests_made - ?2";
        let before = self.number(sql, params![connection.0, number(rows.len() as u64)])?;
        for (seq, row) in (before + 1..).zip(rows) {
            let values = params![
                connection.0,
                number(seq),
                row.at.as_millis(),
                number(row.micros),
                row.method,
                row.path,
                row.status,
                number(row.rows),
                json(&row.changes)?,
                row.error,
                row.body,
                number(row.body_bytes),
            ];
            self.run(
                concat!(
                    "INSERT INTO requests (connection_key, ",
                    request_cells!(),
                    ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
                ),
                values,
            )?;
        }
        Ok(())
    }

    fn prune_requests(
        &mut self,
        connection: ConnectionKey,
        before: Instant,
        kept: u64,
        limit: usize,
    ) -> Result<usize, StoreError> {
        // Numbers follow time, so the oldest rows are the first: no more of them than the limit are looked at.
        self.run(
            "DELETE FROM requests WHERE connection_key = ?1 AND seq IN (
                 SELECT seq FROM (SELECT seq, at FROM requests WHERE connection_key = ?1 ORDER BY seq LIMIT ?4)
                 WHERE at < ?2 OR seq + ?3 <= (SELECT requests_made FROM connections WHERE key = ?1))",
            params![connection.0, before.as_millis(), number(kept), number(limit as u64)],
        )
    }
}
