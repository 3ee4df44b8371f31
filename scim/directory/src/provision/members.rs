//! Members pushed by a connection, among them those that it names before it pushes them.
//!
//! An edit touches the edges of the group's own connection and no others: members added by hand stay.

use std::collections::BTreeSet;

use cohort_core::change::Change;
use cohort_core::id::{GroupId, Span, UserId};
use cohort_core::model::EdgeKey;
use cohort_core::view::{Member, Via};
use cohort_scim::{MemberEdit, MemberKind, MemberRef, ScimError};

use super::{Outcome, refused};
use crate::caller::Connection;
use crate::limits::{PENDING_MAX, PENDING_MILLIS_MAX};
use crate::org::source;
use crate::store::edges::{EdgeRow, PendingRow};
use crate::store::groups::GroupRow;
use crate::work::Work;

/// The edit that makes `references` the only members.
pub(super) fn replacing(references: Vec<MemberRef>) -> MemberEdit {
    if references.is_empty() { MemberEdit::RemoveAll } else { MemberEdit::ReplaceAll(references) }
}

/// Carries out `edits` in order, and gives the group with the stamp that it then has.
pub(super) fn edit(
    work: &mut Work<'_>,
    connection: &Connection,
    group: GroupRow,
    edits: &[MemberEdit],
) -> Outcome<GroupRow> {
    let mut changed = false;
    for edit in edits {
        changed |= match edit {
            MemberEdit::Add(references) => {
                let named = Named::of(work, connection, references)?;
                add(work, connection, group.id, &named)?
            }
            MemberEdit::Remove(references) => {
                let named = Named::of(work, connection, references)?;
                remove(work, group.id, &named)?
            }
            MemberEdit::RemoveAll => keep_only(work, group.id, &Named::default())?,
            MemberEdit::ReplaceAll(references) => {
                let named = Named::of(work, connection, references)?;
                keep_only(work, group.id, &named)? | add(work, connection, group.id, &named)?
            }
        };
    }
    if !changed {
        return Ok(group);
    }
    work.changes(&group.slug);
    let stamp = work.restamp(group.stamp);
    work.rows.stamp_group(group.id, stamp.changed_at, stamp.revision)?;
    Ok(GroupRow { stamp, ..group })
}

/// Members that a request names: those that are there, and those that are not.
#[derive(Default)]
struct Named<'a> {
    known: Vec<(Member, &'a str)>,
    unknown: Vec<&'a str>,
}

impl<'a> Named<'a> {
    fn of(work: &Work<'_>, connection: &Connection, references: &'a [MemberRef]) -> Outcome<Self> {
        let mut named = Self::default();
        for reference in references {
            let value = reference.value.as_str();
            match resolved(work, connection, reference)? {
                Some(member) => named.known.push((member, value)),
                None => named.unknown.push(value),
            }
        }
        Ok(named)
    }
}

/// Puts a member where it was waited for: something with this external id has just come.
pub(super) fn arrived(
    work: &mut Work<'_>,
    connection: &Connection,
    member: Member,
    external_id: Option<&str>,
) -> Outcome<()> {
    let Some(value) = external_id else { return Ok(()) };
    if !connection.dialect().members_by_external_id.tolerates() {
        return Ok(());
    }
    for group in work.rows.pending_for(connection.key, value)? {
        work.rows.remove_pending(group, value)?;
        if put_edge(work, connection, group, member, value)? {
            let revision = work.revision();
            work.rows.stamp_group(group, work.now, revision)?;
        }
    }
    Ok(())
}

/// Whether anybody became a member.
fn add(work: &mut Work<'_>, connection: &Connection, group: GroupId, named: &Named<'_>) -> Outcome<bool> {
    let mut changed = false;
    for (member, value) in &named.known {
        changed |= put_edge(work, connection, group, *member, value)?;
    }
    wait_for(work, connection, group, &named.unknown)?;
    Ok(changed)
}

/// Whether anybody is no longer a member.
fn remove(work: &mut Work<'_>, group: GroupId, named: &Named<'_>) -> Outcome<bool> {
    let mut changed = false;
    // One that was waited for under another of its names still is.
    for value in named.known.iter().map(|(_, value)| value).chain(&named.unknown) {
        work.rows.remove_pending(group, value)?;
    }
    for (member, _) in &named.known {
        changed |= drop_edge(work, EdgeKey::include(group, *member, Via::Scim))?;
    }
    Ok(changed)
}

