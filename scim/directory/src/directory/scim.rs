//! The use cases of identity providers, one method per request of RFC 7644.

use std::cell::Cell;

use cohort_core::id::Instant;
use cohort_scim::bulk::Bulk;
use cohort_scim::{ListQuery, ResourceType, ScimError, resource};
use serde_json::Value;

use super::Directory;
use crate::caller::{Caller, Connection};
use crate::org::Org;
use crate::provision::{self, Command, Edits, Look, Memberships, Plan, ScimAnswer, ScimView, Target};
use crate::store::Store;
use crate::turn::Turn;
use crate::work::{Mode, Written};

impl Directory {
    /// Makes a resource (RFC 7644 section 3.3).
    ///
    /// The body is read here, and the change made when its turn comes; so with the other changes.
    ///
    /// # Errors
    /// Those of the body; [`ScimError::NotUnique`]; [`ScimError::UnknownMember`] in a strict dialect.
    pub fn scim_create(
        &self,
        caller: &Caller,
        kind: ResourceType,
        body: &Value,
        view: ScimView,
    ) -> Result<ScimTurn<ScimAnswer>, ScimError> {
        let connection = connection(caller)?;
        let resource = resource::for_create(body, kind, connection.dialect())?;
        let command = Command::Create(self.shared.ambient.new_id(), resource);
        self.scim_write(caller, connection, command, view)
    }

    /// A resource (RFC 7644 section 3.4.1).
    ///
    /// # Errors
    /// [`ScimError::NotFound`], also for what another connection owns.
    pub fn scim_get(
        &self,
        caller: &Caller,
        kind: ResourceType,
        id: &str,
        view: &ScimView,
    ) -> Result<ScimAnswer, ScimError> {
        let connection = connection(caller)?;
        let target = target(kind, id, None);
        let now = self.now();
        self.survey_scim(caller, now, |look| provision::get(look, &connection, &target, view))
    }

    /// As [`Directory::scim_get`], if the answer is at hand: it needs few rows, and no wait for a commit under way or for
    /// an organisation to be loaded. An asynchronous caller need not leave its thread for it.
    pub fn scim_get_at_once(
        &self,
        caller: &Caller,
        kind: ResourceType,
        id: &str,
        view: &ScimView,
    ) -> Option<Result<ScimAnswer, ScimError>> {
        let connection = connection(caller).ok()?;
        let target = target(kind, id, None);
        self.glance(caller, |look| provision::get(look, &connection, &target, view))
    }

    /// A page of resources (RFC 7644 section 3.4.2, RFC 9865); `base` is the URL of the SCIM root.
    ///
    /// Cost: the page, if there is no filter and no order but by `userName`, a group's `displayName` or
    /// `meta.lastModified`; the matches of an index, if the filter has an equality of `userName`, `externalId`,
    /// `id`, `displayName`, `emails.value` or `members.value`, or bounds of `meta.lastModified`; else all
    /// resources, or by cursor and without another order at most
    /// [`SCANNED_PER_PAGE_MAX`](crate::limits::SCANNED_PER_PAGE_MAX) of them.
    ///
    /// # Errors
    /// [`ScimError::TooManyResults`] if more would have to be looked at than the limit;
    /// [`ScimError::InvalidCursor`] for a cursor of another query or connection, [`ScimError::ExpiredCursor`].
    pub fn scim_list(&self, caller: &Caller, query: &ListQuery, base: &str) -> Result<Value, ScimError> {
        let connection = connection(caller)?;
        let now = self.now();
        let pages = (&self.shared.folder.seal.cursors, &self.shared.trails);
        self.survey_scim(caller, now, |look| provision::list(look, &connection, query, pages, base))
    }

    /// As [`Directory::scim_list`], if the answer is at hand as in [`Directory::scim_get_at_once`]: the filter names one
    /// resource by a value that no other has.
    pub fn scim_list_at_once(
        &self,
        caller: &Caller,
        query: &ListQuery,
        base: &str,
    ) -> Option<Result<Value, ScimError>> {
        let connection = connection(caller).ok().filter(|_| provision::names_one(query))?;
        let pages = (&self.shared.folder.seal.cursors, &self.shared.trails);
        self.glance(caller, |look| provision::list(look, &connection, query, pages, base))
    }

    /// Replaces a resource (RFC 7644 section 3.5.1). Absent `members` and an absent `active` stay.
    ///
    /// # Errors
    /// [`ScimError::NotFound`], [`ScimError::VersionMismatch`]; as [`Directory::scim_create`].
    pub fn scim_replace(
        &self,
        caller: &Caller,
        kind: ResourceType,
        id: &str,
        if_match: Option<&str>,
        body: Value,
        view: ScimView,
    ) -> Result<ScimTurn<ScimAnswer>, ScimError> {
        let command = Command::Replace(target(kind, id, if_match), body);
        self.scim_write(caller, connection(caller)?, command, view)
    }

