//! Pages along an index.

use std::vec;

use cohort_core::id::Instant;
use cohort_scim::filter::Filter;
use cohort_scim::list::{Paging, SortOrder, Start};
use cohort_scim::{ListQuery, ResourceType, ScimError};

use super::find::Range;
use super::{PageRows, Request, Sieve, find, too_many};
use crate::cursor::Position;
use crate::limits::{SCANNED_MAX, SCANNED_PER_PAGE_MAX};
use crate::provision::render::Place;
use crate::provision::{Outcome, Row};
use crate::store::listing::{Listed, Mark, Order, RowKey, Walk};

/// Rows that are read at once while all are looked at.
const CHUNK: usize = 500;

/// The resources of one type in an order that an index keeps.
pub(super) struct Route {
    kind: ResourceType,
    order: Order,
    descending: bool,
    /// Outside of it, nothing matches; only in the order of change.
    range: Range,
}

impl Route {
    /// The way on which the matches of `query` lie in their order; `None` if no index has it, or if another index
    /// knows the few resources that can match.
    pub(super) fn of(query: &ListQuery) -> Option<Self> {
        let [part] = query.parts.as_slice() else { return None };
        let kind = part.kind;
        let filter = query.filter.as_ref();
        if filter.is_some_and(|filter| find::narrows(kind, filter)) {
            return None;
        }
        let changed = filter.and_then(|filter| find::changed(kind, filter));
        let Some(sort) = &query.sort else {
            let order = if changed.is_some() { Order::Changed } else { Order::Made };
            return Some(Self { kind, order, descending: false, range: changed.unwrap_or_default() });
        };
        let order = match (kind, sort.path(kind)?.as_str()) {
            (ResourceType::User, "userName") | (ResourceType::Group, "displayName") => Order::Name,
            (_, "meta.lastModified") => Order::Changed,
            _ => return None,
        };
        let range = if order == Order::Changed { changed.unwrap_or_default() } else { Range::default() };
        Some(Self { kind, order, descending: sort.order == SortOrder::Descending, range })
    }

    /// All resources of a type, as they were made.
    pub(super) fn all(kind: ResourceType) -> Self {
        Self { kind, order: Order::Made, descending: false, range: Range::default() }
    }

    /// Behind which place the first row of the range stands.
    fn beginning(&self) -> Option<Mark> {
        match (self.descending, self.range) {
            (false, Range { from: Some(from), .. }) => {
                Some(Mark::Changed(from.plus_millis(-1), RowKey(i64::MAX)))
            }
            (true, Range { until: Some(until), .. }) => Some(Mark::Changed(until, RowKey(i64::MIN))),
            _ => None,
        }
    }

    /// Whether a row stands behind the range.
    fn is_past(&self, row: &Row) -> bool {
        let at = row.stamp().changed_at;
        match (self.descending, self.range) {
            (false, Range { until: Some(until), .. }) => at >= until,
            (true, Range { from: Some(from), .. }) => at < from,
            _ => false,
        }
    }

    fn mark(&self, listed: &Listed<Row>) -> Mark {
        match (self.order, &listed.row) {
            (Order::Made, _) => Mark::Made(listed.key),
            (Order::Name, Row::User(user)) => Mark::Name(user.user_name_folded.clone(), listed.key),
            (Order::Name, Row::Group(group)) => Mark::Name(group.name_folded.clone(), listed.key),
            (Order::Changed, row) => Mark::Changed(row.stamp().changed_at, listed.key),
        }
    }

    /// The mark that [`position`] made a cursor of.
    fn mark_at(&self, position: Position) -> Outcome<Mark> {
        let Position { value, key, .. } = position;
        Ok(match self.order {
            Order::Made => Mark::Made(key),
            Order::Name => Mark::Name(String::from_utf8(value).map_err(|_| ScimError::InvalidCursor)?, key),
            Order::Changed => {
                let millis = value.try_into().map_err(|_| ScimError::InvalidCursor)?;
                Mark::Changed(Instant::from_millis(i64::from_be_bytes(millis)), key)
            }
        })
    }
}

fn position(mark: Mark) -> Position {
    let (value, key) = match mark {
        Mark::Made(key) => (Vec::new(), key),
        Mark::Name(name, key) => (name.into_bytes(), key),
        Mark::Changed(at, key) => (at.as_millis().to_be_bytes().to_vec(), key),
    };
    Position { value, part: 0, key }
}

/// The rows of a page that lies on `route`, behind `after` if it was asked for by a cursor.
pub(super) fn page(
    request: &Request<'_>,
    route: &Route,
    after: Option<Position>,
) -> Outcome<(Paging, PageRows)> {
    match (&request.query.start, &request.query.filter) {
        (Start::Cursor(_), _) => page_behind(request, route, after),
        (Start::Index(start), None) => page_at(request, route, *start),
        (Start::Index(start), Some(filter)) => counted_page(request, route, filter, *start),
    }
}

