//! The members of a group as administrators manage them.

mod shape;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};

use cohort_core::change::Change;
use cohort_core::graph::Graph;
use cohort_core::id::{GroupId, UserId};
use cohort_core::model::{EdgeKey, EdgeKind};
use cohort_core::view::{Member, Via};

pub use self::shape::{Kind, MemberRole, MemberView, NewMembers, ViaName};
use crate::error::{DirectoryError, MemberFault, Noun, StoreError};
use crate::limits::MEMBERS_PER_REQUEST_MAX;
use crate::lookup::{self, unknown};
use crate::moment::Moment;
use crate::org::Org;
use crate::store::Store;
use crate::store::edges::{EdgeId, EdgeRow, NamedEdge};
use crate::work::Work;

/// Puts members into a group, or keeps users out of its rule.
pub(crate) fn add(
    work: &mut Work<'_>,
    group: &str,
    new: &NewMembers,
) -> Result<Vec<MemberView>, DirectoryError> {
    let group = lookup::group(&*work.rows, work.org_key(), group)?;
    let span = lookup::span(new.starts_at, new.expires_at)?;
    if let Some(reason) = &new.reason {
        lookup::check_text("reason", reason)?;
    }
    let members = named_members(work, new)?;
    let nested = members.iter().any(|member| matches!(member, Member::Group(_)));
    match (new.kind, new.role) {
        (Kind::Exclude, _) if nested => return Err(MemberFault::ExcludedGroup.into()),
        (kind, MemberRole::Owner) if nested || kind == Kind::Exclude => {
            return Err(MemberFault::Owner.into());
        }
        _ => {}
    }
    let mut views = Vec::new();
    for member in members {
        if let Member::Group(below) = member {
            expect_no_cycle(&work.org.graph, group.id, below)?;
        }
        let edge = EdgeRow {
            key: EdgeKey { group: group.id, member, kind: new.kind.into(), via: Via::Manual },
            span,
            connection: None,
            owner: new.role == MemberRole::Owner,
            reason: new.reason.clone(),
            added_by: work.actor().to_owned(),
            added_at: work.now,
        };
        views.push(put(work, &group.slug, &edge)?);
    }
    Ok(views)
}

/// Writes an edge that says something new.
fn put(work: &mut Work<'_>, slug: &str, edge: &EdgeRow) -> Result<MemberView, DirectoryError> {
    let key = edge.key;
    let before = work.rows.edge(&key)?;
    let same = |before: &EdgeRow| {
        (before.span, before.owner, &before.reason) == (edge.span, edge.owner, &edge.reason)
    };
    if !before.as_ref().is_some_and(same) {
        work.changes(slug);
        work.rows.put_edge(work.org_key(), edge)?;
        let revision = work.revision();
        work.rows.stamp_group(key.group, work.now, revision)?;
        work.apply(&edge.change())?;
    }
    let written = work.rows.edge_named(&key)?.ok_or(StoreError::Missing)?;
    Ok(edge_view(written))
}

/// Removes an edge made by hand: by its own id, or all that this user or group has into the group.
pub(crate) fn remove(work: &mut Work<'_>, group: &str, member: &str) -> Result<(), DirectoryError> {
    let group = lookup::group(&*work.rows, work.org_key(), group)?;
    let keys = match member.parse::<i64>() {
        Ok(number) => {
            let edge = work.rows.edge_by_id(group.id, EdgeId(number))?;
            let edge = edge.ok_or_else(|| unknown(Noun::Member, member))?;
            if edge.key.via == Via::Scim {
                let connection = lookup::source(&*work.rows, edge.connection)?;
                let reference = member.to_owned();
                return Err(DirectoryError::Pushed { noun: Noun::Member, reference, connection });
            }
            vec![edge.key]
        }
        Err(_) => manual_edges(work, group.id, member)?,
    };
    for key in keys {
        work.changes(&group.slug);
        work.rows.remove_edge(&key)?;
        let revision = work.revision();
        work.rows.stamp_group(group.id, work.now, revision)?;
        work.apply(&Change::RemoveEdge(key))?;
    }
    Ok(())
}

/// The manual edges into `group` of the user or group called `reference`; never none.
fn manual_edges(work: &Work<'_>, group: GroupId, reference: &str) -> Result<Vec<EdgeKey>, DirectoryError> {
    let org = work.org_key();
    let user = match lookup::user(&*work.rows, org, reference) {
        Ok(user) => Some(Member::User(user.id)),
        Err(DirectoryError::Unknown { .. }) => None,
        Err(other) => return Err(other),
    };
    let member = match user {
        Some(user) => user,
        None => match lookup::group(&*work.rows, org, reference) {
            Ok(below) => Member::Group(below.id),
            Err(DirectoryError::Unknown { .. }) => return Err(unknown(Noun::Member, reference)),
            Err(other) => return Err(other),
        },
    };
    let kinds = [EdgeKind::Include, EdgeKind::Exclude].into_iter();
    let keys = kinds.map(|kind| EdgeKey { group, member, kind, via: Via::Manual });
    let there: Vec<EdgeKey> = keys.filter(|key| work.org.graph.edge(key).is_some()).collect();
    if !there.is_empty() {
        return Ok(there);
    }
    let by_rule = work.org.graph.memberships(member).any(|(into, via, _)| into == group && via == Via::Rule);
    Err(if by_rule { MemberFault::ByRule.into() } else { unknown(Noun::Member, reference) })
}

