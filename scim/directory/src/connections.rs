//! Connections: the identity providers of an organisation, and the tokens by which they come in.
//!
//! What a connection pushed stays when its tokens are taken back: it is only that nobody can change it any more.

mod shape;

use cohort_core::id::Instant;
use cohort_scim::Dialect;

pub use self::shape::{
    ConnectionPatch, ConnectionView, NewConnection, NewToken, Rotation, Secret, TokenView,
};
use crate::audit::hex;
use crate::error::{DirectoryError, Noun, StoreError};
use crate::limits::{CONNECTIONS_MAX, TOKENS_MAX};
use crate::lookup::unknown;
use crate::moment::Moment;
use crate::org::Org;
use crate::store::realm::{ConnectionRow, TokenAccess, TokenRow};
use crate::store::{OrgKey, Store};
use crate::work::Work;

/// Bytes of a token's hash that name it: enough that no two in the world share them.
const TOKEN_ID_BYTES: usize = 8;

/// Makes a connection with its first token.
pub(crate) fn create(work: &mut Work<'_>, new: NewConnection) -> Result<ConnectionView, DirectoryError> {
    check_name(&new.name)?;
    let dialect = new.dialect.as_deref().map_or(Ok(&Dialect::TOLERANT), dialect)?;
    let org = work.org_key();
    if work.rows.connection_by_name(org, &new.name)?.is_some() {
        return Err(DirectoryError::Taken { noun: Noun::Connection, name: new.name });
    }
    let count = work.rows.connections(org)?.len();
    if count >= CONNECTIONS_MAX {
        let (field, count) = ("connections", count + 1);
        return Err(DirectoryError::TooMany { field, count, count_max: CONNECTIONS_MAX });
    }
    work.changes(&new.name);
    let now = work.now;
    let key = work.rows.add_connection(org, &new.name, dialect.name, now)?;
    if new.primary {
        work.rows.set_primary(org, Some(key))?;
    }
    let row = work.rows.connection(key)?.ok_or(StoreError::Missing)?;
    let token = add_token(work, &row)?;
    let view = view(&*work.rows, &row, now)?;
    Ok(ConnectionView { token: token.token, ..view })
}

/// Changes what `patch` names about a connection.
pub(crate) fn change(
    work: &mut Work<'_>,
    name: &str,
    patch: &ConnectionPatch,
) -> Result<ConnectionView, DirectoryError> {
    let (org, now) = (work.org_key(), work.now);
    let before = named(&*work.rows, org, name)?;
    let mut row = before.clone();
    if let Some(name) = &patch.dialect {
        dialect(name)?.name.clone_into(&mut row.dialect);
    }
    row.primary = patch.primary.unwrap_or(before.primary);
    if row != before {
        work.changes(name);
        work.rows.set_dialect(row.key, &row.dialect)?;
    }
    if row.primary != before.primary {
        work.rows.set_primary(org, row.primary.then_some(row.key))?;
    }
    Ok(view(&*work.rows, &row, now)?)
}

/// Gives a connection a new token; the others end.
pub(crate) fn rotate(
    work: &mut Work<'_>,
    name: &str,
    rotation: Rotation,
) -> Result<NewToken, DirectoryError> {
    let row = named(&*work.rows, work.org_key(), name)?;
    let end = rotation.overlap_until.map_or(work.now, |moment| moment.0);
    for token in work.rows.tokens_of(row.key)? {
        if end <= work.now || !token.holds(work.now) {
            work.rows.remove_token(&token.hash)?;
        } else if token.ends_at.is_none_or(|before| end < before) {
            work.rows.set_token_end(&token.hash, end)?;
        }
    }
    work.changes(name);
    add_token(work, &row)
}

/// Takes all tokens of a connection back.
pub(crate) fn revoke(work: &mut Work<'_>, name: &str) -> Result<(), DirectoryError> {
    let row = named(&*work.rows, work.org_key(), name)?;
    for token in work.rows.tokens_of(row.key)? {
        work.changes(name);
        work.rows.remove_token(&token.hash)?;
    }
    Ok(())
}

/// Takes one token of the organisation back, whatever it is for.
pub(crate) fn revoke_token(work: &mut Work<'_>, id: &str) -> Result<(), DirectoryError> {
    withdraw(work.rows, work.org.key, id)?;
    work.changes(id);
    Ok(())
}

/// Removes one token of an organisation.
///
/// # Errors
/// [`DirectoryError::Unknown`].
pub(crate) fn withdraw(store: &mut dyn Store, org: OrgKey, id: &str) -> Result<(), DirectoryError> {
    let token = store.tokens_of_org(org)?.into_iter().find(|token| token_id(token) == id);
    let token = token.ok_or_else(|| unknown(Noun::Token, id))?;
    Ok(store.remove_token(&token.hash)?)
}