/// The page at an index of all resources: behind the page before it, if that one is remembered.
fn page_at(request: &Request<'_>, route: &Route, start: u64) -> Outcome<(Paging, PageRows)> {
    let Request { place, query, trails, .. } = request;
    let paging = Paging::Index { start, total: count(place, route.kind)? };
    if query.count == 0 {
        return Ok((paging, Vec::new()));
    }
    let list = request.purpose();
    let after = trails.end_before(&list, start, place.now);
    let offset = if after.is_some() { 0 } else { start.saturating_sub(1) };
    let Route { kind, order, descending, .. } = *route;
    let rows = walked(place, kind, &Walk { order, descending, after, offset, limit: query.count })?;
    match rows.last().filter(|_| rows.len() == query.count) {
        Some(last) => {
            let next = start.saturating_add(query.count as u64);
            trails.remember(list, next, route.mark(last), place.now);
        }
        None => trails.forget(&list),
    }
    Ok((paging, rows.into_iter().map(|listed| (0, listed.row)).collect()))
}

/// All matches counted, and those of the page.
fn counted_page(
    request: &Request<'_>,
    route: &Route,
    filter: &Filter,
    start: u64,
) -> Outcome<(Paging, PageRows)> {
    let sieve = Sieve::new(filter, route.kind)?;
    let mut scan = Scan::new(&request.place, route, CHUNK);
    let (mut total, mut rows) = (0, Vec::new());
    while let Some(listed) = scan.next()? {
        if scan.looked > SCANNED_MAX {
            return Err(too_many(route.kind));
        }
        if sieve.passed(&request.place, &listed.row)?.is_none() {
            continue;
        }
        total += 1;
        if total >= start && rows.len() < request.query.count {
            rows.push((0, listed.row));
        }
    }
    Ok((Paging::Index { start, total }, rows))
}

/// The page behind a place, and where the next one begins.
///
/// A page of a filter that few resources meet ends where enough were looked at, full or not.
fn page_behind(request: &Request<'_>, route: &Route, after: Option<Position>) -> Outcome<(Paging, PageRows)> {
    let Request { place, query, .. } = request;
    let sieve = query.filter.as_ref().map(|filter| Sieve::new(filter, route.kind)).transpose()?;
    // One more than the page tells whether there is another page.
    let chunk = if sieve.is_some() { CHUNK } else { query.count + 1 };
    let mut scan = Scan::new(place, route, chunk);
    if let Some(after) = after {
        scan.after = Some(route.mark_at(after)?);
    }
    let (mut rows, mut last, mut next) = (Vec::new(), None, None);
    while let Some(listed) = scan.next()? {
        let passed = match &sieve {
            Some(sieve) => sieve.passed(place, &listed.row)?.is_some(),
            None => true,
        };
        if passed && rows.len() == query.count {
            next = last;
            break;
        }
        if passed {
            last = Some(position(route.mark(&listed)));
            rows.push((0, listed.row));
        } else if scan.looked >= SCANNED_PER_PAGE_MAX {
            next = Some(position(route.mark(&listed)));
            break;
        }
    }
    let total = if sieve.is_none() { Some(count(place, route.kind)?) } else { None };
    Ok((request.by_cursor(next.as_ref(), total), rows))
}

/// The rows of a route, one after the other.
pub(super) struct Scan<'a> {
    place: &'a Place<'a>,
    route: &'a Route,
    chunk: usize,
    after: Option<Mark>,
    rows: vec::IntoIter<Listed<Row>>,
    is_last_chunk: bool,
    /// Rows given so far.
    pub(super) looked: usize,
}

impl<'a> Scan<'a> {
    /// From the first row, reading `chunk` at once.
    pub(super) fn new(place: &'a Place<'a>, route: &'a Route, chunk: usize) -> Self {
        let (rows, after) = (Vec::new().into_iter(), route.beginning());
        Self { place, route, chunk, after, rows, is_last_chunk: false, looked: 0 }
    }

    /// The next row; none behind the last one of the range.
    pub(super) fn next(&mut self) -> Outcome<Option<Listed<Row>>> {
        if self.rows.len() == 0 && !self.is_last_chunk {
            self.read()?;
        }
        self.looked += 1;
        Ok(self.rows.next().filter(|listed| !self.route.is_past(&listed.row)))
    }

    fn read(&mut self) -> Outcome<()> {
        let Route { kind, order, descending, .. } = *self.route;
        let walk = Walk { order, descending, after: self.after.take(), offset: 0, limit: self.chunk };
        let rows = walked(self.place, kind, &walk)?;
        self.is_last_chunk = rows.len() < self.chunk;
        self.after = rows.last().map(|listed| self.route.mark(listed));
        self.rows = rows.into_iter();
        Ok(())
    }
}

fn walked(place: &Place<'_>, kind: ResourceType, walk: &Walk) -> Outcome<Vec<Listed<Row>>> {
    let connection = place.connection.key;
    Ok(match kind {
        ResourceType::User => {
            let users = place.store.walk_users(connection, walk)?.into_iter();
            users.map(|Listed { key, row }| Listed { key, row: Row::User(row) }).collect()
        }
        ResourceType::Group => {
            let groups = place.store.walk_groups(connection, walk)?.into_iter();
            groups.map(|Listed { key, row }| Listed { key, row: Row::Group(row) }).collect()
        }
    })
}

fn count(place: &Place<'_>, kind: ResourceType) -> Outcome<u64> {
    let connection = place.connection.key;
    Ok(match kind {
        ResourceType::User => place.store.count_users_of(connection)?,
        ResourceType::Group => place.store.count_groups_of(connection)?,
    })
}
