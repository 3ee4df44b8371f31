//! Lists of resources: by an index where the filter allows it, else one by one.

use cohort_core::id::{GroupId, UserId};
use cohort_core::view::Member;
use cohort_scim::filter::{self, Filter};
use cohort_scim::{ListQuery, Projection, ResourceType, ScimError, list};
use serde_json::{Map, Value};

use super::render::Place;
use super::{Outcome, Row};
use crate::caller::Connection;
use crate::fold::fold;
use crate::limits::SCANNED_MAX;
use crate::org::Org;
use crate::store::{Page, Store};

/// Rows that are read at once while all are looked at.
const SCAN_PAGE: usize = 500;

/// GET of a list.
pub(crate) fn list(
    (store, org, now): (&dyn Store, &Org, cohort_core::id::Instant),
    connection: &Connection,
    kind: ResourceType,
    query: &ListQuery,
    base: &str,
) -> Outcome<Value> {
    let place = Place { store, org, connection, base, now };
    let (total, rows) = match &query.filter {
        None => page(&place, kind, query)?,
        Some(filter) => filtered(&place, kind, query, filter)?,
    };
    let resources = rows.iter().map(|row| place.row(row, &query.projection));
    let resources = resources.collect::<Outcome<Vec<_>>>()?;
    Ok(list::response(total, query.start_index, resources))
}

impl Place<'_> {
    fn row(&self, row: &Row, projection: &Projection) -> Outcome<Map<String, Value>> {
        Ok(match row {
            Row::User(user) => self.user(user, projection)?,
            Row::Group(group) => self.group(group, projection)?,
        })
    }

    fn rows(&self, kind: ResourceType, page: Page) -> Outcome<Vec<Row>> {
        let connection = self.connection.key;
        Ok(match kind {
            ResourceType::User => self.store.users_of(connection, page)?.into_iter().map(Row::User).collect(),
            ResourceType::Group => {
                self.store.groups_of(connection, page)?.into_iter().map(Row::Group).collect()
            }
        })
    }
}

/// All resources, and those of the page.
fn page(place: &Place<'_>, kind: ResourceType, query: &ListQuery) -> Outcome<(u64, Vec<Row>)> {
    let connection = place.connection.key;
    let total = match kind {
        ResourceType::User => place.store.count_users_of(connection)?,
        ResourceType::Group => place.store.count_groups_of(connection)?,
    };
    let page = Page { offset: query.start_index.saturating_sub(1), limit: query.count };
    let rows = if query.count == 0 { Vec::new() } else { place.rows(kind, page)? };
    Ok((total, rows))
}

/// All matches counted, and those of the page.
fn filtered(
    place: &Place<'_>,
    kind: ResourceType,
    query: &ListQuery,
    filter: &Filter,
) -> Outcome<(u64, Vec<Row>)> {
    let projection = filter_projection(filter, kind)?;
    let mut matches = Matches { total: 0, start: query.start_index, count: query.count, rows: Vec::new() };
    let mut look_at = |row: Row| -> Outcome<()> {
        let rendered = place.row(&row, &projection)?;
        if filter::matches(filter, &rendered, kind) {
            matches.add(row);
        }
        Ok(())
    };
    match indexed(place, kind, filter)? {
        Some(candidates) => candidates.into_iter().try_for_each(look_at)?,
        None => {
            let mut offset = 0;
            loop {
                let rows = place.rows(kind, Page { offset: offset as u64, limit: SCAN_PAGE })?;
                let last = rows.len() < SCAN_PAGE;
                offset += rows.len();
                rows.into_iter().try_for_each(&mut look_at)?;
                if last {
                    break;
                }
                if offset >= SCANNED_MAX {
                    return Err(too_many(kind));
                }
            }
        }
    }
    Ok((matches.total, matches.rows))
}

/// What of a resource a filter has to see: related resources only if it asks for them.
fn filter_projection(filter: &Filter, kind: ResourceType) -> Outcome<Projection> {
    let related = match kind {
        ResourceType::User => "groups",
        ResourceType::Group => "members",
    };
    if asks_for(filter, related) {
        return Ok(Projection::default());
    }
    Projection::parse(None, Some(related), kind)
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

/// The only resources that can match, when an index knows them.
fn indexed(place: &Place<'_>, kind: ResourceType, filter: &Filter) -> Outcome<Option<Vec<Row>>> {
    for (path, value) in filter::required_equalities(filter, kind) {
        let Some(value) = value.as_str() else { continue };
        let found = match kind {
            ResourceType::User => user_by(place, &path, value)?,
            ResourceType::Group => groups_by(place, &path, value)?,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn user_by(place: &Place<'_>, path: &str, value: &str) -> Outcome<Option<Vec<Row>>> {
    let (store, org, connection) = (place.store, place.org.key, place.connection.key);
    let user = match path {
        "userName" => store.user_by_name(org, Some(connection), &fold(value))?,
        "externalId" => store.user_by_external_id(connection, value)?,
        "id" => match value.parse::<UserId>() {
            Ok(id) => store.user(org, id)?.filter(|user| user.connection == Some(connection)),
            Err(_) => None,
        },
        _ => return Ok(None),
    };
    Ok(Some(user.into_iter().map(Row::User).collect()))
}

fn groups_by(place: &Place<'_>, path: &str, value: &str) -> Outcome<Option<Vec<Row>>> {
    let (store, org, connection) = (place.store, place.org.key, place.connection.key);
    let own = |id| Ok(store.group(org, id)?.filter(|group| group.connection == Some(connection)));
    let group = match path {
        "displayName" => store.group_by_name(connection, &fold(value))?,
        "externalId" => store.group_by_external_id(connection, value)?,
        "id" => match value.parse::<GroupId>() {
            Ok(id) => own(id)?,
            Err(_) => None,
        },
        "members.value" => {
            let mut groups = match value.parse::<UserId>() {
                Ok(id) => store.groups_with_pushed(connection, Member::User(id))?,
                Err(_) => Vec::new(),
            };
            if let Ok(id) = value.parse::<GroupId>() {
                groups.extend(store.groups_with_pushed(connection, Member::Group(id))?);
            }
            let rows = groups.into_iter().map(own).collect::<Outcome<Vec<_>>>()?;
            return Ok(Some(rows.into_iter().flatten().map(Row::Group).collect()));
        }
        _ => return Ok(None),
    };
    Ok(Some(group.into_iter().map(Row::Group).collect()))
}

fn too_many(kind: ResourceType) -> ScimError {
    let expected = match kind {
        ResourceType::User => "an equality of `userName`, `externalId` or `id`: there are too many users",
        ResourceType::Group => {
            "an equality of `displayName`, `externalId` or `id`: there are too many groups"
        }
    };
    ScimError::BadParameter { parameter: "filter", found: "a filter over all resources".into(), expected }
}

/// Counts matches and keeps those of the page.
struct Matches {
    total: u64,
    start: u64,
    count: usize,
    rows: Vec<Row>,
}

impl Matches {
    fn add(&mut self, row: Row) {
        self.total += 1;
        if self.total >= self.start && self.rows.len() < self.count {
            self.rows.push(row);
        }
    }
}
