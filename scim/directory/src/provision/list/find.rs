//! What an index knows about the matches of a filter.

use cohort_core::id::{GroupId, Instant, UserId};
use cohort_core::view::Member;
use cohort_scim::ResourceType;
use cohort_scim::filter::{self, Filter, Operator, Required};
use cohort_scim::schema::folded;
use jiff::Timestamp;

use crate::fold::fold;
use crate::provision::render::Place;
use crate::provision::{Outcome, Row};
use crate::store::listing::{FindGroups, FindUsers, Listed, UserValue};

/// Instants from the first, included, up to the second; an absent bound is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Range {
    pub(super) from: Option<Instant>,
    pub(super) until: Option<Instant>,
}

/// The only resources that can match, in the order in which they were made, when an index knows them.
pub(super) fn candidates(
    place: &Place<'_>,
    kind: ResourceType,
    filter: &Filter,
) -> Outcome<Option<Vec<Listed<Row>>>> {
    for Required { path, operator, value } in filter::required(filter, kind) {
        let Some(value) = value.as_str().filter(|_| operator == Operator::Equal) else { continue };
        let found = match kind {
            ResourceType::User => users(place, &path, value)?,
            ResourceType::Group => groups(place, &path, value)?,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Whether [`candidates`] would know the only resources that can match.
pub(super) fn narrows(kind: ResourceType, filter: &Filter) -> bool {
    narrowing(kind, filter).is_some()
}

/// Whether [`candidates`] would find at most one resource.
pub(super) fn names_one(kind: ResourceType, filter: &Filter) -> bool {
    let unique: &[&str] = match kind {
        ResourceType::User => &["userName", "externalId", "id"],
        ResourceType::Group => &["displayName", "externalId", "id"],
    };
    narrowing(kind, filter).is_some_and(|path| unique.contains(&path.as_str()))
}

/// The attribute whose index answers the filter.
fn narrowing(kind: ResourceType, filter: &Filter) -> Option<String> {
    let known: &[&str] = match kind {
        ResourceType::User => &["userName", "externalId", "id", "displayName", "emails.value"],
        ResourceType::Group => &["displayName", "externalId", "id", "members.value"],
    };
    let mut required = filter::required(filter, kind).into_iter();
    let narrowing = required.find(|one| {
        one.operator == Operator::Equal && one.value.is_string() && known.contains(&one.path.as_str())
    });
    narrowing.map(|one| one.path)
}

/// When every match was last changed, to within a few milliseconds on the safe side; `None` if it does not matter.
pub(super) fn changed(kind: ResourceType, filter: &Filter) -> Option<Range> {
    let mut range = Range::default();
    for Required { path, operator, value } in filter::required(filter, kind) {
        let time = value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
        let Some(time) = time.filter(|_| path == "meta.lastModified") else { continue };
        let at = Instant::from_millis(time.as_millisecond());
        if matches!(operator, Operator::Equal | Operator::Greater | Operator::GreaterOrEqual) {
            range.from = range.from.max(Some(at.plus_millis(-1)));
        }
        if matches!(operator, Operator::Equal | Operator::Less | Operator::LessOrEqual) {
            let until = at.plus_millis(2);
            range.until = Some(range.until.map_or(until, |before| before.min(until)));
        }
    }
    (range != Range::default()).then_some(range)
}

fn users(place: &Place<'_>, path: &str, value: &str) -> Outcome<Option<Vec<Listed<Row>>>> {
    let (name, plain) = (fold(value), folded(value));
    let by = match path {
        "userName" => FindUsers::Name(&name),
        "externalId" => FindUsers::ExternalId(value),
        "displayName" => FindUsers::Value(UserValue::DisplayName, &plain),
        "emails.value" => FindUsers::Value(UserValue::Email, &plain),
        "id" => match value.parse::<UserId>() {
            Ok(id) => FindUsers::Id(id),
            Err(_) => return Ok(Some(Vec::new())),
        },
        _ => return Ok(None),
    };
    let found = place.store.find_users(place.connection.key, &by)?;
    Ok(Some(found.into_iter().map(|Listed { key, row }| Listed { key, row: Row::User(row) }).collect()))
}

fn groups(place: &Place<'_>, path: &str, value: &str) -> Outcome<Option<Vec<Listed<Row>>>> {
    let name = fold(value);
    let by = match path {
        "displayName" => vec![FindGroups::Name(&name)],
        "externalId" => vec![FindGroups::ExternalId(value)],
        "id" => value.parse::<GroupId>().map(FindGroups::Id).into_iter().collect(),
        // An id is that of a user or of a group; which of them, only the store knows.
        "members.value" => {
            let user = value.parse::<UserId>().map(|id| FindGroups::Member(Member::User(id)));
            let group = value.parse::<GroupId>().map(|id| FindGroups::Member(Member::Group(id)));
            user.into_iter().chain(group).collect()
        }
        _ => return Ok(None),
    };
    let mut found = Vec::new();
    for by in by {
        let groups = place.store.find_groups(place.connection.key, &by)?;
        found.extend(groups.into_iter().map(|Listed { key, row }| Listed { key, row: Row::Group(row) }));
    }
    Ok(Some(found))
}
