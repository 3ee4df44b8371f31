//! Users as administrators see them, and the local ones as they manage them.

mod shape;

use cohort_core::change::Change;
use cohort_core::id::{UserId, check_name};
use serde_json::{Map, Value};

pub use self::shape::{NewUser, UserPatch, UserView};
use crate::error::{DirectoryError, Noun};
use crate::fold::fold;
use crate::limits::ATTRIBUTES_MAX;
use crate::lookup;
use crate::moment::Moment;
use crate::org::{Org, graph_user};
use crate::store::users::UserRow;
use crate::store::{Store, StoreError};
use crate::work::Work;

/// Makes a local user.
pub(crate) fn create(work: &mut Work<'_>, new: NewUser) -> Result<UserView, DirectoryError> {
    let row = UserRow {
        id: UserId::from_u128(work.new_id()),
        connection: None,
        user_name_folded: checked_name(&new.user_name)?,
        user_name: new.user_name,
        external_id: None,
        display_name: new.display_name,
        active: new.active.unwrap_or(true),
        document: merged(Map::new(), new.attributes)?,
        stamp: work.stamp(),
    };
    expect_free(work, &row)?;
    put(work, &row)?;
    Ok(view(&*work.rows, row)?)
}

/// Changes what `patch` names about a local user.
pub(crate) fn change(
    work: &mut Work<'_>,
    reference: &str,
    patch: UserPatch,
) -> Result<UserView, DirectoryError> {
    let before = local(work, reference)?;
    let mut after = before.clone();
    if let Some(name) = patch.user_name {
        after.user_name_folded = checked_name(&name)?;
        after.user_name = name;
        expect_free(work, &after)?;
    }
    if let Some(name) = patch.display_name {
        after.display_name = Some(name).filter(|name| !name.is_empty());
    }
    after.active = patch.active.unwrap_or(after.active);
    after.document = merged(after.document, patch.attributes)?;
    if after != before {
        after.stamp = work.restamp(before.stamp);
        put(work, &after)?;
    }
    Ok(view(&*work.rows, after)?)
}

/// Removes a local user with all edges and grants.
pub(crate) fn delete(work: &mut Work<'_>, reference: &str) -> Result<(), DirectoryError> {
    let user = local(work, reference)?;
    Ok(remove(work, &user)?)
}

/// Removes the row and the node of a user, whoever's they are.
pub(crate) fn remove(work: &mut Work<'_>, user: &UserRow) -> Result<(), StoreError> {
    work.changes(&user.user_name);
    let revision = work.revision();
    work.rows.stamp_groups_of_user(user.id, work.now, revision)?;
    work.rows.remove_user(user.id)?;
    work.apply(Change::RemoveUser(user.id)).map_err(StoreError::Contradiction)
}

/// All users in the order in which they were made.
pub(crate) fn list(store: &dyn Store, org: &Org) -> Result<Vec<UserView>, DirectoryError> {
    let mut rows = Vec::new();
    store.each_user(org.key, &mut |row| {
        rows.push(row);
        Ok(())
    })?;
    Ok(rows.into_iter().map(|row| view(store, row)).collect::<Result<_, _>>()?)
}

/// One user, by uuid or name.
pub(crate) fn one(store: &dyn Store, org: &Org, reference: &str) -> Result<UserView, DirectoryError> {
    Ok(view(store, lookup::user(store, org.key, reference)?)?)
}

/// Writes the row and the node of a user.
fn put(work: &mut Work<'_>, row: &UserRow) -> Result<(), DirectoryError> {
    work.apply(Change::SetUser(graph_user(row)))?;
    work.changes(&row.user_name);
    Ok(work.rows.put_user(work.org_key(), row)?)
}

/// The local user of this uuid or name; a pushed user of the name does not stand in its way.
fn local(work: &Work<'_>, reference: &str) -> Result<UserRow, DirectoryError> {
    if let Some(user) = work.rows.user_by_name(work.org_key(), None, &fold(reference))? {
        return Ok(user);
    }
    let user = lookup::user(&*work.rows, work.org_key(), reference)?;
    if user.connection.is_none() {
        return Ok(user);
    }
    let connection = lookup::source(&*work.rows, user.connection)?;
    Err(DirectoryError::Pushed { noun: Noun::User, reference: reference.to_owned(), connection })
}

fn expect_free(work: &Work<'_>, user: &UserRow) -> Result<(), DirectoryError> {
    let same = work.rows.user_by_name(work.org_key(), None, &user.user_name_folded)?;
    if same.is_some_and(|other| other.id != user.id) {
        return Err(DirectoryError::Taken { noun: Noun::User, name: user.user_name.clone() });
    }
    Ok(())
}

/// The folded form of a user name that is one.
fn checked_name(name: &str) -> Result<String, DirectoryError> {
    let folded = fold(name);
    let refused = |cause| DirectoryError::Name { field: "userName", found: name.to_owned(), cause };
    check_name(&folded).map_err(refused)?;
    Ok(folded)
}

/// `attributes` with `changes`; `null` takes one out.
fn merged(
    mut attributes: Map<String, Value>,
    changes: Map<String, Value>,
) -> Result<Map<String, Value>, DirectoryError> {
    for (name, value) in changes {
        check_attribute(&name, &value)?;
        if value.is_null() {
            attributes.shift_remove(&name);
        } else {
            attributes.insert(name, value);
        }
    }
    let (count, count_max) = (attributes.len(), ATTRIBUTES_MAX);
    if count > count_max {
        return Err(DirectoryError::TooMany { field: "attributes", count, count_max });
    }
    Ok(attributes)
}

/// A text, a list of texts, or `null`.
fn check_attribute(name: &str, value: &Value) -> Result<(), DirectoryError> {
    let refused = |cause| DirectoryError::Name { field: "attributes", found: name.to_owned(), cause };
    check_name(name).map_err(refused)?;
    let shape = || DirectoryError::Attribute { name: name.to_owned() };
    match value {
        Value::Null => Ok(()),
        Value::String(text) => lookup::check_text("attributes", text),
        Value::Array(values) if values.len() > ATTRIBUTES_MAX => {
            let (count, count_max) = (values.len(), ATTRIBUTES_MAX);
            Err(DirectoryError::TooMany { field: "attributes", count, count_max })
        }
        Value::Array(values) => values
            .iter()
            .try_for_each(|value| lookup::check_text("attributes", value.as_str().ok_or_else(shape)?)),
        _ => Err(shape()),
    }
}

fn view(store: &dyn Store, row: UserRow) -> Result<UserView, StoreError> {
    Ok(UserView {
        id: row.id.to_string(),
        source: lookup::source(store, row.connection)?,
        user_name: row.user_name,
        display_name: row.display_name,
        active: row.active,
        external_id: row.external_id,
        attributes: row.document,
        created_at: Moment(row.stamp.created_at),
        updated_at: Moment(row.stamp.changed_at),
        version: row.stamp.etag(),
    })
}
