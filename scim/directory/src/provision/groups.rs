//! Groups pushed by a connection: their own attributes.

use std::collections::BTreeMap;

use cohort_core::change::Change;
use cohort_core::id::GroupId;
use cohort_core::view::{GroupState, Member};
use cohort_scim::{Document, ScimError};
use serde_json::{Map, Value};

use super::{Outcome, Subject, members, refused};
use crate::caller::Connection;
use crate::error::DirectoryError;
use crate::fold::fold;
use crate::limits::TEXT_BYTES_MAX;
use crate::org::graph_group;
use crate::store::groups::GroupRow;
use crate::work::Work;

/// Gives a group, new or not, this document; nothing happens if it is the one that it has.
///
/// `displayName` is the English title; titles in other languages, the slug and the state belong to the
/// organisation and stay.
pub(super) fn save(
    work: &mut Work<'_>,
    connection: &Connection,
    subject: Subject<GroupRow>,
    document: Document,
) -> Outcome<GroupRow> {
    let text = |name: &str| document.get(name).and_then(Value::as_str).map(str::to_owned);
    let missing = || ScimError::MissingValue { attribute: "displayName".to_owned() };
    let name = text("displayName").ok_or_else(missing)?;
    check_length(&name)?;
    let external_id = text("externalId");
    let (known, before) = match subject {
        Subject::New(id) => (blank(work, connection, GroupId::from_u128(id), &name)?, None),
        Subject::Known(group) => (group.clone(), Some(group)),
    };
    let mut row = GroupRow { name_folded: fold(&name), name, external_id, document, ..known };
    row.titles.insert("en".to_owned(), row.name.clone());
    if before.as_ref() == Some(&row) {
        return Ok(row);
    }
    expect_unique(work, connection, &row)?;
    if before.is_none() {
        row.seq = work.rows.next_group_seq(work.org_key())?;
    }
    row.stamp = work.restamp(row.stamp);
    work.changes(&row.slug);
    work.rows.put_group(work.org_key(), &row)?;
    work.apply(&Change::SetGroup(graph_group(&row)?)).map_err(|cause| refused(cause, &row.name))?;
    if before.and_then(|group| group.external_id) != row.external_id {
        members::arrived(work, connection, Member::Group(row.id), row.external_id.as_deref())?;
    }
    Ok(row)
}

/// A new group, before its document; the slug is made of the first name and never moves with a rename.
fn blank(work: &Work<'_>, connection: &Connection, id: GroupId, name: &str) -> Outcome<GroupRow> {
    let slug = crate::groups::free_slug(work, name).map_err(no_slug)?;
    Ok(GroupRow {
        id,
        connection: Some(connection.key),
        seq: 0,
        slug_folded: fold(&slug),
        slug,
        name: String::new(),
        name_folded: String::new(),
        titles: BTreeMap::new(),
        description: None,
        purpose: None,
        metadata: Map::new(),
        state: GroupState::Enabled,
        rule: None,
        external_id: None,
        document: Document::new(),
        created_by: work.actor().to_owned(),
        stamp: work.stamp(),
    })
}

/// No slug is left for a name that thousands of groups have.
#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands the cause over")]
fn no_slug(cause: DirectoryError) -> ScimError {
    tracing::error!(%cause, "a SCIM request failed");
    ScimError::Internal
}

fn check_length(name: &str) -> Outcome<()> {
    if name.len() <= TEXT_BYTES_MAX {
        return Ok(());
    }
    let (attribute, bytes) = ("displayName".to_owned(), name.len());
    Err(ScimError::ValueTooLong { attribute, bytes, bytes_max: TEXT_BYTES_MAX })
}

fn expect_unique(work: &Work<'_>, connection: &Connection, group: &GroupRow) -> Outcome<()> {
    let taken = |attribute, value: &str| ScimError::NotUnique {
        resource_type: "Group",
        attribute,
        value: value.into(),
    };
    let same = work.rows.group_by_name(connection.key, &group.name_folded)?;
    if same.is_some_and(|other| other.id != group.id) {
        return Err(taken("displayName", &group.name));
    }
    let Some(external_id) = &group.external_id else { return Ok(()) };
    let same = work.rows.group_by_external_id(connection.key, external_id)?;
    if same.is_some_and(|other| other.id != group.id) {
        return Err(taken("externalId", external_id));
    }
    Ok(())
}
