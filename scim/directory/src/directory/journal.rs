//! The provisioning log: noted by the border, read by administrators.

use super::{Directory, expect_admin};
use crate::caller::Caller;
use crate::connections;
use crate::error::DirectoryError;
use crate::journal::{Asked, RequestQuery, RequestView};
use crate::limits::REQUESTS_PAGE_MAX;
use crate::store::requests::RequestPage;

impl Directory {
    /// Notes a request of a connection that was answered; nothing happens for other callers.
    ///
    /// It is on disk a moment later, and read from now on.
    pub fn note_request(&self, caller: &Caller, asked: Asked<'_>) {
        if let (Some(journal), Some(connection)) = (&self.shared.journal, caller.connection()) {
            journal.note(connection.key, asked);
        }
    }

    /// The requests of a connection, the newest first, as far as they are kept.
    ///
    /// # Errors
    /// [`DirectoryError::Unknown`].
    pub fn requests(
        &self,
        caller: &Caller,
        connection: &str,
        query: RequestQuery,
    ) -> Result<Vec<RequestView>, DirectoryError> {
        expect_admin(caller)?;
        let journal = self.shared.journal.as_ref().ok_or(DirectoryError::Beside)?;
        journal.flush();
        let page = RequestPage {
            before: query.before.unwrap_or(u64::MAX),
            since: journal.since(),
            failed: query.failed,
            limit: query.limit.min(REQUESTS_PAGE_MAX),
        };
        self.survey(caller, |store, org| {
            let connection = connections::named(store, org.key, connection)?;
            let rows = store.requests(connection.key, page)?;
            Ok(rows.into_iter().map(RequestView::from).collect())
        })
    }
}
