//! Values of the domain out of the cells of a row, and into parameters.

use std::sync::Arc;

use cohort_core::id::{Instant, Revision, ScopeId, Span};
use rusqlite::Row;
use rusqlite::types::FromSql;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::StoreError;

/// The cells of one row, by position.
pub(super) struct Cells<'a>(pub(super) &'a Row<'a>);

impl Cells<'_> {
    /// The value at this position.
    pub(super) fn get<T: FromSql>(&self, at: usize) -> Result<T, StoreError> {
        Ok(self.0.get(at)?)
    }

    /// A number that is never negative.
    pub(super) fn whole(&self, at: usize) -> Result<u64, StoreError> {
        u64::try_from(self.get::<i64>(at)?).map_err(|_| self.unreadable(at))
    }

    /// The bits of a uuid.
    pub(super) fn uuid(&self, at: usize) -> Result<u128, StoreError> {
        self.get::<[u8; 16]>(at).map(u128::from_be_bytes)
    }

    /// The bits of a uuid, if there is one.
    pub(super) fn maybe_uuid(&self, at: usize) -> Result<Option<u128>, StoreError> {
        Ok(self.get::<Option<[u8; 16]>>(at)?.map(u128::from_be_bytes))
    }

    /// A moment.
    pub(super) fn instant(&self, at: usize) -> Result<Instant, StoreError> {
        self.get(at).map(Instant::from_millis)
    }

    /// The moments between two cells, each of which may be empty.
    pub(super) fn span(&self, from: usize, until: usize) -> Result<Span, StoreError> {
        let bound = |at| Ok::<_, StoreError>(self.get::<Option<i64>>(at)?.map(Instant::from_millis));
        Span::new(bound(from)?, bound(until)?).map_err(|_| self.unreadable(until))
    }

    /// A revision.
    pub(super) fn revision(&self, at: usize) -> Result<Revision, StoreError> {
        self.whole(at).map(Revision::new)
    }

    /// A scope.
    pub(super) fn scope(&self, at: usize) -> Result<ScopeId, StoreError> {
        ScopeId::parse(&self.get::<String>(at)?).map_err(|_| self.unreadable(at))
    }

    /// A value that was written as JSON.
    pub(super) fn json<T: DeserializeOwned>(&self, at: usize) -> Result<T, StoreError> {
        serde_json::from_str(&self.get::<String>(at)?).map_err(|_| self.unreadable(at))
    }

    /// One of a few words.
    pub(super) fn word<T: DeserializeOwned>(&self, at: usize) -> Result<T, StoreError> {
        serde_json::from_value(self.get::<String>(at)?.into()).map_err(|_| self.unreadable(at))
    }

    /// The error for a cell that no program of this version wrote.
    pub(super) fn unreadable(&self, at: usize) -> StoreError {
        StoreError::Unreadable { column: at }
    }
}

/// `value` as JSON.
pub(super) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(unwritable)
}

/// One of a few words, as its variant is named in JSON.
pub(super) fn word(value: &impl Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(other) => Ok(other.to_string()),
        Err(cause) => Err(unwritable(cause)),
    }
}

fn unwritable(cause: serde_json::Error) -> StoreError {
    StoreError::Unwritable(Arc::new(cause))
}

/// A number as SQLite keeps it; none of ours comes near the limit.
pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The bounds of `span`, open ones empty.
pub(super) fn bounds(span: Span) -> (Option<i64>, Option<i64>) {
    let from = (span.from() != Instant::MIN).then(|| span.from().as_millis());
    let until = (span.until() != Instant::MAX).then(|| span.until().as_millis());
    (from, until)
}
