//! Users pushed by a connection.

use cohort_core::change::Change;
use cohort_core::id::{UserId, check_name};
use cohort_core::view::Member;
use cohort_scim::{Document, ScimError};
use serde_json::Value;

use super::{Outcome, Subject, members, refused};
use crate::caller::Connection;
use crate::fold::fold;
use crate::org::graph_user;
use crate::store::users::UserRow;
use crate::work::Work;

/// Gives a user, new or not, this document; nothing happens if it is the one that they have.
pub(super) fn save(
    work: &mut Work<'_>,
    connection: &Connection,
    subject: Subject<UserRow>,
    mut document: Document,
) -> Outcome<UserRow> {
    // Nobody signs in here, so there is nothing to compare a password with: it is not kept.
    document.shift_remove("password");
    let text = |name: &str| document.get(name).and_then(Value::as_str).map(str::to_owned);
    let user_name =
        text("userName").ok_or_else(|| ScimError::MissingValue { attribute: "userName".to_owned() })?;
    let formatted = document.get("name").and_then(|name| name.get("formatted")).and_then(Value::as_str);
    let (id, before) = match subject {
        Subject::New(id) => (UserId::from_u128(id), None),
        Subject::Known(user) => (user.id, Some(user)),
    };
    let row = UserRow {
        id,
        connection: Some(connection.key),
        user_name_folded: folded_name(&user_name)?,
        external_id: text("externalId"),
        display_name: text("displayName").or_else(|| formatted.map(str::to_owned)),
        active: cohort_scim::resource::is_active(&document),
        stamp: before.as_ref().map_or_else(|| work.stamp(), |user| user.stamp),
        user_name,
        document,
    };
    if before.as_ref() == Some(&row) {
        return Ok(row);
    }
    expect_unique(work, connection, &row)?;
    let row = UserRow { stamp: work.restamp(row.stamp), ..row };
    work.changes(&row.user_name);
    work.rows.put_user(work.org_key(), &row)?;
    work.apply(&Change::SetUser(graph_user(&row))).map_err(|cause| refused(cause, &row.user_name))?;
    if before.and_then(|user| user.external_id) != row.external_id {
        members::arrived(work, connection, Member::User(row.id), row.external_id.as_deref())?;
    }
    Ok(row)
}

fn folded_name(user_name: &str) -> Outcome<String> {
    let folded = fold(user_name);
    match check_name(&folded) {
        Ok(()) => Ok(folded),
        Err(_) => {
            let expected = "1 to 256 bytes without control characters";
            let attribute = "userName".to_owned();
            Err(ScimError::WrongForm { attribute, found: user_name.into(), expected })
        }
    }
}

fn expect_unique(work: &Work<'_>, connection: &Connection, user: &UserRow) -> Outcome<()> {
    let taken = |attribute, value: &str| ScimError::NotUnique {
        resource_type: "User",
        attribute,
        value: value.into(),
    };
    let folded = &user.user_name_folded;
    let same = work.rows.user_by_name(work.org_key(), Some(connection.key), folded)?;
    if same.is_some_and(|other| other.id != user.id) {
        return Err(taken("userName", &user.user_name));
    }
    let Some(external_id) = &user.external_id else { return Ok(()) };
    let same = work.rows.user_by_external_id(connection.key, external_id)?;
    if same.is_some_and(|other| other.id != user.id) {
        return Err(taken("externalId", external_id));
    }
    Ok(())
}
