//! What a request wants to change, read before its turn comes: the writer only carries it out.

use cohort_scim::{DocumentEdits, GroupEdits, Resource, ResourceType, ScimError, patch, resource};
use serde_json::Value;

use super::{Outcome, Row, ScimAnswer, ScimView, Subject, answer, expected, groups, members, users};
use crate::caller::Connection;
use crate::work::Work;

/// A resource named by a path, and the version that the client expects.
pub(crate) struct Target {
    pub(crate) kind: ResourceType,
    pub(crate) id: String,
    pub(crate) if_match: Option<String>,
}

/// A PATCH, compiled for one type of resource.
pub(crate) enum Edits {
    User(DocumentEdits),
    Group(GroupEdits),
}

/// A change of one resource.
pub(crate) enum Command {
    /// POST: a resource of this id.
    Create(u128, Resource),
    /// PUT: the body is read over the resource as it then is.
    Replace(Target, Value),
    /// PATCH
    Patch(Target, Edits),
    /// DELETE
    Delete(Target),
}

impl Edits {
    /// Compiles a PATCH body.
    ///
    /// # Errors
    /// Those of the body.
    pub(crate) fn read(body: &Value, kind: ResourceType, connection: &Connection) -> Outcome<Self> {
        let dialect = connection.dialect();
        Ok(match kind {
            ResourceType::User => Self::User(patch::user(body, dialect)?),
            ResourceType::Group => Self::Group(patch::group(body, dialect)?),
        })
    }
}

impl Command {
    /// As the audit trail names it.
    pub(crate) fn action(&self) -> &'static str {
        let kind = match self {
            Self::Create(_, resource) => resource.resource_type,
            Self::Replace(target, _) | Self::Patch(target, _) | Self::Delete(target) => target.kind,
        };
        match (kind, self) {
            (ResourceType::User, Self::Create(..)) => "scim.user.create",
            (ResourceType::User, Self::Replace(..)) => "scim.user.replace",
            (ResourceType::User, Self::Patch(..)) => "scim.user.patch",
            (ResourceType::User, Self::Delete(..)) => "scim.user.delete",
            (ResourceType::Group, Self::Create(..)) => "scim.group.create",
            (ResourceType::Group, Self::Replace(..)) => "scim.group.replace",
            (ResourceType::Group, Self::Patch(..)) => "scim.group.patch",
            (ResourceType::Group, Self::Delete(..)) => "scim.group.delete",
        }
    }

    /// Makes the change; the answer is none if the resource is gone.
    pub(crate) fn carry_out(
        self,
        work: &mut Work<'_>,
        connection: &Connection,
        view: &ScimView,
    ) -> Outcome<Option<ScimAnswer>> {
        let row = match self {
            Self::Create(id, resource) => create(work, connection, id, resource)?,
            Self::Replace(target, body) => replace(work, connection, &target, &body)?,
            Self::Patch(target, edits) => patch(work, connection, &target, &edits)?,
            Self::Delete(target) => {
                delete(work, connection, &target)?;
                return Ok(None);
            }
        };
        answer(work, connection, &row, view).map(Some)
    }
}

/// Makes a resource with its members.
fn create(work: &mut Work<'_>, connection: &Connection, id: u128, resource: Resource) -> Outcome<Row> {
    let Resource { resource_type, document, members } = resource;
    Ok(match resource_type {
        ResourceType::User => Row::User(users::save(work, connection, Subject::New(id), document)?),
        ResourceType::Group => {
            let group = groups::save(work, connection, Subject::New(id), document)?;
            let added = members.unwrap_or_default();
            Row::Group(members::edit(work, connection, group, &[cohort_scim::MemberEdit::Add(added)])?)
        }
    })
}

fn replace(work: &mut Work<'_>, connection: &Connection, target: &Target, body: &Value) -> Outcome<Row> {
    let read = |previous| resource::for_replace(body, target.kind, previous, connection.dialect());
    Ok(match expected(work, connection, target)? {
        Row::User(user) => {
            let resource = read(&user.document)?;
            Row::User(users::save(work, connection, Subject::Known(user), resource.document)?)
        }
        Row::Group(group) => {
            let Resource { document, members, .. } = read(&group.document)?;
            let group = groups::save(work, connection, Subject::Known(group), document)?;
            let edits: Vec<_> = members.into_iter().map(members::replacing).collect();
            Row::Group(members::edit(work, connection, group, &edits)?)
        }
    })
}

fn patch(work: &mut Work<'_>, connection: &Connection, target: &Target, edits: &Edits) -> Outcome<Row> {
    Ok(match (expected(work, connection, target)?, edits) {
        (Row::User(user), Edits::User(edits)) => {
            let document = edits.apply(&user.document)?.document;
            Row::User(users::save(work, connection, Subject::Known(user), document)?)
        }
        (Row::Group(group), Edits::Group(edits)) => {
            let document = edits.document.apply(&group.document)?.document;
            let group = groups::save(work, connection, Subject::Known(group), document)?;
            Row::Group(members::edit(work, connection, group, &edits.members)?)
        }
        // The edits were compiled for the type that the path names.
        _ => return Err(ScimError::Internal),
    })
}

fn delete(work: &mut Work<'_>, connection: &Connection, target: &Target) -> Outcome<()> {
    match expected(work, connection, target)? {
        Row::User(user) => Ok(crate::users::remove(work, &user)?),
        Row::Group(group) => Ok(crate::groups::remove(work, &group)?),
    }
}

/// Makes resources that refer to each other: first all of them, then the members of the groups among them.
///
/// # Errors
/// The first error, and which of the resources it is about; then none of them was made.
pub(crate) fn create_circle(
    work: &mut Work<'_>,
    connection: &Connection,
    resources: Vec<(u128, Resource)>,
    view: &ScimView,
) -> Result<Vec<ScimAnswer>, CircleError> {
    let mut made = Vec::with_capacity(resources.len());
    for (at, (id, mut resource)) in resources.into_iter().enumerate() {
        let members = resource.members.take().unwrap_or_default();
        let row = create(work, connection, id, resource).map_err(|error| CircleError { at, error })?;
        made.push((row, members));
    }
    let mut answers = Vec::with_capacity(made.len());
    for (at, (row, added)) in made.into_iter().enumerate() {
        let row = match row {
            Row::User(user) => Ok(Row::User(user)),
            Row::Group(group) => {
                let edit = [cohort_scim::MemberEdit::Add(added)];
                members::edit(work, connection, group, &edit).map(Row::Group)
            }
        };
        let answered = row.and_then(|row| answer(work, connection, &row, view));
        answers.push(answered.map_err(|error| CircleError { at, error })?);
    }
    Ok(answers)
}

/// Why a circle of resources could not be made.
pub(crate) struct CircleError {
    /// Which of them failed, counted from 0.
    pub(crate) at: usize,
    pub(crate) error: ScimError,
}

impl From<crate::error::StoreError> for CircleError {
    fn from(cause: crate::error::StoreError) -> Self {
        Self { at: 0, error: cause.into() }
    }
}
