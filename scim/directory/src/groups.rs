//! Groups as administrators manage them.

mod shape;

use std::collections::BTreeMap;

use cohort_core::change::Change;
use cohort_core::id::{GroupId, Instant};
use cohort_core::rule::Rule;
use cohort_core::view::{GroupState, Member};
use serde_json::{Map, Value};

pub use self::shape::{GroupPatch, GroupView, NewGroup};
use crate::error::{DirectoryError, Noun};
use crate::fold::fold;
use crate::limits::{METADATA_BYTES_MAX, TITLES_MAX};
use crate::lookup;
use crate::moment::Moment;
use crate::org::{Org, graph_group};
use crate::slug;
use crate::store::groups::GroupRow;
use crate::store::{Store, StoreError};
use crate::work::Work;

/// Makes a local group.
pub(crate) fn create(work: &mut Work<'_>, new: NewGroup) -> Result<GroupView, DirectoryError> {
    let mut titles = new.title.unwrap_or_default();
    if let Some(name) = new.name {
        titles.insert("en".to_owned(), name);
    }
    check_titles(&titles)?;
    let expected = "a name, or a title in English";
    let name = titles.get("en").filter(|name| !name.trim().is_empty());
    let name = name.cloned().ok_or(DirectoryError::Missing { field: "name", expected })?;
    let slug = match new.slug {
        Some(slug) => {
            slug::check(&slug)?;
            expect_free(work, &slug)?;
            slug
        }
        None => free_slug(work, &name)?,
    };
    let mut row = GroupRow {
        id: GroupId::from_u128(work.new_id()),
        connection: None,
        seq: 0,
        slug_folded: fold(&slug),
        slug,
        name_folded: fold(&name),
        name,
        titles,
        description: checked_text("description", new.description)?,
        purpose: checked_text("purpose", new.purpose)?,
        metadata: checked_metadata(new.metadata.unwrap_or_default())?,
        state: new.state.unwrap_or(GroupState::Enabled),
        rule: checked_rule(new.rule)?,
        external_id: None,
        document: Map::new(),
        created_by: work.actor().to_owned(),
        stamp: work.stamp(),
    };
    row.seq = work.rows.next_group_seq(work.org_key())?;
    put(work, &row)?;
    Ok(view(&*work.rows, work.org, &row, work.now)?)
}

/// Changes what `patch` names about a group.
pub(crate) fn change(
    work: &mut Work<'_>,
    reference: &str,
    patch: GroupPatch,
) -> Result<GroupView, DirectoryError> {
    let before = lookup::group(&*work.rows, work.org_key(), reference)?;
    let after = patched(work, &before, patch)?;
    if after == before {
        return Ok(view(&*work.rows, work.org, &before, work.now)?);
    }
    let after = GroupRow { stamp: work.restamp(before.stamp), ..after };
    put(work, &after)?;
    Ok(view(&*work.rows, work.org, &after, work.now)?)
}

/// Removes a local group with its edges and grants.
pub(crate) fn delete(work: &mut Work<'_>, reference: &str) -> Result<(), DirectoryError> {
    let group = lookup::group(&*work.rows, work.org_key(), reference)?;
    if group.connection.is_some() {
        let connection = lookup::source(&*work.rows, group.connection)?;
        let reference = group.slug;
        return Err(DirectoryError::Pushed { noun: Noun::Group, reference, connection });
    }
    Ok(remove(work, &group)?)
}

/// Removes the row and the node of a group, whoever's it is.
pub(crate) fn remove(work: &mut Work<'_>, group: &GroupRow) -> Result<(), StoreError> {
    work.changes(&group.slug);
    let revision = work.revision();
    work.rows.stamp_groups_above(group.id, work.now, revision)?;
    work.rows.remove_group(group.id)?;
    work.apply(Change::RemoveGroup(group.id)).map_err(StoreError::Contradiction)
}

/// Writes the row and the node of a group.
pub(crate) fn put(work: &mut Work<'_>, row: &GroupRow) -> Result<(), DirectoryError> {
    work.changes(&row.slug);
    work.rows.put_group(work.org_key(), row)?;
    Ok(work.apply(Change::SetGroup(graph_group(row)?))?)
}

/// A slug made of `title` that no group of the organisation has.
pub(crate) fn free_slug(work: &Work<'_>, title: &str) -> Result<String, DirectoryError> {
    let is_free = |slug: &str| Ok(work.rows.group_by_slug(work.org_key(), &fold(slug))?.is_none());
    slug::free(&slug::derived(title), is_free)
}

fn expect_free(work: &Work<'_>, slug: &str) -> Result<(), DirectoryError> {
    match work.rows.group_by_slug(work.org_key(), &fold(slug))? {
        None => Ok(()),
        Some(_) => Err(DirectoryError::Taken { noun: Noun::Group, name: slug.to_owned() }),
    }
}

