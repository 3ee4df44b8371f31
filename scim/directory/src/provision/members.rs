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
            MemberEdit::Add(references) => add(work, connection, group.id, references)?,
            MemberEdit::Remove(references) => remove(work, connection, group.id, references)?,
            MemberEdit::RemoveAll => keep_only(work, group.id, &BTreeSet::new())?,
            MemberEdit::ReplaceAll(references) => {
                let named = references.iter().map(|reference| resolved(work, connection, reference));
                let named = named.collect::<Outcome<Vec<_>>>()?.into_iter().flatten().collect();
                keep_only(work, group.id, &named)? | add(work, connection, group.id, references)?
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
fn add(
    work: &mut Work<'_>,
    connection: &Connection,
    group: GroupId,
    references: &[MemberRef],
) -> Outcome<bool> {
    let mut changed = false;
    let mut unknown = Vec::new();
    for reference in references {
        match resolved(work, connection, reference)? {
            Some(member) => changed |= put_edge(work, connection, group, member, &reference.value)?,
            None => unknown.push(reference),
        }
    }
    wait_for(work, connection, group, &unknown)?;
    Ok(changed)
}

/// Whether anybody is no longer a member.
fn remove(
    work: &mut Work<'_>,
    connection: &Connection,
    group: GroupId,
    references: &[MemberRef],
) -> Outcome<bool> {
    let mut changed = false;
    for reference in references {
        work.rows.remove_pending(group, &reference.value)?;
        if let Some(member) = resolved(work, connection, reference)? {
            changed |= drop_edge(work, EdgeKey::include(group, member, Via::Scim))?;
        }
    }
    Ok(changed)
}

/// Takes out all members but `named`, and those waited for.
fn keep_only(work: &mut Work<'_>, group: GroupId, named: &BTreeSet<Member>) -> Outcome<bool> {
    work.rows.remove_all_pending(group)?;
    let pushed = work.org.graph.members(group).filter(|(_, via)| *via == Via::Scim);
    let gone: Vec<Member> = pushed.map(|(member, _)| member).filter(|one| !named.contains(one)).collect();
    let mut changed = false;
    for member in gone {
        changed |= drop_edge(work, EdgeKey::include(group, member, Via::Scim))?;
    }
    Ok(changed)
}

/// The user or group of this connection that a client means; none if there is none, whoever else may have it.
fn resolved(work: &Work<'_>, connection: &Connection, reference: &MemberRef) -> Outcome<Option<Member>> {
    let (rows, org, key) = (&*work.rows, work.org_key(), connection.key);
    let (users, groups) =
        (reference.kind != Some(MemberKind::Group), reference.kind != Some(MemberKind::User));
    let value = reference.value.as_str();
    if users && let Ok(id) = value.parse::<UserId>() {
        let user = rows.user(org, id)?.filter(|user| user.connection == Some(key));
        if user.is_some() {
            return Ok(Some(Member::User(id)));
        }
    }
    if groups && let Ok(id) = value.parse::<GroupId>() {
        let group = rows.group(org, id)?.filter(|group| group.connection == Some(key));
        if group.is_some() {
            return Ok(Some(Member::Group(id)));
        }
    }
    if !connection.dialect().members_by_external_id.tolerates() {
        return Ok(None);
    }
    if users && let Some(user) = rows.user_by_external_id(key, value)? {
        return Ok(Some(Member::User(user.id)));
    }
    match groups {
        true => Ok(rows.group_by_external_id(key, value)?.map(|group| Member::Group(group.id))),
        false => Ok(None),
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
fn wait_for(
    work: &mut Work<'_>,
    connection: &Connection,
    group: GroupId,
    references: &[&MemberRef],
) -> Outcome<()> {
    let Some(last) = references.last() else { return Ok(()) };
    let unknown = || ScimError::UnknownMember { value: last.value.as_str().into() };
    let key = connection.key;
    if !connection.dialect().unknown_members.tolerates() || references.len() as u64 > PENDING_MAX {
        return Err(unknown());
    }
    for reference in references {
        let value = reference.value.clone();
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
