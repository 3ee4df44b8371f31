//! Provisioning: what identity providers push, by SCIM (RFC 7644), and what they read back.
//!
//! Everything is keyed by the caller's connection: what another one owns is not there. The meaning of documents,
//! filters and PATCH belongs to `cohort_scim`; here it meets rows and the graph. A group's members are rows, and
//! a request that names one of them reads that one.

mod groups;
mod list;
mod members;
mod render;
mod users;

use cohort_core::graph::GraphError;
use cohort_core::id::{GroupId, Instant, UserId};
use cohort_scim::{DocumentEdits, GroupEdits, Projection, Resource, ResourceType, ScimError};
use serde_json::Value;

use self::render::Place;
use crate::caller::Connection;
use crate::error::StoreError;
use crate::org::Org;
use crate::store::Store;
use crate::store::groups::GroupRow;
use crate::store::users::{Stamp, UserRow};
use crate::work::Work;

pub(crate) use self::list::list;

/// How a SCIM resource is to be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ScimView {
    /// URL of the SCIM root, without slash at its end.
    pub base: String,
    /// Which attributes; `None` when the answer has no body (204), so that nothing need be loaded for one.
    pub projection: Option<Projection>,
}

/// The answer about one SCIM resource.
#[derive(Debug, Clone, PartialEq)]
pub struct ScimAnswer {
    /// The resource; `Null` if the view wanted no body.
    pub body: Value,
    /// Its URL.
    pub location: String,
    /// Its ETag.
    pub version: String,
}

/// A PATCH, compiled for one type of resource.
pub(crate) enum Edits {
    User(DocumentEdits),
    Group(GroupEdits),
}

/// A resource named by a path, and the version that the client expects.
pub(crate) struct Target {
    pub(crate) kind: ResourceType,
    pub(crate) id: String,
    pub(crate) if_match: Option<String>,
}

/// The row of a resource of either type.
#[expect(clippy::large_enum_variant, reason = "rows are few and short-lived; a box would only be in the way")]
enum Row {
    User(UserRow),
    Group(GroupRow),
}

impl Row {
    fn stamp(&self) -> Stamp {
        match self {
            Self::User(user) => user.stamp,
            Self::Group(group) => group.stamp,
        }
    }

    fn id(&self) -> String {
        match self {
            Self::User(user) => user.id.to_string(),
            Self::Group(group) => group.id.to_string(),
        }
    }
}

impl From<StoreError> for ScimError {
    /// Only the log sees the cause.
    fn from(cause: StoreError) -> Self {
        tracing::error!(%cause, "a SCIM request failed");
        Self::Internal
    }
}

type Outcome<T> = Result<T, ScimError>;

/// POST.
pub(crate) fn create(
    work: &mut Work<'_>,
    connection: &Connection,
    resource: Resource,
    view: &ScimView,
) -> Outcome<ScimAnswer> {
    let row = match resource.resource_type {
        ResourceType::User => Row::User(users::save(work, connection, None, resource.document)?),
        ResourceType::Group => {
            let group = groups::save(work, connection, None, resource.document)?;
            let added = resource.members.unwrap_or_default();
            Row::Group(members::edit(work, connection, group, &[cohort_scim::MemberEdit::Add(added)])?)
        }
    };
    answer(work, connection, &row, view)
}

/// PUT.
pub(crate) fn replace(
    work: &mut Work<'_>,
    connection: &Connection,
    target: &Target,
    body: &Value,
    view: &ScimView,
) -> Outcome<ScimAnswer> {
    let read =
        |previous| cohort_scim::resource::for_replace(body, target.kind, previous, connection.dialect());
    let row = match expected(work, connection, target)? {
        Row::User(user) => {
            let resource = read(&user.document)?;
            Row::User(users::save(work, connection, Some(user), resource.document)?)
        }
        Row::Group(group) => {
            let Resource { document, members, .. } = read(&group.document)?;
            let group = groups::save(work, connection, Some(group), document)?;
            let edits: Vec<_> = members.into_iter().map(members::replacing).collect();
            Row::Group(members::edit(work, connection, group, &edits)?)
        }
    };
    answer(work, connection, &row, view)
}

