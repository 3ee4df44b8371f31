//! The use cases of identity providers, one method per request of RFC 7644.

use cohort_scim::{ListQuery, ResourceType, ScimError, patch, resource};
use serde_json::Value;

use super::Directory;
use crate::caller::{Caller, Connection};
use crate::provision::{self, Edits, ScimAnswer, ScimView, Target};
use crate::work::{Mode, Written};

impl Directory {
    /// Makes a resource (RFC 7644 section 3.3).
    ///
    /// # Errors
    /// Those of the body; [`ScimError::NotUnique`]; [`ScimError::UnknownMember`] in a strict dialect.
    pub fn scim_create(
        &self,
        caller: &Caller,
        kind: ResourceType,
        body: &Value,
        view: ScimView,
    ) -> Result<Written<ScimAnswer>, ScimError> {
        let connection = connection(caller)?;
        let resource = resource::for_create(body, kind, connection.dialect())?;
        let action = match kind {
            ResourceType::User => "scim.user.create",
            ResourceType::Group => "scim.group.create",
        };
        self.write(caller, action, Mode::Commit, move |work| {
            provision::create(work, &connection, resource, &view)
        })
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
        self.look(caller, |store, org| provision::get((store, org, now), &connection, &target, view))
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
        let cursors = &self.shared.folder.seal.cursors;
        self.look(caller, |store, org| provision::list((store, org, now), &connection, query, cursors, base))
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
    ) -> Result<Written<ScimAnswer>, ScimError> {
        let connection = connection(caller)?;
        let target = target(kind, id, if_match);
        let action = match kind {
            ResourceType::User => "scim.user.replace",
            ResourceType::Group => "scim.group.replace",
        };
        self.write(caller, action, Mode::Commit, move |work| {
            provision::replace(work, &connection, &target, &body, &view)
        })
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
    ) -> Result<Written<ScimAnswer>, ScimError> {
        let connection = connection(caller)?;
        let target = target(kind, id, if_match);
        let (action, edits) = match kind {
            ResourceType::User => ("scim.user.patch", Edits::User(patch::user(body, connection.dialect())?)),
            ResourceType::Group => {
                ("scim.group.patch", Edits::Group(patch::group(body, connection.dialect())?))
            }
        };
        self.write(caller, action, Mode::Commit, move |work| {
            provision::patch(work, &connection, &target, &edits, &view)
        })
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
    ) -> Result<Written<()>, ScimError> {
        let connection = connection(caller)?;
        let target = target(kind, id, if_match);
        let action = match kind {
            ResourceType::User => "scim.user.delete",
            ResourceType::Group => "scim.group.delete",
        };
        self.write(caller, action, Mode::Commit, move |work| provision::delete(work, &connection, &target))
    }
}

/// The connection that the caller is; nobody else may provision.
fn connection(caller: &Caller) -> Result<Connection, ScimError> {
    caller.connection().cloned().ok_or(ScimError::Unauthorized)
}

fn target(kind: ResourceType, id: &str, if_match: Option<&str>) -> Target {
    Target { kind, id: id.to_owned(), if_match: if_match.map(str::to_owned) }
}