/// Takes out all members but those named, and all that are waited for.
fn keep_only(work: &mut Work<'_>, group: GroupId, named: &Named<'_>) -> Outcome<bool> {
    work.rows.remove_all_pending(group)?;
    let kept: BTreeSet<Member> = named.known.iter().map(|(member, _)| *member).collect();
    let pushed = work.org.graph.members(group).filter(|(_, via)| *via == Via::Scim);
    let gone: Vec<Member> = pushed.map(|(member, _)| member).filter(|one| !kept.contains(one)).collect();
    let mut changed = false;
    for member in gone {
        changed |= drop_edge(work, EdgeKey::include(group, member, Via::Scim))?;
    }
    Ok(changed)
}

/// The user or group of this connection that a client means; none if there is none, whoever else may have it.
fn resolved(work: &Work<'_>, connection: &Connection, reference: &MemberRef) -> Outcome<Option<Member>> {
    let value = reference.value.as_str();
    let user = match reference.kind {
        Some(MemberKind::Group) => None,
        _ => user_by_id(work, connection, value).map(Member::User),
    };
    let group = match (user, reference.kind) {
        (Some(_), _) | (_, Some(MemberKind::User)) => None,
        _ => group_by_id(work, connection, value)?.map(Member::Group),
    };
    if user.is_some() || group.is_some() || !connection.dialect().members_by_external_id.tolerates() {
        return Ok(user.or(group));
    }
    by_external_id(work, connection, reference)
}

/// The graph knows whose every user is, so that no row need be read.
fn user_by_id(work: &Work<'_>, connection: &Connection, value: &str) -> Option<UserId> {
    let user = work.org.graph.user(value.parse().ok()?)?;
    (user.source == Some(source(connection.key))).then_some(user.id)
}

fn group_by_id(work: &Work<'_>, connection: &Connection, value: &str) -> Outcome<Option<GroupId>> {
    let Ok(id) = value.parse::<GroupId>() else { return Ok(None) };
    let group = work.rows.group(work.org_key(), id)?;
    Ok(group.filter(|group| group.connection == Some(connection.key)).map(|group| group.id))
}

fn by_external_id(
    work: &Work<'_>,
    connection: &Connection,
    reference: &MemberRef,
) -> Outcome<Option<Member>> {
    let (rows, key, value) = (&*work.rows, connection.key, reference.value.as_str());
    let user = match reference.kind {
        Some(MemberKind::Group) => None,
        _ => rows.user_by_external_id(key, value)?,
    };
    match (user, reference.kind) {
        (Some(user), _) => Ok(Some(Member::User(user.id))),
        (None, Some(MemberKind::User)) => Ok(None),
        (None, _) => Ok(rows.group_by_external_id(key, value)?.map(|group| Member::Group(group.id))),
    }
}

/// Whether the member was not there before.
fn put_edge(
    work: &mut Work<'_>,
    connection: &Connection,
    group: GroupId,
    member: Member,
    value: &str,
) -> Outcome<bool> {
    let key = EdgeKey::include(group, member, Via::Scim);
    if work.org.graph.edge(&key).is_some() {
        return Ok(false);
    }
    let edge = EdgeRow {
        key,
        span: Span::ALWAYS,
        connection: Some(connection.key),
        owner: false,
        reason: None,
        added_by: work.actor().to_owned(),
        added_at: work.now,
    };
    work.rows.put_edge(work.org_key(), &edge)?;
    work.apply(&edge.change()).map_err(|cause| refused(cause, value))?;
    Ok(true)
}

/// Whether the member was there before.
fn drop_edge(work: &mut Work<'_>, key: EdgeKey) -> Outcome<bool> {
    if work.org.graph.edge(&key).is_none() {
        return Ok(false);
    }
    work.rows.remove_edge(&key)?;
    work.apply(&Change::RemoveEdge(key)).map_err(|cause| refused(cause, ""))?;
    Ok(true)
}

/// Remembers members that are not there yet, if the dialect does so and not too many are waited for.
fn wait_for(work: &mut Work<'_>, connection: &Connection, group: GroupId, values: &[&str]) -> Outcome<()> {
    let Some(last) = values.last() else { return Ok(()) };
    let unknown = || ScimError::UnknownMember { value: (*last).into() };
    let key = connection.key;
    if !connection.dialect().unknown_members.tolerates() || values.len() as u64 > PENDING_MAX {
        return Err(unknown());
    }
    for value in values {
        let value = (*value).to_owned();
        let pending = PendingRow { connection: key, group, value, added_at: work.now };
        work.rows.add_pending(work.org_key(), &pending)?;
    }
    if work.rows.count_pending(key)? > PENDING_MAX {
        work.rows.expire_pending(key, work.now.plus_millis(-PENDING_MILLIS_MAX))?;
        if work.rows.count_pending(key)? > PENDING_MAX {
            return Err(unknown());
        }
    }
    Ok(())
}
