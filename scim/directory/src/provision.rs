//! Provisioning: what identity providers push, by SCIM (RFC 7644), and what they read back.
//!
//! Everything is keyed by the caller's connection: what another one owns is not there. The meaning of documents,
//! filters and PATCH belongs to `cohort_scim`; here it meets rows and the graph. A group's members are rows, and
//! a request that names one of them reads that one.

mod bulk;
mod command;
mod groups;
mod list;
mod members;
mod render;
mod users;

use cohort_core::graph::GraphError;
use cohort_core::id::{GroupId, Instant, UserId};
use cohort_scim::{Projection, ResourceType, ScimError};
use serde_json::Value;

use self::render::{GroupNames, Place};
use crate::caller::Connection;
use crate::error::StoreError;
use crate::store::groups::GroupRow;
use crate::store::users::{Stamp, UserRow};
use crate::store::{OrgKey, Store};
use crate::work::Work;

pub(crate) use self::bulk::{Plan, answer as bulk_answer};
pub(crate) use self::command::{Command, Edits, Target};
pub(crate) use self::list::{list, names_one};
pub(crate) use self::render::Memberships;

/// How a SCIM resource is to be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ScimView {
    /// URL of the SCIM root, without slash at its end.
    pub base: String,
    /// Which attributes; `None` when the answer has no body (204), so that nothing need be loaded for one.
    pub projection: Option<Projection>,
    /// A group with more members than this is answered without a body, if its members would be part of it.
    pub members_max: usize,
}

/// The answer about one SCIM resource.
#[derive(Debug, Clone, PartialEq)]
pub struct ScimAnswer {
    /// The resource; `Null` if the view wanted no body, or not for so large a group.
    pub body: Value,
    /// Its URL.
    pub location: String,
    /// Its ETag.
    pub version: String,
}

/// What a request that changes nothing looks at.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) org: OrgKey,
    pub(crate) memberships: Memberships<'a>,
    pub(crate) now: Instant,
}

/// The resource that a request saves.
enum Subject<R> {
    /// One that is made, with an id that nothing has yet.
    New(u128),
    /// One that is there.
    Known(R),
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

/// GET of one resource.
pub(crate) fn get(
    look: Look<'_>,
    connection: &Connection,
    target: &Target,
    view: &ScimView,
) -> Outcome<ScimAnswer> {
    let row = find(look.store, look.org, connection, target)?;
    rendered(&place(look, connection, &view.base), &row, view)
}

fn place<'a>(look: Look<'a>, connection: &'a Connection, base: &'a str) -> Place<'a> {
    let Look { store, org, memberships, now } = look;
    Place { store, org, memberships, connection, base, now, group_names: GroupNames::default() }
}

fn answer(work: &Work<'_>, connection: &Connection, row: &Row, view: &ScimView) -> Outcome<ScimAnswer> {
    let memberships = Memberships::Here(work.org);
    let look = Look { store: &*work.rows, org: work.org_key(), memberships, now: work.now };
    rendered(&place(look, connection, &view.base), row, view)
}

fn rendered(place: &Place<'_>, row: &Row, view: &ScimView) -> Outcome<ScimAnswer> {
    let body = match &view.projection {
        None => Value::Null,
        Some(projection) => match row {
            Row::User(user) => Value::Object(place.user(user, projection)?),
            Row::Group(group) if place.is_larger(group, projection, view.members_max) => Value::Null,
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
    let row = find(&*work.rows, work.org_key(), connection, target)?;
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

/// How the id of a resource is written.
fn id_text(kind: ResourceType, id: u128) -> String {
    match kind {
        ResourceType::User => UserId::from_u128(id).to_string(),
        ResourceType::Group => GroupId::from_u128(id).to_string(),
    }
}

/// The row of this connection; another one's is as absent as none.
fn find(store: &dyn Store, org: OrgKey, connection: &Connection, target: &Target) -> Outcome<Row> {
    let owned = |owner| owner == Some(connection.key);
    let found = match target.kind {
        ResourceType::User => match target.id.parse::<UserId>() {
            Ok(id) => store.user(org, id)?.filter(|user| owned(user.connection)).map(Row::User),
            Err(_) => None,
        },
        ResourceType::Group => match target.id.parse::<GroupId>() {
            Ok(id) => store.group(org, id)?.filter(|group| owned(group.connection)).map(Row::Group),
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
