//! Finding rows by the names that administrators write.

use cohort_core::id::{GroupId, Instant, Span, UserId};

use crate::error::{DirectoryError, Noun, StoreError};
use crate::fold::fold;
use crate::limits::TEXT_BYTES_MAX;
use crate::moment::Moment;
use crate::store::groups::GroupRow;
use crate::store::users::UserRow;
use crate::store::{ConnectionKey, OrgKey, Store};

/// The group of this uuid, slug or `seq:N`.
///
/// # Errors
/// [`DirectoryError::Unknown`].
pub(crate) fn group(store: &dyn Store, org: OrgKey, reference: &str) -> Result<GroupRow, DirectoryError> {
    let found = if let Ok(id) = reference.parse::<GroupId>() {
        store.group(org, id)?
    } else if let Some(seq) = reference.strip_prefix("seq:") {
        match seq.parse() {
            Ok(seq) => store.group_by_seq(org, seq)?,
            Err(_) => None,
        }
    } else {
        store.group_by_slug(org, &fold(reference))?
    };
    found.ok_or_else(|| unknown(Noun::Group, reference))
}

/// The user of this uuid, or of this name if only one source has it or the primary connection does.
///
/// # Errors
/// [`DirectoryError::Unknown`], [`DirectoryError::Ambiguous`].
pub(crate) fn user(store: &dyn Store, org: OrgKey, reference: &str) -> Result<UserRow, DirectoryError> {
    if let Ok(id) = reference.parse::<UserId>()
        && let Some(user) = store.user(org, id)?
    {
        return Ok(user);
    }
    let mut named = store.users_by_name(org, &fold(reference))?.into_iter();
    match (named.next(), named.next()) {
        (Some(user), None) => Ok(user),
        (None, _) => Err(unknown(Noun::User, reference)),
        _ => {
            let ambiguous =
                || DirectoryError::Ambiguous { noun: Noun::User, reference: reference.to_owned() };
            let primary = store.primary_connection(org)?.ok_or_else(ambiguous)?;
            store.user_by_name(org, Some(primary.key), &fold(reference))?.ok_or_else(ambiguous)
        }
    }
}

/// The error for what is not there.
pub(crate) fn unknown(noun: Noun, reference: &str) -> DirectoryError {
    DirectoryError::Unknown { noun, reference: reference.to_owned() }
}

/// `local`, or the name of the connection.
pub(crate) fn source(store: &dyn Store, connection: Option<ConnectionKey>) -> Result<String, StoreError> {
    let Some(key) = connection else { return Ok("local".to_owned()) };
    Ok(store.connection(key)?.ok_or(StoreError::Missing)?.name)
}

/// The time between two optional moments.
///
/// # Errors
/// [`DirectoryError::EmptySpan`].
pub(crate) fn span(from: Option<Moment>, until: Option<Moment>) -> Result<Span, DirectoryError> {
    let span = Span::new(from.map(|moment| moment.0), until.map(|moment| moment.0));
    span.map_err(|_| DirectoryError::EmptySpan)
}

/// The bounds of a span, open ones absent.
pub(crate) fn bounds(span: Span) -> (Option<Moment>, Option<Moment>) {
    let from = (span.from() != Instant::MIN).then(|| Moment(span.from()));
    let until = (span.until() != Instant::MAX).then(|| Moment(span.until()));
    (from, until)
}

/// Whether a free text is short enough to keep.
///
/// # Errors
/// [`DirectoryError::TooLong`].
pub(crate) fn check_text(field: &'static str, text: &str) -> Result<(), DirectoryError> {
    if text.len() <= TEXT_BYTES_MAX {
        return Ok(());
    }
    Err(DirectoryError::TooLong { field, bytes: text.len(), bytes_max: TEXT_BYTES_MAX })
}