/// PATCH.
pub(crate) fn patch(
    work: &mut Work<'_>,
    connection: &Connection,
    target: &Target,
    edits: &Edits,
    view: &ScimView,
) -> Outcome<ScimAnswer> {
    let row = match (expected(work, connection, target)?, edits) {
        (Row::User(user), Edits::User(edits)) => {
            let document = edits.apply(&user.document)?.document;
            Row::User(users::save(work, connection, Some(user), document)?)
        }
        (Row::Group(group), Edits::Group(edits)) => {
            let document = edits.document.apply(&group.document)?.document;
            let group = groups::save(work, connection, Some(group), document)?;
            Row::Group(members::edit(work, connection, group, &edits.members)?)
        }
        // The edits were compiled for the type that the path names.
        _ => return Err(ScimError::Internal),
    };
    answer(work, connection, &row, view)
}

/// DELETE.
pub(crate) fn delete(work: &mut Work<'_>, connection: &Connection, target: &Target) -> Outcome<()> {
    match expected(work, connection, target)? {
        Row::User(user) => Ok(crate::users::remove(work, &user)?),
        Row::Group(group) => Ok(crate::groups::remove(work, &group)?),
    }
}

/// GET of one resource.
pub(crate) fn get(
    (store, org, now): (&dyn Store, &Org, Instant),
    connection: &Connection,
    target: &Target,
    view: &ScimView,
) -> Outcome<ScimAnswer> {
    let row = find(store, org, connection, target)?;
    rendered(&Place { store, org, connection, base: &view.base, now }, &row, view)
}

fn answer(work: &Work<'_>, connection: &Connection, row: &Row, view: &ScimView) -> Outcome<ScimAnswer> {
    let place = Place { store: &*work.rows, org: work.org, connection, base: &view.base, now: work.now };
    rendered(&place, row, view)
}

fn rendered(place: &Place<'_>, row: &Row, view: &ScimView) -> Outcome<ScimAnswer> {
    let body = match &view.projection {
        None => Value::Null,
        Some(projection) => match row {
            Row::User(user) => Value::Object(place.user(user, projection)?),
            Row::Group(group) => Value::Object(place.group(group, projection)?),
        },
    };
    let location = match row {
        Row::User(user) => place.location(ResourceType::User, &user.id.to_string()),
        Row::Group(group) => place.location(ResourceType::Group, &group.id.to_string()),
    };
    Ok(ScimAnswer { body, location, version: row.stamp().etag() })
}

/// The row that the client means, in the version that it expects.
fn expected(work: &Work<'_>, connection: &Connection, target: &Target) -> Outcome<Row> {
    let row = find(&*work.rows, work.org, connection, target)?;
    let current = row.stamp().etag();
    let named = |header: &String| {
        let mut tags = header.split(',').map(str::trim);
        tags.any(|tag| tag == "*" || tag == current || weak(tag) == current)
    };
    if target.if_match.as_ref().is_some_and(|header| !named(header)) {
        return Err(ScimError::VersionMismatch { current });
    }
    Ok(row)
}

/// The weak form of an ETag that a client wrote as a strong one.
fn weak(tag: &str) -> String {
    format!("W/{tag}")
}

/// The row of this connection; another one's is as absent as none.
fn find(store: &dyn Store, org: &Org, connection: &Connection, target: &Target) -> Outcome<Row> {
    let owned = |owner| owner == Some(connection.key);
    let found = match target.kind {
        ResourceType::User => match target.id.parse::<UserId>() {
            Ok(id) => store.user(org.key, id)?.filter(|user| owned(user.connection)).map(Row::User),
            Err(_) => None,
        },
        ResourceType::Group => match target.id.parse::<GroupId>() {
            Ok(id) => store.group(org.key, id)?.filter(|group| owned(group.connection)).map(Row::Group),
            Err(_) => None,
        },
    };
    let absent = || ScimError::NotFound { resource_type: target.kind.name(), id: target.id.as_str().into() };
    found.ok_or_else(absent)
}

/// The refusal that a broken invariant of the graph means for a client.
fn refused(cause: GraphError, value: &str) -> ScimError {
    match cause {
        GraphError::RuleBelowDeny(_) => {
            let attribute = "members".to_owned();
            let expected = "members without rules below them, because a deny reaches this group";
            ScimError::WrongForm { attribute, found: value.into(), expected }
        }
        other => {
            tracing::error!(cause = %other, "a SCIM request failed");
            ScimError::Internal
        }
    }
}