fn patched(work: &Work<'_>, before: &GroupRow, patch: GroupPatch) -> Result<GroupRow, DirectoryError> {
    let mut row = before.clone();
    row.titles.extend(patch.title.unwrap_or_default());
    if let Some(name) = patch.name {
        row.titles.insert("en".to_owned(), name);
    }
    // An empty title takes a language out; a group without English keeps the name that it had.
    row.titles.retain(|_, title| !title.trim().is_empty());
    row.titles.entry("en".to_owned()).or_insert_with(|| before.name.clone());
    check_titles(&row.titles)?;
    let name = row.titles.get("en").cloned().unwrap_or_default();
    if name != before.name {
        rename(work, &mut row, name)?;
    }
    if let Some(slug) = patch.slug.filter(|slug| *slug != before.slug) {
        slug::check(&slug)?;
        if fold(&slug) != before.slug_folded {
            expect_free(work, &slug)?;
        }
        row.slug_folded = fold(&slug);
        row.slug = slug;
    }
    if patch.description.is_some() {
        row.description = checked_text("description", patch.description)?;
    }
    if patch.purpose.is_some() {
        row.purpose = checked_text("purpose", patch.purpose)?;
    }
    if let Some(metadata) = patch.metadata {
        row.metadata = checked_metadata(metadata)?;
    }
    if patch.rule.is_some() {
        row.rule = checked_rule(patch.rule)?;
        if row.rule.is_some() && row.connection.is_some() {
            return Err(DirectoryError::RuleOnPushedGroup { slug: row.slug });
        }
    }
    row.state = patch.state.unwrap_or(row.state);
    Ok(row)
}

/// Gives a group another English title; a pushed group's is also its `displayName`, unique for its connection.
fn rename(work: &Work<'_>, row: &mut GroupRow, name: String) -> Result<(), DirectoryError> {
    let folded = fold(&name);
    if let Some(connection) = row.connection {
        let same = work.rows.group_by_name(connection, &folded)?;
        if same.is_some_and(|other| other.id != row.id) {
            return Err(DirectoryError::Taken { noun: Noun::Group, name });
        }
        row.document.insert("displayName".to_owned(), Value::String(name.clone()));
    }
    (row.name, row.name_folded) = (name, folded);
    Ok(())
}

fn check_titles(titles: &BTreeMap<String, String>) -> Result<(), DirectoryError> {
    let (count, count_max) = (titles.len(), TITLES_MAX);
    if count > count_max {
        return Err(DirectoryError::TooMany { field: "title", count, count_max });
    }
    titles.iter().flat_map(<[&String; 2]>::from).try_for_each(|text| lookup::check_text("title", text))
}

/// The text, none if it is empty.
fn checked_text(field: &'static str, text: Option<String>) -> Result<Option<String>, DirectoryError> {
    let text = text.filter(|text| !text.trim().is_empty());
    text.map(|text| lookup::check_text(field, &text).map(|()| text)).transpose()
}

/// The rule's text if it can be read, none if it is empty.
fn checked_rule(text: Option<String>) -> Result<Option<String>, DirectoryError> {
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    Rule::parse(&text, fold).map_err(DirectoryError::Rule)?;
    Ok(Some(text))
}

fn checked_metadata(metadata: Map<String, Value>) -> Result<Map<String, Value>, DirectoryError> {
    let bytes = Value::Object(metadata.clone()).to_string().len();
    if bytes > METADATA_BYTES_MAX {
        return Err(DirectoryError::TooLong { field: "metadata", bytes, bytes_max: METADATA_BYTES_MAX });
    }
    Ok(metadata)
}

/// The group as administrators see it at `now`.
///
/// Cost: the edges below the group.
pub(crate) fn view(
    store: &dyn Store,
    org: &Org,
    row: &GroupRow,
    now: Instant,
) -> Result<GroupView, StoreError> {
    Ok(GroupView {
        id: row.id.to_string(),
        seq: row.seq,
        slug: row.slug.clone(),
        name: row.name.clone(),
        title: row.titles.clone(),
        description: row.description.clone(),
        purpose: row.purpose.clone(),
        metadata: row.metadata.clone(),
        state: row.state,
        rule: row.rule.clone(),
        source: lookup::source(store, row.connection)?,
        external_id: row.external_id.clone(),
        member_count: org.graph.users_in(row.id, now).len() as u64,
        direct_count: direct_count(org, row.id, now),
        created_by: row.created_by.clone(),
        created_at: Moment(row.stamp.created_at),
        updated_at: Moment(row.stamp.changed_at),
        version: row.stamp.etag(),
    })
}

/// Distinct users and groups with a way of their own into the group, rules included.
fn direct_count(org: &Org, group: GroupId, now: Instant) -> u64 {
    let mut members: Vec<Member> = org.graph.members(group).map(|(member, _)| member).collect();
    members.dedup();
    let holds = |member: &&Member| {
        let mut ways = org.graph.memberships(**member);
        ways.any(|(into, _, spans)| into == group && spans.iter().any(|span| span.contains(now)))
    };
    members.iter().filter(holds).count() as u64
}