fn named_members(work: &Work<'_>, new: &NewMembers) -> Result<Vec<Member>, DirectoryError> {
    let user =
        |reference: &String| Ok(Member::User(lookup::user(&*work.rows, work.org_key(), reference)?.id));
    match (&new.user_id, &new.user_ids, &new.group_id) {
        (Some(reference), None, None) => Ok(vec![user(reference)?]),
        (None, Some(references), None) => {
            let (count, count_max) = (references.len(), MEMBERS_PER_REQUEST_MAX);
            if count > count_max {
                return Err(DirectoryError::TooMany { field: "userIds", count, count_max });
            }
            references.iter().map(user).collect()
        }
        (None, None, Some(reference)) => {
            Ok(vec![Member::Group(lookup::group(&*work.rows, work.org_key(), reference)?.id)])
        }
        _ => Err(MemberFault::WhichMember.into()),
    }
}

/// Whether `below` may be put into `group` without both ending up inside each other.
fn expect_no_cycle(graph: &Graph, group: GroupId, below: GroupId) -> Result<(), DirectoryError> {
    let Some(path) = path_up(graph, group, below) else { return Ok(()) };
    let name = |id: &GroupId| graph.group(*id).map(|group| group.slug.clone()).unwrap_or_default();
    let cycle = std::iter::once(&below).chain(&path).map(name).collect();
    Err(DirectoryError::NestingCycle { cycle })
}

/// The shortest way up from one group to another, both included; edges of any time count.
fn path_up(graph: &Graph, from: GroupId, to: GroupId) -> Option<Vec<GroupId>> {
    let mut came_from: BTreeMap<GroupId, Option<GroupId>> = BTreeMap::from([(from, None)]);
    let mut waiting = VecDeque::from([from]);
    while let Some(group) = waiting.pop_front() {
        if group == to {
            let mut path = vec![group];
            let mut at = group;
            while let Some(Some(before)) = came_from.get(&at) {
                path.push(*before);
                at = *before;
            }
            path.reverse();
            return Some(path);
        }
        for (above, ..) in graph.memberships(Member::Group(group)) {
            if let Entry::Vacant(unseen) = came_from.entry(above) {
                unseen.insert(Some(group));
                waiting.push_back(above);
            }
        }
    }
    None
}

/// All edges into a group, then the users whom its rule lets in.
pub(crate) fn list(store: &dyn Store, org: &Org, group: &str) -> Result<Vec<MemberView>, DirectoryError> {
    let group = lookup::group(store, org.key, group)?;
    let mut views: Vec<MemberView> = store.edges_into(group.id)?.into_iter().map(edge_view).collect();
    for (member, via) in org.graph.members(group.id) {
        let (Member::User(user), Via::Rule) = (member, via) else { continue };
        views.extend(rule_view(store, org, user)?);
    }
    Ok(views)
}

fn edge_view(named: NamedEdge) -> MemberView {
    let NamedEdge { id, edge, name, display_name } = named;
    let (member_type, member_id) = match edge.key.member {
        Member::User(id) => ("user", id.to_string()),
        Member::Group(id) => ("group", id.to_string()),
    };
    let (starts_at, expires_at) = lookup::bounds(edge.span);
    MemberView {
        id: Some(id.0.to_string()),
        member_type,
        member_id,
        name,
        display_name,
        kind: edge.key.kind.into(),
        via: edge.key.via.into(),
        role: if edge.owner { MemberRole::Owner } else { MemberRole::Member },
        starts_at,
        expires_at,
        reason: edge.reason,
        added_by: Some(edge.added_by),
        added_at: Some(Moment(edge.added_at)),
    }
}

fn rule_view(store: &dyn Store, org: &Org, user: UserId) -> Result<Option<MemberView>, StoreError> {
    let Some(user) = store.user(org.key, user)? else { return Ok(None) };
    Ok(Some(MemberView {
        id: None,
        member_type: "user",
        member_id: user.id.to_string(),
        display_name: user.display_name.unwrap_or_else(|| user.user_name.clone()),
        name: user.user_name,
        kind: Kind::Include,
        via: ViaName::Rule,
        role: MemberRole::Member,
        starts_at: None,
        expires_at: None,
        reason: None,
        added_by: None,
        added_at: None,
    }))
}