/// All connections in the order in which they were made.
pub(crate) fn list(
    store: &dyn Store,
    org: &Org,
    now: Instant,
) -> Result<Vec<ConnectionView>, DirectoryError> {
    let rows = store.connections(org.key)?;
    Ok(rows.iter().map(|row| view(store, row, now)).collect::<Result<_, _>>()?)
}

/// The connection of this name.
pub(crate) fn one(
    store: &dyn Store,
    org: &Org,
    name: &str,
    now: Instant,
) -> Result<ConnectionView, DirectoryError> {
    Ok(view(store, &named(store, org.key, name)?, now)?)
}

/// The tokens of the organisation that open anything, the oldest first.
pub(crate) fn tokens(store: &dyn Store, org: &Org, now: Instant) -> Result<Vec<TokenView>, DirectoryError> {
    let names = store.connections(org.key)?;
    let name = |key| names.iter().find(|row| row.key == key).map(|row| row.name.clone());
    let held = store.tokens_of_org(org.key)?.into_iter().filter(|token| token.holds(now));
    Ok(held
        .map(|token| {
            let connection = match token.access {
                TokenAccess::Scim(key) => name(key),
                TokenAccess::Admin | TokenAccess::Edge => None,
            };
            token_view(&token, connection)
        })
        .collect())
}

/// Whether `name` can name a connection.
///
/// # Errors
/// [`DirectoryError::Name`].
pub(crate) fn check_name(name: &str) -> Result<(), DirectoryError> {
    let refused = |cause| DirectoryError::Name { field: "connection", found: name.to_owned(), cause };
    cohort_core::id::check_name(name).map_err(refused)
}

/// The dialect of this name.
///
/// # Errors
/// [`DirectoryError::Dialect`] with those that there are.
pub(crate) fn dialect(name: &str) -> Result<&'static Dialect, DirectoryError> {
    Dialect::named(name).ok_or_else(|| DirectoryError::Dialect {
        name: name.to_owned(),
        expected: Dialect::ALL.iter().map(|dialect| dialect.name).collect(),
    })
}

/// The row of the connection of this name.
///
/// # Errors
/// [`DirectoryError::Unknown`].
pub(crate) fn named(store: &dyn Store, org: OrgKey, name: &str) -> Result<ConnectionRow, DirectoryError> {
    store.connection_by_name(org, name)?.ok_or_else(|| unknown(Noun::Connection, name))
}

fn add_token(work: &mut Work<'_>, connection: &ConnectionRow) -> Result<NewToken, DirectoryError> {
    let count = work.rows.tokens_of(connection.key)?.len();
    if count >= TOKENS_MAX {
        let (field, count) = ("tokens", count + 1);
        return Err(DirectoryError::TooMany { field, count, count_max: TOKENS_MAX });
    }
    let (fresh, hash) = work.fresh_token("scim").ok_or(DirectoryError::NoRandomness)?;
    let row = TokenRow {
        hash,
        org: Some(work.org_key()),
        access: TokenAccess::Scim(connection.key),
        created_at: work.now,
        ends_at: None,
    };
    work.rows.add_token(&row)?;
    // What a dry run made opens nothing.
    let token = (!work.is_dry_run()).then_some(Secret(fresh));
    Ok(NewToken { id: token_id(&row), token, created_at: Moment(row.created_at) })
}

fn view(store: &dyn Store, row: &ConnectionRow, now: Instant) -> Result<ConnectionView, StoreError> {
    let held = store.tokens_of(row.key)?.into_iter().filter(|token| token.holds(now));
    Ok(ConnectionView {
        name: row.name.clone(),
        dialect: row.dialect.clone(),
        primary: row.primary,
        created_at: Moment(row.created_at),
        tokens: held.map(|token| token_view(&token, None)).collect(),
        token: None,
    })
}

fn token_view(token: &TokenRow, connection: Option<String>) -> TokenView {
    TokenView {
        id: token_id(token),
        access: match token.access {
            TokenAccess::Admin => "admin",
            TokenAccess::Edge => "edge",
            TokenAccess::Scim(_) => "scim",
        },
        connection,
        created_at: Moment(token.created_at),
        ends_at: token.ends_at.map(Moment),
    }
}

/// What names a token without opening anything.
fn token_id(token: &TokenRow) -> String {
    hex(token.hash.get(..TOKEN_ID_BYTES).unwrap_or_default())
}
