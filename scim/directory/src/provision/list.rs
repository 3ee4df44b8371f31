//! Lists of resources (RFC 7644 section 3.4.2, RFC 9865): along an index where there is one, else gathered.
//!
//! A page along an index costs the page, wherever it stands in the whole. What no index answers is looked at one by
//! one, up to a bound: [`SCANNED_MAX`](crate::limits::SCANNED_MAX) for an answer that has to know all matches.

mod find;
mod gather;
mod walk;

use cohort_scim::filter::{self, Filter};
use cohort_scim::limits::CURSOR_SECONDS_MAX;
use cohort_scim::list::{Paging, Start};
use cohort_scim::{ListQuery, Projection, ResourceType, ScimError, list};
use serde_json::{Map, Value};

use self::walk::Route;
use super::render::Place;
use super::{Look, Outcome, Row, place};
use crate::caller::Connection;
use crate::cursor::{CursorFault, CursorKey, Position};
use crate::limits::SCANNED_MAX;
use crate::trails::Trails;

/// GET of a list, or the search that says the same.
pub(crate) fn list(
    look: Look<'_>,
    connection: &Connection,
    query: &ListQuery,
    (cursors, trails): (&CursorKey, &Trails),
    base: &str,
) -> Outcome<Value> {
    let request = Request { place: place(look, connection, base), query, cursors, trails };
    let after = request.after()?;
    let (paging, rows) = match Route::of(query) {
        Some(route) => walk::page(&request, &route, after)?,
        None => gather::page(&request, after)?,
    };
    let shown = rows.iter().map(|(part, row)| match query.parts.get(*part) {
        Some(part) => request.place.row(row, &part.projection),
        None => Err(ScimError::Internal),
    });
    Ok(list::response(&paging, shown.collect::<Outcome<Vec<_>>>()?))
}

/// Whether every resource that the list can have is named by a value that it shares with no other.
pub(crate) fn names_one(query: &ListQuery) -> bool {
    let Some(filter) = &query.filter else { return false };
    query.parts.iter().all(|part| find::names_one(part.kind, filter))
}

/// Rows of a page, each with the part of the query that it answers.
type PageRows = Vec<(usize, Row)>;

/// A list that is asked for.
struct Request<'a> {
    place: Place<'a>,
    query: &'a ListQuery,
    cursors: &'a CursorKey,
    trails: &'a Trails,
}

impl Request<'_> {
    /// Where the page begins, if it was asked for by the cursor of another one.
    fn after(&self) -> Outcome<Option<Position>> {
        let Start::Cursor(text) = &self.query.start else { return Ok(None) };
        if text.is_empty() {
            return Ok(None);
        }
        let opened = self.cursors.open(self.purpose().as_bytes(), text, self.place.now);
        opened.map(Some).map_err(|fault| match fault {
            CursorFault::Foreign => ScimError::InvalidCursor,
            CursorFault::Expired => ScimError::ExpiredCursor,
        })
    }

    /// How a page by cursor answers that goes on behind `next`.
    fn by_cursor(&self, next: Option<&Position>, total: Option<u64>) -> Paging {
        let until = self.place.now.plus_millis(i64::from(CURSOR_SECONDS_MAX) * 1_000);
        let next = next.map(|position| self.cursors.seal(self.purpose().as_bytes(), position, until));
        Paging::Cursor { next, total }
    }

    /// What a cursor is good for, and the end of a page: this query of this connection.
    fn purpose(&self) -> String {
        format!("{}\n{}", self.place.connection.key.0, self.query.identity())
    }
}

impl Place<'_> {
    fn row(&self, row: &Row, projection: &Projection) -> Outcome<Map<String, Value>> {
        Ok(match row {
            Row::User(user) => self.user(user, projection)?,
            Row::Group(group) => self.group(group, projection)?,
        })
    }
}

/// A filter with what of a resource it has to see.
struct Sieve<'a> {
    filter: &'a Filter,
    kind: ResourceType,
    projection: Projection,
}

impl<'a> Sieve<'a> {
    fn new(filter: &'a Filter, kind: ResourceType) -> Outcome<Self> {
        let related = match kind {
            ResourceType::User => "groups",
            ResourceType::Group => "members",
        };
        // Related resources cost a look at each of them, so they are there only if the filter asks for them.
        let without = (!asks_for(filter, related)).then_some(related);
        Ok(Self { filter, kind, projection: Projection::parse(None, without, kind)? })
    }

    /// The resource as the filter sees it, if it passes.
    fn passed(&self, place: &Place<'_>, row: &Row) -> Outcome<Option<Map<String, Value>>> {
        let seen = place.row(row, &self.projection)?;
        Ok(filter::matches(self.filter, &seen, self.kind).then_some(seen))
    }
}

/// Whether a condition of the filter is about `attribute`; as deep as a parsed filter can be.
fn asks_for(filter: &Filter, attribute: &str) -> bool {
    let is_it = |name: &str| name.eq_ignore_ascii_case(attribute);
    match filter {
        Filter::And(parts) | Filter::Or(parts) => parts.iter().any(|part| asks_for(part, attribute)),
        Filter::Not(part) => asks_for(part, attribute),
        Filter::Present(path) | Filter::Element(path, _) => is_it(&path.name),
        Filter::Compare(comparison) => is_it(&comparison.attribute.name),
    }
}

/// The refusal of an answer that would have to look at too many resources.
fn too_many(kind: ResourceType) -> ScimError {
    let indexed = match kind {
        ResourceType::User => "userName, externalId, id, displayName or emails.value",
        ResourceType::Group => "displayName, externalId, id or members.value",
    };
    ScimError::TooManyResults { count_max: SCANNED_MAX, indexed }
}

#[cfg(test)]
mod tests;