    /// Changes a resource (RFC 7644 section 3.5.2), all operations or none.
    ///
    /// Cost: the document, and the members that are named.
    ///
    /// # Errors
    /// Those of the body; as [`Directory::scim_replace`].
    pub fn scim_patch(
        &self,
        caller: &Caller,
        kind: ResourceType,
        id: &str,
        if_match: Option<&str>,
        body: &Value,
        view: ScimView,
    ) -> Result<ScimTurn<ScimAnswer>, ScimError> {
        let connection = connection(caller)?;
        let edits = Edits::read(body, kind, &connection)?;
        let command = Command::Patch(target(kind, id, if_match), edits);
        self.scim_write(caller, connection, command, view)
    }

    /// Removes a resource with its edges and grants (RFC 7644 section 3.6).
    ///
    /// # Errors
    /// [`ScimError::NotFound`], [`ScimError::VersionMismatch`].
    pub fn scim_delete(
        &self,
        caller: &Caller,
        kind: ResourceType,
        id: &str,
        if_match: Option<&str>,
    ) -> Result<ScimTurn<()>, ScimError> {
        let connection = connection(caller)?;
        let view = ScimView { base: String::new(), projection: None, members_max: usize::MAX };
        let command = Command::Delete(target(kind, id, if_match));
        self.turn(caller, command.action(), Mode::Commit, move |work| {
            command.carry_out(work, &connection, &view).map(drop)
        })
    }

    /// Carries out many operations (RFC 7644 section 3.7); `base` is the URL of the SCIM root.
    ///
    /// Each is all or nothing, makes its own revision and its own record in the audit trail, and fails by itself;
    /// all are on disk when the answer comes. They have one turn of the writer together.
    ///
    /// # Errors
    /// Those of [`Bulk::read`], of the request as a whole.
    pub fn scim_bulk(&self, caller: &Caller, body: Value, base: &str) -> Result<Written<Value>, ScimError> {
        let connection = connection(caller)?;
        let bulk = Bulk::read(body, connection.dialect())?;
        let (plan, heads) = Plan::new(bulk, connection, base, &*self.shared.ambient);
        let request = self.request(caller, "scim.bulk", Mode::Commit)?;
        let run = move |store: &mut dyn Store, org: &mut Org| {
            let outcomes = plan.run(store, org, &request);
            Ok::<_, ScimError>(Written { value: outcomes, revision: org.revision })
        };
        let Written { value, revision } = self.shared.writer.on_org(caller.org_key, run)?;
        Ok(Written { value: provision::bulk_answer(&heads, &value), revision })
    }

    /// Runs a use case that may read many rows: it sees all of them as they are at one moment, and does not keep
    /// the writer from its work meanwhile.
    fn survey_scim<T>(
        &self,
        caller: &Caller,
        now: Instant,
        use_case: impl FnOnce(Look<'_>) -> Result<T, ScimError>,
    ) -> Result<T, ScimError> {
        self.shared.readers.with(|store| {
            let org = self.shared_org(store, caller)?;
            let memberships = Memberships::Shared(&org);
            store.begin_view()?;
            let outcome = use_case(Look { store, org: caller.org_key, memberships, now });
            store.end_view()?;
            outcome
        })
    }

    /// Runs a use case that reads few rows, unless it would have to wait or to read many after all. Nothing is
    /// committed meanwhile.
    fn glance<T>(
        &self,
        caller: &Caller,
        use_case: impl FnOnce(Look<'_>) -> Result<T, ScimError>,
    ) -> Option<Result<T, ScimError>> {
        let shared = self.shared.orgs.at_hand(caller.org_key)?;
        let org = shared.read_at_once()?;
        let (is_over, now) = (Cell::new(false), self.now());
        let outcome = self.shared.readers.with(|store| {
            let memberships = Memberships::Glanced(&org, &is_over);
            use_case(Look { store, org: caller.org_key, memberships, now })
        });
        (!is_over.get()).then_some(outcome)
    }

    fn scim_write(
        &self,
        caller: &Caller,
        connection: Connection,
        command: Command,
        view: ScimView,
    ) -> Result<ScimTurn<ScimAnswer>, ScimError> {
        let action = command.action();
        self.turn(caller, action, Mode::Commit, move |work| {
            let answer = command.carry_out(work, &connection, &view)?;
            // Only a removal leaves nothing to show, and that is none of these.
            answer.ok_or(ScimError::Internal)
        })
    }
}

/// A change that waits for its turn.
pub type ScimTurn<T> = Turn<Written<T>, ScimError>;

/// The connection that the caller is; nobody else may provision.
fn connection(caller: &Caller) -> Result<Connection, ScimError> {
    caller.connection().cloned().ok_or(ScimError::Unauthorized)
}

fn target(kind: ResourceType, id: &str, if_match: Option<&str>) -> Target {
    Target { kind, id: id.to_owned(), if_match: if_match.map(str::to_owned) }
}
